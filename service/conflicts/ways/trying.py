"""Whether a change holds: `check` judges the plan of a region before and after it, and tells what it costs."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cached_property

from models.plan import Assignment, Plan, Unassigned, Violation
from models.problem import Problem
from service.conflicts.identity import identified
from service.conflicts.ways.region import Region
from service.snapshot.judging import PLANNED
from solver.check import Report, check

Places = Mapping[str, Assignment | None]
"""Where appointments go, by id; None is nowhere."""


@dataclass(frozen=True, slots=True)
class Held:
    """A change that holds.

    Parameters
    ----------
    cost_delta
        By how much the plan's cost changes.
    terms
        By how much each of its terms does, the most first; those that do not are left out.
    """

    cost_delta: int
    terms: tuple[tuple[str, int], ...]


@dataclass(frozen=True)
class Trials:
    """Tries changes of one region.

    Parameters
    ----------
    region
        Where.
    mended
        Identities of what must be broken no more.
    """

    region: Region
    mended: frozenset[str]

    @cached_property
    def before(self) -> Report:
        """What is broken as it stands, and what that costs."""
        return check(self.region.problem, self.region.plan)

    @cached_property
    def known(self) -> dict[str, int]:
        """What is broken as it stands, by identity, and by how much."""
        return _broken(self.before, self.region.problem)

    def held(self, places: Places, problem: Problem | None = None) -> Held | None:
        """Try a change.

        Parameters
        ----------
        places
            What goes where.
        problem
            Another problem than that of the region, if the change is one of it.

        Returns
        -------
        What it costs; None if it mends nothing, or breaks what was not broken.
        """
        changed = problem or self.region.problem
        after = check(changed, self.plan_with(places))
        broken = _broken(after, changed)
        if not self.mended.isdisjoint(broken):
            return None
        if any(amount > self.known.get(identity, 0) for identity, amount in broken.items()):
            return None
        if any(each.rule not in PLANNED and not _there(places).isdisjoint(each.appointments) for each in _all(after)):
            return None  # what is booked anew keeps every rule, those it broke before as well
        return Held(after.cost - self.before.cost, _differences(self.before, after))

    def plan_with(self, places: Places) -> Plan:
        """The plan of the region with some appointments elsewhere."""
        plan = self.region.plan
        kept = (each for each in plan.assignments if each.appointment not in places)
        left = (each for each in plan.unassigned if each.appointment not in places)
        return Plan(
            problem=plan.problem,
            assignments=(*kept, *(place for place in places.values() if place is not None)),
            unassigned=(*left, *(Unassigned(appointment=key) for key, place in places.items() if place is None)),
        )


def standing(plan: Plan, keys: Collection[str]) -> dict[str, Assignment]:
    """Find where some appointments stand."""
    return {each.appointment: each for each in plan.assignments if each.appointment in keys}


def _there(places: Places) -> set[str]:
    return {key for key, place in places.items() if place is not None}


def _all(report: Report) -> tuple[Violation, ...]:
    return (*report.violations, *report.excused)


def _broken(report: Report, problem: Problem) -> dict[str, int]:
    every = (each for each in _all(report) if each.rule not in PLANNED)
    return {identified(each, problem).identity: max(each.amount, 1) for each in every}


def _differences(before: Report, after: Report) -> tuple[tuple[str, int], ...]:
    pairs = zip(before.terms, after.terms, strict=True)
    changes = [(now.name, now.cost - was.cost) for was, now in pairs if now.cost != was.cost]
    return tuple(sorted(changes, key=lambda pair: (-abs(pair[1]), pair[0])))
