"""A plan that can be explained: read, checked, and in the forms that the engines know."""

from dataclasses import dataclass
from difflib import get_close_matches

from models.errors import Fault, InvalidPlan
from models.faults import describe, printable
from models.plan import Plan
from models.problem import Problem
from solver.assemble import read_solution
from solver.check import Report, check
from solver.instance import Instance, Solution
from solver.lower import lower

MOST_NEAR = 3  # ids that are offered instead of an unknown one
BY_LEAVING_OUT = {"mandatory", "complete"}


class BrokenPlan(InvalidPlan):
    """A plan that breaks rules: what is true of a plan that keeps them need not be true of it."""


@dataclass(frozen=True)
class Standing:
    """A problem and a plan that breaks none of its rules, in all their forms."""

    problem: Problem
    plan: Plan
    instance: Instance
    solution: Solution
    report: Report

    @classmethod
    def of(cls, problem: Problem, plan: Plan) -> "Standing":
        """Read a plan.

        Parameters
        ----------
        problem, plan
            What the plan does not name is left out.

        Returns
        -------
        Everything that explanations are made of.

        Raises
        ------
        InvalidPlan
            Where the plan names what the problem does not know.
        BrokenPlan
            Where it breaks a rule.
        """
        report = check(problem, plan)
        broken = [violation for violation in report.violations if violation.rule not in BY_LEAVING_OUT]
        if broken:
            place = {assignment.appointment: number for number, assignment in enumerate(plan.assignments)}
            raise BrokenPlan(
                Fault(
                    f"assignments[{place.get(violation.appointments[0], 0)}]"
                    if violation.appointments
                    else "assignments",
                    violation.message,
                    f"a plan that keeps the rule {violation.rule}",
                    "tidyplan check shows all that it breaks; mend it, or plan anew with tidyplan solve.",
                )
                for violation in broken
            )
        instance = lower(problem)
        return cls(problem, plan, instance, read_solution(problem, instance, plan), report)

    def index_of(self, key: str) -> int:
        """Find an appointment.

        Parameters
        ----------
        key
            Its id.

        Returns
        -------
        The index of its task.

        Raises
        ------
        InvalidPlan
            Where the problem has no such appointment.
        """
        if key not in self.instance.task_index:
            raise unknown(key, self.problem)
        return self.instance.task_index[key]


def unknown(key: str, problem: Problem) -> InvalidPlan:
    """Complain about an appointment that a problem does not have, with the nearest ones that it has.

    Parameters
    ----------
    key, problem
        What was asked for, and where it is not.

    Returns
    -------
    An error with one fault.
    """
    ids = list(problem.appointments_by_id)
    expected = "the id of an appointment of the problem" + (f", such as {ids[0]}" if ids else ", which has none")
    near = [f'"{printable(word)}"' for word in get_close_matches(key, ids, n=MOST_NEAR)]
    meant = f"{', '.join(near[:-1])} or {near[-1]}" if len(near) > 1 else "".join(near)
    advice = f"Did you mean {meant}?" if near else "The ids stand in problem.json under appointments."
    return InvalidPlan([Fault("appointments", describe(key), expected, advice)])
