"""A bound beside a search gives way: while it is made ready, and in the middle of its work."""

import threading

import pytest

from benchmarks.families.core import core
from models.problem import Problem
from solver.bounds import separate_bound
from solver.bounds.lagrangian import LagrangianBound
from solver.instance import Instance
from solver.lower import lower
from solver.proof import RisingBound

FAR = 10**9  # a target that no bound meets


class GiveUp(Exception):
    pass


@pytest.fixture
def crowded() -> Instance:
    return lower(Problem.parse(core(60, 1)))


def test_bound_asks_for_a_pause_at_every_task(crowded: Instance) -> None:
    pauses: list[None] = []
    LagrangianBound(crowded, pause=lambda: pauses.append(None))
    assert len(pauses) >= len(crowded.tasks)


def test_bound_can_be_given_up_while_it_is_made_ready(crowded: Instance) -> None:
    def give_up() -> None:
        raise GiveUp

    with pytest.raises(GiveUp):
        LagrangianBound(crowded, pause=give_up)


def test_halted_bound_takes_no_further_step(crowded: Instance) -> None:
    climber = LagrangianBound(crowded)
    before, steps = climber.improve(FAR, 3), climber.steps
    climber.halt()
    assert climber.improve(FAR, 50) == before
    assert climber.steps == steps == 3


def test_bound_that_is_halted_before_its_first_step_is_the_simple_one(crowded: Instance) -> None:
    climber = LagrangianBound(crowded)
    climber.halt()
    assert climber.improve(FAR, 50) == separate_bound(crowded)


def test_halted_rising_bound_leaves_no_thread(crowded: Instance) -> None:
    rising = RisingBound(crowded, lambda: FAR)
    rising.begin()
    assert rising.halt() <= LagrangianBound(crowded).improve(FAR, 300)
    assert "bound" not in {thread.name for thread in threading.enumerate()}
