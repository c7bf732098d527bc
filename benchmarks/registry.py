"""The table of micro benchmarks: a new one is one file and one line here."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from importlib import import_module

from benchmarks.benchmark import Benchmark, Row, Wishes


def _of(module: str) -> Callable[[Wishes], Iterable[Row]]:
    """Import a benchmark when it is run: what it measures need not be loaded to name it."""

    def run(wishes: Wishes) -> Iterable[Row]:
        rows: Iterable[Row] = import_module(f"benchmarks.{module}").run(wishes)
        return rows

    return run


BENCHMARKS = (
    Benchmark("kernel", "moves, placements and remove-and-insert pairs per second of one core", _of("kernel")),
    Benchmark(
        "explain", "explanations of 500 over-booked problems, each tried anew by an independent judge", _of("explain")
    ),
    Benchmark("first-plan", "seconds from the start of a fresh process to the first feasible plan", _of("first_plan")),
    Benchmark("scaling", "process time and memory of every part but the search, and how they grow", _of("scaling")),
    Benchmark(
        "suggest", "milliseconds to slots beside a plan of 10 000, and to keep its index up to date", _of("suggest")
    ),
)
