"""Our own solver as an engine, and the table of its variants."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from time import perf_counter
from types import MappingProxyType
from typing import Any

from benchmarks.engine import EngineEntry, EngineEvent, EngineResult, Json, register
from models.problem import Problem
from solver.progress import Options, Progress
from solver.solve import solve


@dataclass(frozen=True)
class Variant:
    """A way to run the solver: a line about it, and what it sets among the `Options`."""

    summary: str
    overrides: Mapping[str, Any]


# A new variant is one line: the fields of Options that it sets, over the limits of the run.
VARIANTS: dict[str, Variant] = {
    "kernel-only": Variant(
        "annealing chains that never meet, no CP-SAT, no bound", {"without": frozenset({"bound", "CP-SAT", "exchange"})}
    ),
    "without-cp-sat": Variant("annealing chains that meet, no CP-SAT", {"without": frozenset({"CP-SAT"})}),
    "processes": Variant("chains in processes of their own", {"executor": "processes"}),
    "dask": Variant("chains on the workers of a local Dask cluster", {"executor": "dask"}),
    "one-worker": Variant("a single worker, whatever the run allows", {"workers": 1}),
    "within-1-percent": Variant("stops when a gap of 1 % is proved", {"gap": 0.01}),
}


@dataclass(frozen=True)
class Tidyplan:
    """Our own solver, with some of its options overridden."""

    overrides: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}))

    def solve(self, document: Json, seconds: float, workers: int, seed: int) -> EngineResult:
        """Plan a problem; see `Engine.solve`."""
        began = perf_counter()
        events: list[EngineEvent] = []
        moves = 0

        def keep(progress: Progress) -> None:
            nonlocal moves
            moves = progress.iterations
            if progress.cost is not None and (not events or progress.cost < events[-1].cost):
                events.append(EngineEvent(round(perf_counter() - began, 3), progress.cost))

        problem = Problem.parse(document)
        left = max(0.01, seconds - (perf_counter() - began))
        options = replace(Options(left, workers, seed), **self.overrides)
        plan = solve(problem, options, keep)
        if plan.cost is not None and (not events or plan.cost != events[-1].cost):
            events.append(EngineEvent(round(perf_counter() - began, 3), plan.cost))
        notes: dict[str, str | int | float] = {
            "method": plan.solver.method,
            "moves": moves,
            "status": plan.status.value,
        }
        return EngineResult(plan, plan.cost, plan.bound, tuple(events), notes)


def load(variant: str) -> Tidyplan:
    """Make the engine.

    Parameters
    ----------
    variant
        A key of `VARIANTS`, or "".

    Returns
    -------
    The engine.
    """
    return Tidyplan(VARIANTS[variant].overrides) if variant else Tidyplan()


register(
    EngineEntry(
        "tidyplan",
        "our own solver",
        load,
        {name: variant.summary for name, variant in VARIANTS.items()},
        ("tidyplan", "numba", "numpy", "ortools"),
    )
)
