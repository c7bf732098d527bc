"""How long a dispatcher waits for slots: building an index of a large plan, asking it, and keeping it up to date.

Process time, so that what a shared machine takes away is not counted. Requests are appointments that the plan does not
know: they were taken out of a greedy plan before, and may be at any time of five days.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from gc import collect
from random import Random
from statistics import median
from time import process_time

import numpy as np

from benchmarks.benchmark import Row, Wishes
from benchmarks.families.core import core
from benchmarks.families.field import field
from models.appointments import Appointment
from models.plan import Assignment, Plan
from models.problem import Problem
from models.suggestion import SlotQuery
from service.cli.files import read_problem
from solver.assemble import assemble
from solver.construct import greedy
from solver.kernel.pack import pack
from solver.kernel.plan import read_placements
from solver.lower import lower
from solver.suggest import SuggestIndex

SIZE, SEED = 10_000, 1
REQUESTS, MOVED = 200, 20  # asked for, and of these with moves
MOVE_SECONDS = 30.0
LIMIT, DAYS = 10, 5
FULL, HALF = 100, 50  # per cent of the plan that stands


@dataclass(frozen=True)
class Case:
    """A problem, how much of its plan stands, and what is asked for beside it."""

    problem: Problem
    plan: Plan
    requests: list[Appointment]
    booked: dict[str, Assignment]

    @property
    def query(self) -> SlotQuery:
        """Ten slots of five days."""
        start = self.problem.horizon.start
        until = min(start + timedelta(days=DAYS), self.problem.horizon.end)
        return SlotQuery.parse({"limit": LIMIT, "from": start, "until": until})


def run(wishes: Wishes) -> Iterator[Row]:
    """Measure on the given files, or on a core and a field problem of 10 000 appointments.

    Parameters
    ----------
    wishes
        Files and repeats; the seconds are what is measured, so that a wish for them is not heard.

    Yields
    ------
    A row per problem and share of the plan that stands.
    """
    if wishes.problems:
        problems = [read_problem(path) for path in wishes.problems]
    else:
        problems = [Problem.parse(family(SIZE, SEED)) for family in (core, field)]
    for problem in problems:
        assignments = _planned(problem)
        for percent in (FULL, HALF):
            name = problem.name.partition("-seed")[0]
            yield measure(f"{name} {percent} %", _case(problem, assignments, percent), wishes.repeats)


def measure(name: str, case: Case, repeats: int) -> Row:
    """Measure an index of one plan.

    Parameters
    ----------
    name
        What the row is called.
    case
        The plan and the requests.
    repeats
        How often the index is built; the first request after each is a first one.

    Returns
    -------
    Seconds of building, milliseconds of everything else.
    """
    SuggestIndex(case.problem, case.plan)  # compiled code is read
    builds, firsts = [], []
    for repeat in range(max(1, repeats)):
        collect()
        began = process_time()
        index = SuggestIndex(case.problem, case.plan)
        builds.append(process_time() - began)
        firsts.append(_asked(index, case, case.requests[repeat % len(case.requests)]))
    index = SuggestIndex(case.problem, case.plan)
    times = [_asked(index, case, request) for request in case.requests]
    moves = [_asked(index, case, request, with_moves=1, seconds=MOVE_SECONDS) for request in case.requests[:MOVED]]
    updates = list(_updates(index, case))
    return {
        "problem": name,
        "standing": len(case.plan.assignments),
        "build s": round(median(builds), 2),
        "first ms": round(max(firsts), 1),
        "median ms": round(median(times), 1),
        "p99 ms": round(float(np.percentile(times, 99)), 1),
        "one move ms": round(median(moves)),
        "update ms": round(median(updates), 3),
        "updates p99": round(float(np.percentile(updates, 99)), 3),
    }


def _asked(index: SuggestIndex, case: Case, request: Appointment, **more: float) -> float:
    """Ask once; returns milliseconds."""
    query = case.query.model_copy(update=more)
    began = process_time()
    index.suggest(request, query)
    return (process_time() - began) * 1000


def _updates(index: SuggestIndex, case: Case) -> Iterator[float]:
    """Book and cancel what stood before; yields milliseconds of each."""
    for request in case.requests:
        if request.id in case.booked:
            began = process_time()
            index.place(request, case.booked[request.id])
            yield (process_time() - began) * 1000
            began = process_time()
            index.remove(request.id)
            yield (process_time() - began) * 1000


def _planned(problem: Problem) -> list[Assignment]:
    """Plan a problem greedily."""
    instance = lower(problem)
    packed = pack(instance)
    return assemble(problem, instance, read_placements(packed, greedy(instance, packed, SEED)))


def _case(problem: Problem, assignments: list[Assignment], percent: int) -> Case:
    """Take requests out of a problem, and part of its plan."""
    random = Random(SEED)
    stands = {one.appointment: one for one in assignments}
    linked = {link.appointment for item in problem.appointments for link in item.after}
    loose = [
        item
        for item in problem.appointments
        if not problem.is_pinned(item) and item.id not in linked and not item.after and item.current is None
    ]
    asked = random.sample(loose, min(REQUESTS, len(loose) // 2))
    requests = [item.model_copy(update={"windows": ()}) for item in asked]
    keys = {item.id for item in asked}
    known = tuple(item for item in problem.appointments if item.id not in keys)
    fixed = {item.id for item in known if problem.is_pinned(item)} | linked
    kept = [
        one
        for one in assignments
        if one.appointment not in keys and (one.appointment in fixed or random.randrange(100) < percent)
    ]
    rest = Problem.model_construct(
        **{name: getattr(problem, name) for name in Problem.model_fields} | {"appointments": known}
    )
    return Case(
        rest, Plan(assignments=tuple(kept)), requests, {key: stands[key] for key in sorted(keys & stands.keys())}
    )
