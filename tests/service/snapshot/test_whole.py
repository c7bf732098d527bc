import pytest
from sqlalchemy import true

from models.plan import Plan
from models.problem import Current, Problem, ResourceUse
from service.callers import the_service
from service.database import Database
from service.snapshot import problem_of, unsettled
from service.snapshot.judging import found
from service.snapshot.whole import Snapshot
from tests.service.accounts import account
from tests.service.snapshot.worlds import facts, random_world


def standing(problem: Problem, plan: Plan) -> Snapshot:
    """The problem in which everything stands where the plan puts it, apart from the clock."""
    placed = {each.appointment: each for each in plan.assignments}
    appointments = []
    for item in problem.appointments:
        at = placed.get(item.id)
        current = at and Current(
            start=at.start,
            team=at.team,
            users=tuple(dict.fromkeys(at.users)),
            resources=tuple(ResourceUse(resource=use.resource, units=use.units) for use in at.resources),
        )
        minutes = item.duration_minutes if at is None else int((at.end - at.start).total_seconds()) // 60
        change = {"current": current, "pinned": item.pinned and at is not None, "duration_minutes": minutes}
        appointments.append(item.model_copy(update=change))
    changed = problem.model_copy(update={"appointments": tuple(appointments), "now": None})
    return Snapshot(Problem.model_validate(changed.model_dump(by_alias=True)), plan)


@pytest.mark.parametrize("seed", range(30))
def test_stored_problem_breaks_what_the_problem_itself_breaks(database: Database, seed: int) -> None:
    with database.session(the_service(account(database).organization)) as session:
        problem, plan, stored = random_world(session, seed)
        horizon = problem.horizon
        read = problem_of(session, horizon.start, horizon.end, free=unsettled, waiting=true())
    ids = {
        key: record.id
        for part in ("users", "teams", "resources", "appointments")
        for key, record in getattr(stored, part).items()
    }
    # Of a stored appointment that asks for nobody, those who come are asked for.
    both = [
        [each for each in found(snapshot, {"complete"}) if "asks for no" not in each.message]
        for snapshot in (read, standing(problem, plan))
    ]
    assert facts(both[0]) == facts(both[1], ids)
