"""How long a user waits for something to look at: from the start of a fresh process to the first feasible plan."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter

from benchmarks.benchmark import Row, Wishes
from benchmarks.generate import core, write
from service.cli.files import read_problem

SIZES = (1000, 10_000)
SEED = 1

# The first progress event of a run has a feasible plan's cost.
PROGRAM = """
import sys
from pathlib import Path
from models.problem import load_problem
from solver.solve import Options, solve

def leave(progress):
    print(progress.cost, progress.assigned, progress.total, flush=True)
    sys.exit()

solve(load_problem(Path(sys.argv[1])), Options(workers=1), leave)
"""


def run(wishes: Wishes) -> Iterator[Row]:
    """Measure on the given files, or on core problems of two sizes.

    Parameters
    ----------
    wishes
        Files; the seconds are what is measured, so that a wish for them is not heard.

    Yields
    ------
    A row per problem: the median, least and most of the repeats after one that warms the caches.
    """
    if wishes.problems:
        for path in wishes.problems:
            yield measure(read_problem(path).name or path.name, path, wishes.repeats)
        return
    with TemporaryDirectory() as folder:
        for size in SIZES:
            document = core(size, SEED)
            path = Path(folder) / f"core-{size}.json"
            write(document, path)
            yield measure(document["name"], path, wishes.repeats)


def measure(name: str, path: Path, repeats: int) -> Row:
    """Measure the way to the first plan of one file.

    Parameters
    ----------
    name
        What the row is called.
    path
        A problem.json.
    repeats
        How often, after once that warms the caches.

    Returns
    -------
    Seconds on the wall, and what the first plan is.
    """
    _first_plan(path)
    seconds, answers = zip(*(_first_plan(path) for _ in range(repeats)), strict=True)
    cost, assigned, total = answers[0]
    return {
        "problem": name,
        "seconds": round(median(seconds), 2),
        "least": round(min(seconds), 2),
        "most": round(max(seconds), 2),
        "assigned": assigned,
        "of": total,
        "cost": cost,
    }


def _first_plan(path: Path) -> tuple[float, list[int]]:
    began = perf_counter()
    with subprocess.Popen([sys.executable, "-c", PROGRAM, str(path)], stdout=subprocess.PIPE, text=True) as process:
        line = process.stdout.readline() if process.stdout else ""
        seconds = perf_counter() - began
    if process.returncode or not line:
        raise RuntimeError(f"{path}: no first plan, exit code {process.returncode}. What went wrong is printed above.")
    return seconds, [int(word) for word in line.split()]
