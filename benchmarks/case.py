"""What every instance of a benchmark is: a problem, what is known of it, and how its literature measures a plan."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from benchmarks.generate import Json
from models.errors import TidyplanError
from models.plan import Plan

DATA_VARIABLE = "TIDYPLAN_BENCHMARK_DATA"


class NoInstance(TidyplanError):
    """A family, an instance or the folder it lies in cannot be found or read."""


@dataclass(frozen=True)
class Published:
    """A plan measured by the arithmetic of the literature, from the original file.

    Parameters
    ----------
    value
        The objective, smaller is better; it means nothing where there are breaches.
    components
        What it is made of, before weighting.
    breaches
        What the plan breaks of the original's rules, in words; empty for a valid plan.
    """

    value: float
    components: Mapping[str, float] = field(default_factory=dict)
    breaches: tuple[str, ...] = ()


Measure = Callable[[Plan], Published]


@dataclass(frozen=True)
class Case:
    """One instance.

    Parameters
    ----------
    family
        Such as "hhcrsp".
    name
        Of the instance within its family.
    document
        A problem.json dictionary.
    best_known
        The best published objective, None where nobody has published one.
    lower_bound
        Published, of the same objective.
    unit
        Of the published objective, such as "workers".
    objective
        Measures a plan as the literature does; None where the problem's own cost is the measure.
    exact
        Whether the cost of a plan is its published objective, so that what a solver proves of one holds for the other.
    """

    family: str
    name: str
    document: Json
    best_known: float | None = None
    lower_bound: float | None = None
    unit: str = "cost"
    objective: Measure | None = None
    exact: bool = True

    def value(self, plan: Plan) -> Published:
        """Measure a plan: as the literature does, or by its own cost where there is no literature.

        Parameters
        ----------
        plan
            A plan of `document`.

        Returns
        -------
        The value and, where the literature measures, what it is made of and what is wrong with the plan.
        """
        if self.objective is not None:
            return self.objective(plan)
        breaches = tuple(violation.message or violation.rule for violation in plan.violations)
        return Published(float("nan") if plan.cost is None else float(plan.cost), breaches=breaches)

    def bound(self, plan: Plan) -> float | None:
        """Find what no plan can undercut.

        Parameters
        ----------
        plan
            Its bound counts where the case is exact.

        Returns
        -------
        The better of the published bound and the plan's, None where there is neither.
        """
        proved = float(plan.bound) if self.exact and plan.bound is not None else None
        known = [bound for bound in (self.lower_bound, proved) if bound is not None]
        return max(known, default=None)

    def gap(self, value: float) -> float | None:
        """Compare a value with the best published one.

        Parameters
        ----------
        value
            Of the published objective.

        Returns
        -------
        0.01 for one per cent above, negative below; None where there is nothing to compare with.
        """
        return None if not self.best_known else value / self.best_known - 1


@dataclass(frozen=True)
class Suite:
    """The instances of a family, read one by one when they are asked for.

    Parameters
    ----------
    family
        Its name.
    summary
        One line: what it is and where it comes from.
    names
        Lists the instances; raises `NoInstance` where the data are missing.
    load
        Reads or draws one; raises `NoInstance` where there is none of that name.
    left_out
        Instances of the set that problem.json cannot say, each with the reason; `names` does not list them.
    """

    family: str
    summary: str
    names: Callable[[], tuple[str, ...]]
    load: Callable[[str], Case]
    left_out: Callable[[], Mapping[str, str]] = dict
