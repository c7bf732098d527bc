"""The table of benchmarks: a new one is one file and one line here."""

from benchmarks import first_plan, kernel
from benchmarks.benchmark import Benchmark

BENCHMARKS = (
    Benchmark("kernel", "moves, placements and remove-and-insert pairs per second of one core", kernel.run),
    Benchmark("first-plan", "seconds from the start of a fresh process to the first feasible plan", first_plan.run),
)
