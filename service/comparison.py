"""Two plans of one problem side by side: what each costs, term by term, and what differs between them."""

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass

from models.plan import Plan, TermCost
from models.problem import Problem
from solver.check import Report
from solver.terms import moved, reassigned

THIS, OTHER, EVEN = "this", "other", "even"


@dataclass(frozen=True, slots=True)
class TermRow:
    """A term in both plans; `key` is the priority of what is left out, or "own" for weights of its own."""

    name: str
    key: str
    weight: int
    amount: int
    other_amount: int

    @property
    def cost(self) -> int:
        """Cost of the term in this plan."""
        return self.weight * self.amount

    @property
    def other_cost(self) -> int:
        """Cost of the term in the other plan."""
        return self.weight * self.other_amount


@dataclass(frozen=True, slots=True)
class Counts:
    """A plan in numbers; `moved` and `reassigned` are counted against where the problem says that work stands today."""

    assigned: int
    unassigned: int
    moved: int
    reassigned: int
    violations: int


@dataclass(frozen=True, slots=True)
class Changes:
    """Appointments by what differs between the plans; `other_place` is the same time with another crew or resource."""

    same: int
    other_time: int
    other_place: int
    only_this: int
    only_other: int


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two plans of one problem; every difference is this plan's less the other's: below zero, this one is cheaper."""

    this: Counts
    other: Counts
    terms: tuple[TermRow, ...]
    cost: int
    other_cost: int
    changes: Changes

    @property
    def better(self) -> str:
        """Which plan wins: one without violations before one with, then the cheaper."""
        mine, others = (self.this.violations > 0, self.cost), (self.other.violations > 0, self.other_cost)
        return EVEN if mine == others else THIS if mine < others else OTHER

    def document(self) -> dict[str, object]:
        """The comparison as plain JSON values."""
        return {
            "this": asdict(self.this),
            "other": asdict(self.other),
            "terms": [
                {
                    "name": row.name,
                    **({"key": row.key} if row.key else {}),
                    "weight": row.weight,
                    "amount": row.amount,
                    "other_amount": row.other_amount,
                    "cost": row.cost,
                    "other_cost": row.other_cost,
                    "difference": row.cost - row.other_cost,
                    "better": cheaper(row.cost, row.other_cost),
                }
                for row in self.terms
            ],
            "cost": self.cost,
            "other_cost": self.other_cost,
            "difference": self.cost - self.other_cost,
            "better": self.better,
            "changes": asdict(self.changes),
        }


def compare(problem: Problem, this: tuple[Plan, Report], other: tuple[Plan, Report]) -> Comparison:
    """Put two plans of a problem side by side.

    Parameters
    ----------
    problem
        What both are plans of.
    this, other
        Each with what `check` says of it.

    Returns
    -------
    Every term, also those that cost nothing, the counts, and what differs.
    """
    return Comparison(
        this=_counts(problem, *this),
        other=_counts(problem, *other),
        terms=tuple(_rows(this[1], other[1])),
        cost=this[1].cost,
        other_cost=other[1].cost,
        changes=_changes(this[0], other[0]),
    )


def cheaper(cost: int, other_cost: int) -> str:
    """Say which of two costs is smaller: "this", "other" or "even"."""
    return EVEN if cost == other_cost else THIS if cost < other_cost else OTHER


def _rows(this: Report, other: Report) -> Iterator[TermRow]:
    for mine, others in zip(this.terms, other.terms, strict=True):
        amounts, theirs = _by_key(mine.amount), _by_key(others.amount)
        weights = {**_by_key(others.weight), **_by_key(mine.weight)}
        for key in reversed(weights):
            yield TermRow(mine.name, key, weights[key], amounts.get(key, 0), theirs.get(key, 0))


def _by_key(value: int | Mapping[str, int]) -> Mapping[str, int]:
    return {"": value} if isinstance(value, int) else value


def _counts(problem: Problem, plan: Plan, report: Report) -> Counts:
    terms = {term.name: term for term in report.terms}
    return Counts(
        assigned=len(plan.assignments),
        unassigned=len(problem.appointments) - len(plan.assignments),
        moved=_amount(terms[moved.NAME]),
        reassigned=_amount(terms[reassigned.NAME]),
        violations=len(report.violations),
    )


def _amount(term: TermCost) -> int:
    return sum(_by_key(term.amount).values())


def _changes(this: Plan, other: Plan) -> Changes:
    mine = {assignment.appointment: assignment for assignment in this.assignments}
    others = {assignment.appointment: assignment for assignment in other.assignments}
    same = other_time = other_place = 0
    for key in mine.keys() & others.keys():
        one, two = mine[key], others[key]
        if one.start != two.start:
            other_time += 1
        elif (one.team, set(one.users), {r.resource for r in one.resources}) != (
            two.team,
            set(two.users),
            {r.resource for r in two.resources},
        ):
            other_place += 1
        else:
            same += 1
    return Changes(same, other_time, other_place, len(mine.keys() - others.keys()), len(others.keys() - mine.keys()))
