"""Building and checking grow with the size of a problem and not with its square: calls are counted, not seconds."""

from cProfile import Profile
from pstats import Stats

import pytest

from benchmarks.generate import FAMILIES
from models.plan import Plan, Unassigned
from models.problem import Problem
from solver.assemble import assemble
from solver.bounds import separate_bound
from solver.check import check
from solver.components import components
from solver.construct import greedy
from solver.kernel.pack import pack
from solver.kernel.plan import read_placements
from solver.lower import lower

SMALL, LARGE = 250, 1000
MORE_THAN_LINEAR = 1.15  # 4 times the size may take 4 × 1.15 times the calls; the square would take 16


def planned(family: str, size: int) -> int:
    """Calls of Python functions on the way from a document to a checked first plan."""
    document = FAMILIES[family](size, 1)
    counter = Profile()
    with counter:
        problem = Problem.parse(document)
        instance = lower(problem)
        separate_bound(instance)
        packed = pack(instance)
        components(instance)
        solution = read_placements(packed, greedy(instance, packed, 0))
        left = tuple(Unassigned(appointment=instance.tasks[i].id) for i, place in enumerate(solution) if place is None)
        check(problem, Plan(assignments=tuple(assemble(problem, instance, solution)), unassigned=left))
    return int(Stats(counter).total_calls)  # type: ignore[attr-defined]


@pytest.mark.parametrize("family", sorted(FAMILIES))
def test_calls_grow_with_the_size(family: str) -> None:
    planned(family, 12)  # imports and caches are not counted
    assert planned(family, LARGE) <= MORE_THAN_LINEAR * (LARGE / SMALL) * planned(family, SMALL)
