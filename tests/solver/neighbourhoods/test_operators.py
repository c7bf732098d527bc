"""How blocks are chosen, what is remembered of them, and what a plan looks like from inside."""

import random

import numpy as np
import pytest

from solver.cpsat.fixed import EVERYWHERE, Fixed
from solver.cpsat.price import price, price_of
from solver.instance import NOWHERE, Solution
from solver.neighbourhoods.block import Block
from solver.neighbourhoods.habits import SIZES, Habits
from solver.neighbourhoods.landscape import Landscape
from solver.neighbourhoods.memory import Memory
from solver.neighbourhoods.operators import Choice, operators_of
from solver.neighbourhoods.relations import Relations
from tests.factories import appointment, link, position, problem, user
from tests.solver.neighbourhoods.test_neighbourhoods import improved
from tests.solver.neighbourhoods.worlds import World, random_world, world

ALL = ("locations", "teams", "resources", "links", "clients", "continuity", "headcount", "pinned", "current")
OPERATORS = ("crews", "moment", "skills", "assets", "client", "chain", "places", "routes", "heads", "anything")


def plans(about: World, steps: int = 15) -> list[Solution]:
    """Plans of a problem, each better than the one before."""
    return [about.solution, *(better.solution for better in improved(about, steps))]


@pytest.mark.parametrize("operator", OPERATORS)
def test_blocks_hold_movable_tasks_around_their_seed(operator: str) -> None:
    about = random_world(1, 30, ALL)
    relations = Relations(about.instance)
    choose = operators_of(relations)[operator]
    lie = Landscape(relations, plans(about)[-1])
    draw = random.Random(operator)
    pool = relations.linked if operator == "chain" else relations.movable.tolist()
    for size in (2, 3, 8, 60):
        for _ in range(20):
            seed = draw.choice(pool)
            block = choose(Choice(lie, draw, seed, size))
            assert seed in block.tasks
            assert len(block.tasks) <= size
            assert list(block.tasks) == sorted(set(block.tasks))
            assert set(block.tasks) <= set(relations.movable.tolist())
            assert all(set(lie.crew(task)) <= (block.scope.users or set()) for task in block.tasks)
            assert all(low < high for low, high in block.scope.spans)


@pytest.mark.parametrize(
    ("features", "missing"), [((), {"client", "heads", "places", "routes"}), (ALL, set())], ids=["plain", "everything"]
)
def test_operators_are_those_that_make_sense(features: tuple[str, ...], missing: set[str]) -> None:
    if features:
        about = random_world(1, 30, features)
    else:
        about = world(problem(users=[user("u")], appointments=[appointment("a", crew=[position()])]))
        missing = missing | {"skills", "assets", "chain"}
    assert set(operators_of(Relations(about.instance))) == set(OPERATORS) - missing


def test_chain_follows_links_both_ways() -> None:
    items = [appointment("a"), *(appointment(b, after=[link(a)]) for a, b in ("ab", "bc", "cd")), appointment("z")]
    relations = Relations(world(problem(appointments=items)).instance)
    assert relations.linked == [0, 1, 2, 3]
    assert relations.chain(1, 9) == [1, 0, 2, 3]
    assert relations.chain(1, 2) == [1, 0]


@pytest.mark.parametrize("seed", range(6))
def test_landscape_that_moves_equals_a_new_one(seed: int) -> None:
    about = random_world(seed, 20, ALL)
    relations = Relations(about.instance)
    lie = Landscape(relations, about.solution)
    for solution in plans(about):
        lie.move_to(solution)
        new = Landscape(relations, solution)
        assert lie.solution == new.solution == solution
        assert np.array_equal(lie.start, new.start)
        assert np.array_equal(lie.cost, new.cost)
        assert price_of(lie.standing) == price(about.instance, solution)
        assert knowledge(lie.standing) == knowledge(new.standing)


@pytest.mark.parametrize("seed", range(6))
def test_what_is_left_without_some_tasks_equals_what_stands_beside_them(seed: int) -> None:
    about = random_world(seed, 20, ALL)
    solution = plans(about)[-1]
    movable = Relations(about.instance).movable.tolist()
    free = random.Random(seed).sample(movable, len(movable) // 2)
    rest, new = Fixed(about.instance, (), solution).without(free), Fixed(about.instance, free, solution)
    assert (rest.free, rest.placements, rest.own_cost()) == (new.free, new.placements, new.own_cost())
    assert knowledge(rest) == knowledge(new)
    back = rest.replaced(solution, free)
    assert price_of(back) == price(about.instance, solution)
    assert knowledge(back) == knowledge(Fixed(about.instance, (), solution))


def knowledge(standing: Fixed) -> list[object]:
    """Everything that a state of affairs says of its subjects."""
    known: list[object] = [standing.stays]
    for index, subject in standing.instance.subjects():
        known += [standing.occupied(index), standing.served(index)]
        known += [standing.counted(index, counter) for counter in subject.counters]
    return known


def test_memory_lasts_until_a_subject_changes() -> None:
    block, other = Block((1, 2), EVERYWHERE), Block((3,), EVERYWHERE)
    memory = Memory(shares_cost=False)
    memory.close(block, frozenset({4, 5}), memory.time)
    assert memory.is_closed(block)
    assert not memory.is_closed(other)
    memory.change({6})
    assert memory.is_closed(block)
    memory.change({5})
    assert not memory.is_closed(block)


def test_memory_of_a_shared_cost_ends_with_any_change() -> None:
    memory = Memory(shares_cost=True)
    memory.close(Block((1,), EVERYWHERE), frozenset({4}), memory.time)
    memory.change({6})
    assert not memory.is_closed(Block((1,), EVERYWHERE))


def test_proof_from_before_a_change_is_no_proof_after_it() -> None:
    memory = Memory(shares_cost=False)
    before = memory.time
    memory.change({4})
    memory.close(Block((1,), EVERYWHERE), frozenset({4}), before)
    assert not memory.is_closed(Block((1,), EVERYWHERE))


def test_habits_choose_what_pays() -> None:
    habits, draw = Habits(["good", "bad"]), random.Random(0)
    for _ in range(300):
        operator, size = habits.choose(draw)
        habits.learn(operator, size, 100.0 if operator == "good" and size == SIZES[2] else 0.0, 0.02)
    chosen = [habits.choose(draw) for _ in range(300)]
    assert sum(operator == "good" for operator, _ in chosen) > 200
    assert max(SIZES, key=[size for _, size in chosen].count) == SIZES[2]


def test_team_of_nobody_is_nowhere() -> None:
    # The subjects of a change name no team where there is none.
    about = world(problem(users=[user("u")], appointments=[appointment("a", crew=[position()])]))
    lie = Landscape(Relations(about.instance), about.solution)
    better = improved(about, 3)[-1]
    assert lie.move_to(better.solution) - {NOWHERE} == {0}
