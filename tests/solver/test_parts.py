"""A problem that falls apart is divided among the chains, and put together again."""

import pytest

from models.plan import Plan, Unassigned
from models.problem import Problem
from solver.assemble import assemble
from solver.check import check
from solver.construct import greedy
from solver.executors.processes import Processes
from solver.instance import Instance, Solution
from solver.kernel.arrays import Packed
from solver.kernel.pack import pack
from solver.lower import lower
from solver.parts import divide, restricted
from solver.progress import Clock, Options
from solver.search import Annealing
from tests.factories import Json, appointment, at, link, position, problem, span, user


def regions(*sizes: int) -> Json:
    """Regions with a person each, more work than a day holds, and wishes; the second task of each follows the first."""
    users = [user(f"u{r}", f"r{r}") for r in range(len(sizes))]
    work = [
        appointment(
            f"r{r}-{k}",
            60,
            crew=[position(f"r{r}")],
            preferred_start=at(f"mon {9 + k % 3:02}:00"),
            unassigned_weight=1000 + k,
            after=[link(f"r{r}-0")] if k == 1 else [],
        )
        for r, size in enumerate(sizes)
        for k in range(size)
    ]
    day = span("mon 08:00", "mon 16:00")
    return problem(horizon=day, users=users, appointments=work, weights={"preferred_time": 1})


def groups(*sizes: int) -> list[list[int]]:
    """The tasks of each region."""
    return [list(range(sum(sizes[:r]), sum(sizes[: r + 1]))) for r in range(len(sizes))]


def begun(*sizes: int) -> tuple[Problem, Instance, Packed]:
    item = Problem.parse(regions(*sizes))
    instance = lower(item)
    return item, instance, pack(instance)


def cost(item: Problem, instance: Instance, solution: Solution) -> int:
    left = tuple(Unassigned(appointment=instance.tasks[i].id) for i, place in enumerate(solution) if place is None)
    report = check(item, Plan(assignments=tuple(assemble(item, instance, solution)), unassigned=left))
    assert report.violations == ()
    return report.cost


@pytest.mark.parametrize(
    ("sizes", "workers", "parts"),
    [
        ((10, 10), 2, [10, 10]),
        ((10, 10), 4, [10, 10]),
        ((10, 10), 1, [20]),
        ((30, 10), 2, [40]),
        ((6, 5, 4, 5), 2, [10, 10]),
        ((20,), 2, [20]),
    ],
    ids=["even", "more workers", "one worker", "uneven", "bundled", "whole"],
)
def test_problem_is_divided_into_even_parts(sizes: tuple[int, ...], workers: int, parts: list[int]) -> None:
    _, instance, packed = begun(*sizes)
    found = divide(instance, packed, greedy(instance, packed, 0), groups(*sizes), workers)
    assert [len(part.tasks) for part in found] == parts
    assert sorted(task for part in found for task in part.tasks) == list(range(sum(sizes)))


def test_restricted_problem_keeps_its_links() -> None:
    _, instance, _ = begun(3, 3)
    own = restricted(instance, [3, 4, 5])
    assert [task.id for task in own.tasks] == ["r1-0", "r1-1", "r1-2"]
    assert own.task_index == {"r1-0": 0, "r1-1": 1, "r1-2": 2}
    assert [(found.before, found.after) for task in own.tasks for found in task.links_in] == [(0, 1)]
    assert [(found.before, found.after) for task in instance.tasks for found in task.links_in] == [(0, 1), (3, 4)]


def test_price_of_the_parts_is_that_of_the_whole() -> None:
    item, instance, packed = begun(12, 12)
    start = greedy(instance, packed, 0)
    whole, parts = (
        Annealing(instance, packed, start, 2, 0),
        Annealing(instance, packed, start, 2, 0, None, groups(12, 12)),
    )
    assert parts.price() == whole.price() == (0, cost(item, instance, whole.solution()))
    assert parts.solution() == whole.solution()
    assert parts.assigned == whole.assigned
    parts.run(Clock(60.0), 60.0, 1000, lambda: False)
    assert parts.price() < whole.price()
    assert parts.price() == (0, cost(item, instance, parts.solution()))
    assert parts.assigned == sum(place is not None for place in parts.solution())
    # eight of the twelve fit, the dearest; the first three of an hour each at its wish
    assert parts.assigned == 16


def test_parts_share_an_offered_plan() -> None:
    _, instance, packed = begun(12, 12)
    start = greedy(instance, packed, 0)
    found = Annealing(instance, packed, start, 1, 0)
    found.run(Clock(60.0), 60.0, 2000, lambda: False)
    parts = Annealing(instance, packed, start, 2, 0, None, groups(12, 12))
    parts.offer(found.solution())
    assert parts.price() == found.price()
    assert parts.solution() == found.solution()


def test_processes_place_the_parts_like_threads() -> None:
    _, instance, packed = begun(12, 12)
    start = greedy(instance, packed, 0)
    here = Annealing(instance, packed, start, 2, 5, None, groups(12, 12))
    here.run(Clock(60.0), 60.0, 500, lambda: False)
    with Processes(Options(workers=2, max_iterations=500)) as processes:
        there = Annealing(instance, packed, start, 2, 5, processes, groups(12, 12))
        there.run(Clock(60.0), 60.0, 500, lambda: False)
        assert there.solution() == here.solution()
