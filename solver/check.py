"""All violations and the cost of any plan: plain arithmetic over problem and plan, which knows no engine."""

from dataclasses import dataclass

from models.plan import Plan, TermCost, Violation
from models.problem import Problem
from solver.reading import Reading
from solver.rules import RULES, pinned
from solver.terms import TERMS


@dataclass(frozen=True, slots=True)
class Report:
    """What is to be said about a plan.

    Attributes
    ----------
    violations
        What makes the plan wrong, in the order of the rules.
    excused
        What pinned appointments break among themselves, which makes no plan wrong.
    terms
        Weight, amount and cost of every term, in the order of `TERMS`.
    cost
        Their sum.
    shares
        By appointment id, and then by term, what each costs; terms that belong to no single appointment are not
        divided. The shares of a term that is divided add up to its cost.
    """

    violations: tuple[Violation, ...]
    excused: tuple[Violation, ...]
    terms: tuple[TermCost, ...]
    cost: int
    shares: dict[str, dict[str, int]]

    @property
    def valid(self) -> bool:
        """Whether the plan breaks nothing but what pinned appointments break among themselves."""
        return not self.violations


def check(problem: Problem, plan: Plan) -> Report:
    """Find everything that a plan breaks and what it costs.

    Parameters
    ----------
    problem, plan
        The plan may break any rule; what it states about its cost and its violations is not read.

    Returns
    -------
    Violations, cost by term, and the shares of the appointments.

    Raises
    ------
    InvalidPlan
        Where the plan names what the problem does not know, or an appointment twice.
    """
    reading = Reading(problem, plan)
    real: list[Violation] = []
    excused: list[Violation] = []
    for rule in RULES:
        for violation in rule.violations(reading):
            (excused if is_excused(reading, violation) else real).append(violation)
    terms = tuple(term.cost(reading) for term in TERMS)
    shares: dict[str, dict[str, int]] = {}
    for term in TERMS:
        for key, cost in term.shares(reading).items():
            shares.setdefault(key, {})[term.NAME] = cost
    return Report(tuple(real), tuple(excused), terms, sum(term.cost for term in terms), shares)


def is_excused(reading: Reading, violation: Violation) -> bool:
    """Tell whether a violation lies wholly among pinned appointments, which stay whatever they break.

    Parameters
    ----------
    reading, violation
        A plan beside its problem, and what it breaks.

    Returns
    -------
    False where an unpinned appointment is involved, or where something pinned is moved, changed or left out.
    """
    if violation.rule == pinned.NAME:
        return False
    return all(reading.problem.is_pinned(reading.appointments[key]) for key in violation.appointments)
