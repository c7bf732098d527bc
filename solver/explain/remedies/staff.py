"""One more person like somebody who could come."""

from collections.abc import Iterable, Iterator

from pydantic import JsonValue

from models.explanation import Step
from models.people import User
from solver.explain.causes import BREAK, LIMIT, OVERLAP, TRAVEL, WEEKLY
from solver.explain.remedies.case import Case
from solver.explain.remedies.change import Change, put

MOST = 2
MOST_LOOKED_AT = 40
BUSY = OVERLAP | TRAVEL | BREAK | LIMIT | WEEKLY
KEPT = {
    "skills",
    "certifications",
    "availability",
    "timezone",
    "max_hours_per_week",
    "overtime_hours_per_week",
    "hourly_cost",
    "start_location",
    "end_location",
}


def changes(case: Case) -> Iterable[Change]:
    """Propose to have a double of somebody who is able and has no time.

    Parameters
    ----------
    case
        The task that is left out, and why.

    Yields
    ------
    A few changes, for people who differ.
    """
    if case.task.whole_team or not case.appointment.crew or case.finding.inquiry.staff.lifted:
        return
    people = sorted({user for crew in case.finding.inquiry.crews for users, _ in crew.groups for user in users})
    found: list[dict[str, JsonValue]] = []
    for user in people[:MOST_LOOKED_AT]:
        traits = case.problem.users[user].model_dump(mode="json", include=KEPT, exclude_defaults=True)
        if traits in found:
            continue
        place = case.opens({user: BUSY})
        if place is not None and user in place.users:
            found.append(traits)
            text = f"have one more person like {case.words.subject(user)}"
            yield Change("staff", text, tuple(_steps(case, case.problem.users[user], traits)))
        if len(found) == MOST:
            return


def _steps(case: Case, like: User, traits: dict[str, JsonValue]) -> Iterator[Step]:
    """Add the person, to the teams and the rules that name the other one, too."""
    taken = case.problem.users_by_id
    name = f"one more like {like.id}"[:150]
    key = next(key for key in (name, *(f"{name} {n}" for n in range(2, len(taken) + 3))) if key not in taken)
    yield put("/users/-", {"id": key, **traits})
    for number, team in enumerate(case.problem.teams):
        if like.id in team.members:
            yield put(f"/teams/{number}/members", [*team.members, key])
    for number, rule in enumerate(case.problem.rules):
        if like.id in rule.applies_to_users:
            yield put(f"/rules/{number}/applies_to_users", [*rule.applies_to_users, key])
    allowed = case.appointment.users.allowed
    if allowed is not None:
        wanted: dict[str, JsonValue] = case.appointment.users.model_dump(mode="json")
        yield put(f"{case.path}/users", {**wanted, "allowed": [*allowed, key]})
