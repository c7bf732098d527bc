"""One run in a process of its own: `python -m benchmarks.worker ANSWER` reads a request and writes what came of it.

The request is a JSON object on standard input, `Request` in fields; the answer a JSON object in the file ANSWER.
"""

from __future__ import annotations

import json
import sys
from dataclasses import dataclass
from math import isfinite
from pathlib import Path
from time import perf_counter
from typing import Any

from benchmarks.case import Case, NoInstance, Published
from benchmarks.engine import EngineError, EngineResult, Unsupported, entry_of
from benchmarks.machine import cpu_seconds, peak_memory_mb
from benchmarks.programme import Target, open_case
from models.enums import PlanStatus
from models.errors import InvalidDocument
from models.plan import Plan
from models.problem import Problem
from solver.check import Report, check

Json = dict[str, Any]
BREACHES_KEPT = 5


@dataclass(frozen=True)
class Request:
    """What is to be run; `data` and `plan` are paths, `plan` where to save what was found."""

    engine: str
    suite: str
    case: str
    path: str | None
    data: str | None
    seconds: float
    workers: int
    seed: int
    plan: str | None = None


def perform(request: Request) -> Json:
    """Run an engine on an instance once, and measure.

    Parameters
    ----------
    request
        What is to be run.

    Returns
    -------
    The result: what was found, judged by `check` and by the arithmetic of the instance's literature, and what it took.
    Where nothing could be run, `status` says why: "refused", "unavailable" or "unsupported", with a `message`.
    """
    data = None if request.data is None else Path(request.data)
    try:
        case = open_case(Target(request.suite, request.case, request.path), data)
        problem = Problem.parse(case.document)
        entry, variant = entry_of(request.engine)
        engine = entry.load(variant)
    except (NoInstance, InvalidDocument) as error:
        return {"status": "refused", "message": str(error)}
    except EngineError as error:
        return {"status": "unavailable", "message": str(error)}
    size: Json = {"appointments": len(problem.appointments), "users": len(problem.users)}
    began, used = perf_counter(), cpu_seconds()
    try:
        answer = engine.solve(case.document, request.seconds, request.workers, request.seed)
    except Unsupported as error:
        return {"status": "unsupported", "message": str(error), **size}
    took: Json = {
        "seconds": round(perf_counter() - began, 3),
        "cpu_seconds": round(cpu_seconds() - used, 2),
        "peak_memory_mb": peak_memory_mb(),
    }
    found = {"status": "no plan"} if answer.plan is None else _judged(case, problem, answer.plan, answer)
    if answer.plan is not None and request.plan is not None:
        answer.plan.save(request.plan)
    return {
        **found,
        **size,
        **took,
        "bound": answer.bound,
        "unit": case.unit,
        "best_known": case.best_known,
        "lower_bound": case.lower_bound,
        "events": [[event.seconds, event.cost] for event in answer.events],
        "notes": dict(answer.notes),
    }


def _judged(case: Case, problem: Problem, plan: Plan, answer: EngineResult) -> Json:
    """Find what a plan is worth, whatever the engine says of it."""
    report = check(problem, plan)
    judged = plan.model_copy(update={"cost": report.cost, "violations": report.violations})
    published = case.value(judged)
    return {
        "status": _status(plan, report, published, answer.bound),
        "cost": report.cost,
        "stated_cost": answer.cost,
        "value": published.value if isfinite(published.value) else None,
        "components": dict(published.components),
        "violations": len(report.violations),
        "breaches": list(published.breaches[:BREACHES_KEPT]),
        "assigned": len(plan.assignments),
    }


def _status(plan: Plan, report: Report, published: Published, bound: int | None) -> str:
    """Say in a word what a plan is: only "optimal", "feasible" and "wrong bound" are plans to be counted."""
    broken = {violation.rule for violation in report.violations}
    if broken - {"mandatory"}:
        return "wrong"
    if broken or published.breaches:
        # Leaving out what must be done is no plan yet; breaking the literature's rules with everything done is a fault.
        left_out = "infeasible" if plan.status is PlanStatus.INFEASIBLE else "incomplete"
        return left_out if plan.unassigned else "wrong"
    if bound is not None and bound > report.cost:
        return "wrong bound"
    return "optimal" if bound == report.cost else "feasible"


def main() -> None:
    """Read a request, perform it, write the answer."""
    request = Request(**json.load(sys.stdin))
    Path(sys.argv[1]).write_text(json.dumps(perform(request)), encoding="utf-8")


if __name__ == "__main__":
    main()
