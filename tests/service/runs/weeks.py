"""A week with more work than people have time for, so that a search has something to do until its time is up."""

from random import Random
from typing import Any

from models.plan import Plan
from models.problem import Problem
from service.callers import the_service
from service.database import Database
from service.snapshot.storing import store
from tests.service.runs.running import HORIZON

DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday")
OPEN = {day: [{"start": "08:00", "end": "18:00"}] for day in DAYS}


def busy_week(database: Database, organization: int, people: int = 10, requests: int = 240) -> None:
    """Store it in an organization."""
    draw = Random(0)
    with database.session(the_service(organization)) as session:
        problem = Problem.parse(
            {
                "horizon": HORIZON,
                "step_minutes": 15,
                "users": [{"id": f"p{i}", "name": f"Person {i}", "availability": OPEN} for i in range(people)],
                "appointments": [_request(draw, i) for i in range(requests)],
            }
        )
        store(session, problem, Plan())
        session.commit()


def _request(draw: Random, number: int) -> dict[str, Any]:
    day, hour = draw.randint(1, 5), draw.randint(8, 15)
    return {
        "id": f"r{number}",
        "title": f"Request {number}",
        "duration_minutes": draw.choice((60, 90, 120, 180)),
        "priority": draw.choice(("low", "normal", "high")),
        "crew": [{"count": draw.choice((1, 1, 2))}],
        "windows": [{"start": f"2027-03-0{day}T08:00:00Z", "end": f"2027-03-0{day}T18:00:00Z"}],
        "preferred_start": f"2027-03-0{day}T{hour:02}:00:00Z",
    }
