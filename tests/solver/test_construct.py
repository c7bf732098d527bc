"""The first plan, and what is left of it when the time is short."""

import numpy as np

from benchmarks.families.core import core
from models.problem import Problem
from solver.construct import CHUNK_TASKS, greedy
from solver.kernel.arrays import UNPLACED
from solver.kernel.pack import pack
from solver.lower import lower
from tests.factories import appointment, link, problem, user


def test_halted_greed_leaves_out_what_it_did_not_try() -> None:
    instance = lower(Problem.parse(core(CHUNK_TASKS + 50, 1)))
    packed, asked = pack(instance), []

    def halted(tried: int) -> bool:
        asked.append(tried)
        return tried > 0

    placed = np.flatnonzero(greedy(instance, packed, 0, halted=halted).start != UNPLACED)
    whole = np.flatnonzero(greedy(instance, packed, 0).start != UNPLACED)
    assert asked == [0, CHUNK_TASKS]
    assert 0 < len(placed) <= CHUNK_TASKS < len(whole)


def test_follower_that_is_dearer_than_its_forerunner_is_placed() -> None:
    # the dearer one is tried first, and again when the one before it stands
    pair = [
        appointment("before", crew=[{}], unassigned_weight=10),
        appointment("after", crew=[{}], unassigned_weight=1000, after=[link("before")]),
    ]
    instance = lower(Problem.parse(problem(users=[user("u")], appointments=pair)))
    assert (greedy(instance, pack(instance), 0).start != UNPLACED).all()
