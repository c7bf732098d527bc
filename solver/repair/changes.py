"""What differs between the plan before and the repaired one, appointment by appointment, and why."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from models.plan import Assignment, Plan, Violation
from models.problem import Problem
from solver.carry import same_place
from solver.repair.situation import Situation


class ChangeKind(StrEnum):
    """What has become of an appointment."""

    MOVED = "moved"  # another start, whoever comes
    REASSIGNED = "reassigned"  # the same start, other people
    REEQUIPPED = "reequipped"  # the same start and people, another team or other resources
    DROPPED = "dropped"  # it has no place any more
    PLACED = "placed"  # it had none, or is new
    CANCELLED = "cancelled"  # it is no longer part of the problem
    GIVEN = "given"  # what differs is the event itself


@dataclass(frozen=True, slots=True)
class Change:
    """An appointment that differs.

    Attributes
    ----------
    appointment, kind
        Its id, and what has become of it.
    before, after
        Its place in the plan before and in the repaired one; None where it had or has none.
    affected
        Whether it broke a rule where it stood; others make room, or had no place.
    why
        What it broke where it stood.
    """

    appointment: str
    kind: ChangeKind
    before: Assignment | None
    after: Assignment | None
    affected: bool
    why: tuple[Violation, ...]

    @property
    def counts(self) -> bool:
        """Whether it is a change of something that stood, which the repair made and not the event."""
        return self.kind in (ChangeKind.MOVED, ChangeKind.REASSIGNED, ChangeKind.REEQUIPPED, ChangeKind.DROPPED)


def changes_between(problem: Problem, before: Plan, situation: Situation, after: Plan) -> Iterator[Change]:
    """List what differs, in the order of the changed problem, what is cancelled last.

    Parameters
    ----------
    problem
        The problem before the change.
    before, after
        The plan that stood, and the repaired one.
    situation
        What had become of it.

    Yields
    ------
    One entry for each appointment that differs in time, length, team, people or resources.
    """
    old = {assignment.appointment: assignment for assignment in before.assignments}
    new = {assignment.appointment: assignment for assignment in after.assignments}
    why = _why(situation)
    for item in situation.problem.appointments:
        was, now = old.get(item.id), new.get(item.id)
        stood = situation.standing.get(item.id)
        if was is None and now is None:
            continue
        if was is not None and now is not None and same_place(was, now):
            continue
        kind = (
            ChangeKind.GIVEN if stood is not None and now is not None and same_place(stood, now) else _kind(stood, now)
        )
        affected = situation.instance.task_index[item.id] in situation.affected
        yield Change(item.id, kind, was, now, affected, why.get(item.id, ()))
    for item in problem.appointments:
        if item.id not in situation.problem.appointments_by_id and item.id in old:
            yield Change(item.id, ChangeKind.CANCELLED, old[item.id], None, False, ())


def _kind(stood: Assignment | None, now: Assignment | None) -> ChangeKind:
    if now is None:
        return ChangeKind.DROPPED
    if stood is None:
        return ChangeKind.PLACED
    if stood.start != now.start:
        return ChangeKind.MOVED
    return ChangeKind.REASSIGNED if set(stood.users) != set(now.users) else ChangeKind.REEQUIPPED


def _why(situation: Situation) -> Mapping[str, tuple[Violation, ...]]:
    """What every appointment breaks where it stood."""
    found: dict[str, tuple[Violation, ...]] = {}
    for violation in (*situation.violations, *situation.follow_ups):
        for key in violation.appointments:
            found[key] = (*found.get(key, ()), violation)
    return found
