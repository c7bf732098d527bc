"""Appointments for tests, all on one day, and what the database says about them."""

from typing import Any

from sqlalchemy import text

from models.records.occupancy import SubjectKind, subject_of
from service.database import Database
from tests.service.accounts import Client, Json

DAY = "2027-03-01"
MIDNIGHT = 1803859200 // 60


def at(hour: int, minute: int = 0) -> str:
    return f"{DAY}T{hour:02}:{minute:02}:00Z"


def visit(start: int = 9, minutes: int = 60, **more: Any) -> Json:
    return {"title": "visit", "start_datetime": at(start), "duration_minutes": minutes} | more


def request(minutes: int = 60, **more: Any) -> Json:
    return {"title": "request", "status": "requested", "duration_minutes": minutes} | more


def booked(client: Client, *hours: int, **more: Any) -> Json:
    return client.made("appointments/", visit(*hours, **more))


def taken(database: Database, key: int) -> set[tuple[str, int, int, int, bool, int | None]]:
    """What an appointment takes: kind, id, minutes of the day, exclusive, units."""
    query = "SELECT subject, start_minute, end_minute, exclusive, units FROM occupancies WHERE appointment_id = :key"
    with database.engine.connect() as connection:
        rows = connection.execute(text(query), {"key": key}).all()
    found = set()
    for subject, start, end, exclusive, units in rows:
        kind, number = subject_of(subject)
        found.add((SubjectKind(kind).name.lower(), number, start - MIDNIGHT, end - MIDNIGHT, bool(exclusive), units))
    return found


def refused(answer: Any, code: str = "slot_taken") -> list[Json]:
    """Check that a booking was refused, and give what it would break."""
    assert (answer.status_code, answer.json()["code"]) == ({"slot_taken": 409}.get(code, 422), code), answer.text
    violations: list[Json] = answer.json()["violations"]
    assert violations
    return violations


def team_of(client: Client, members: int, **more: Any) -> tuple[int, list[int]]:
    """Make a team and its members; gives their ids."""
    team = client.made("teams/", {"name": "team", "availability_schedule": None} | more)["id"]
    client.patch(f"teams/{team}/", {"availability_schedule": None})
    users = [client.made("users/", {"name": f"member {i}"})["id"] for i in range(members)]
    for user in users:
        member = client.made(f"teams/{team}/add-member/", {"user": user})
        client.patch(f"team-members/{member['id']}/", {"availability_schedule": None})
    return team, users


def user_of(client: Client, name: str = "user", **more: Any) -> int:
    return int(client.made("users/", {"name": name} | more)["id"])


def resource_of(client: Client, **more: Any) -> int:
    return int(client.made("resources/", {"name": "thing"} | more)["id"])
