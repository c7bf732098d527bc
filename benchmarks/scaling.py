"""How the parts of a run grow with the size of a problem: process time of each, and memory, in fresh processes."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from math import log
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.benchmark import Row, Wishes
from benchmarks.generate import FAMILIES, write
from service.cli.files import read_problem

SIZES = (2500, 10_000)
SEED = 101
GROWTH = "growth"
PARTS = ("read", "lower", "pack", "first plan", "chains", "assemble", "check", "reason", "memory")

# Chains are made, but do not run; the first reason is the dearest, as it takes stock of the whole plan.
PROGRAM = """
import json, sys
from pathlib import Path
from time import process_time

import solver.portfolio, solver.solve
from benchmarks.machine import peak_memory_mb
from models.plan import Plan, Unassigned
from models.problem import load_problem
from solver.assemble import assemble
from solver.check import check
from solver.components import components
from solver.construct import greedy
from solver.explain import reasons
from solver.kernel.pack import pack
from solver.lower import lower
from solver.search import Annealing

seconds = {}

def timed(part, work):
    began = process_time()
    result = work()
    seconds[part] = process_time() - began
    return result

problem = timed("read", lambda: load_problem(Path(sys.argv[1])))
instance = timed("lower", lambda: lower(problem))
packed = timed("pack", lambda: pack(instance))
start = timed("first plan", lambda: greedy(instance, packed, 0))
annealing = timed("chains", lambda: Annealing(instance, packed, start, 2, 0, groups=components(instance)))
solution = annealing.solution()
plan = timed("assemble", lambda: Plan(
    assignments=tuple(assemble(problem, instance, solution)),
    unassigned=tuple(Unassigned(appointment=t.id) for t, p in zip(instance.tasks, solution) if p is None),
))
timed("check", lambda: check(problem, plan))
asked = iter((False, True))
timed("reason", lambda: reasons(problem, instance, solution, expired=lambda: next(asked), packed=packed))
print(json.dumps({**seconds, "memory": peak_memory_mb()}))
"""


def run(wishes: Wishes) -> Iterator[Row]:
    """Measure on the given files, or on problems of two sizes of every family.

    Parameters
    ----------
    wishes
        Files.

    Yields
    ------
    A row per problem: seconds of process time, and megabytes; after both sizes of a family the exponents by which they
    grow, where 1 is linear and 2 the square.
    """
    for path in wishes.problems:
        problem = read_problem(path)
        yield {"problem": problem.name or path.name, **_rounded(measure(path))}
    if wishes.problems:
        return
    with TemporaryDirectory() as folder:
        for family, draw in FAMILIES.items():
            found = []
            for size in SIZES:
                path = Path(folder) / f"{family}-{size}.json"
                write(draw(size, SEED), path)
                found.append(measure(path))
                yield {"problem": path.stem, **_rounded(found[-1])}
            yield {"problem": f"{family} {GROWTH}", **_rounded(growth(found[0], found[-1], SIZES[-1] / SIZES[0]))}


def measure(path: Path) -> dict[str, float]:
    """Take a problem through all parts but the search, in a process of its own.

    Parameters
    ----------
    path
        A problem.json.

    Returns
    -------
    Process time of each part in seconds, and the most memory in megabytes.
    """
    answer = subprocess.run([sys.executable, "-c", PROGRAM, str(path)], stdout=subprocess.PIPE, text=True, check=False)
    if answer.returncode:
        raise RuntimeError(f"{path}: exit code {answer.returncode}. What went wrong is printed above.")
    found: dict[str, float] = json.loads(answer.stdout)
    return {part: found[part] for part in PARTS}


def growth(small: dict[str, float], large: dict[str, float], ratio: float) -> dict[str, float]:
    """Find by which power of the size each figure grows.

    Parameters
    ----------
    small, large
        Figures of two problems.
    ratio
        Of their sizes.

    Returns
    -------
    An exponent for each figure; what takes less than a millisecond counts as one.
    """
    return {part: log(max(1e-3, large[part]) / max(1e-3, small[part])) / log(ratio) for part in small}


def _rounded(figures: dict[str, float]) -> Row:
    return {part: round(figure, 2) for part, figure in figures.items()}
