"""Improving plans block by block: every step is exact, repeatable and stops when it is told to."""

import threading
import time

import pytest
from hypothesis import given, settings

from models.plan import Assignment
from solver.assemble import assemble
from solver.cpsat.fixed import EVERYWHERE, Scope
from solver.cpsat.price import price
from solver.instance import Placement, Solution
from solver.neighbourhoods import Improvement, Neighbourhoods
from solver.neighbourhoods.block import Block
from solver.neighbourhoods.landscape import Landscape
from solver.neighbourhoods.relations import Relations
from solver.neighbourhoods.submodel import Found, solve_block
from tests.brute_force import TooManyPlansError, best_plan
from tests.factories import Json, appointment, at, current, position, problem, span, user
from tests.solver.neighbourhoods.worlds import World, random_world, world
from tests.strategies import problems

STEPS = 25
ON_ROUTES = ("locations", "depots", "waiting", "flexible_break", "current")
GROUPS = ("teams", "resources", "buffers", "capacity_limit", "pinned")
LINKS = ("links", "clients", "continuity", "mandatory", "headcount")
CASES = [
    pytest.param(seed, features, id=f"{name} {seed}")
    for name, seeds, features in (
        ("anything", range(4), ()),
        ("routes", range(10, 14), ON_ROUTES),
        ("groups", range(20, 24), GROUPS),
        ("links", range(30, 34), LINKS),
    )
    for seed in seeds
]


def improved(about: World, steps: int, seed: int = 0, threads: int = 1) -> list[Improvement]:
    """All better plans of so many blocks."""
    told: list[Improvement] = []
    Neighbourhoods(about.instance, seed).improve(
        about.solution, about.price, steps=steps, threads=threads, on_better=told.append
    )
    return told


def is_exact(about: World, told: list[Improvement]) -> None:
    """Every plan is better than the one before, breaks nothing and costs what `check` says."""
    before = about.price
    for better in told:
        report = about.report(better.solution)
        assert not [violation for violation in report.violations if violation.rule != "mandatory"]
        assert (len(report.violations), report.cost) == better.price
        assert better.cost == price(about.instance, better.solution)
        assert better.price < before
        before = better.price


@settings(max_examples=25, deadline=None)
@given(problems("small"))
def test_small_plans_improve_exactly(document: Json) -> None:
    about = world(document)
    is_exact(about, improved(about, 12))


@pytest.mark.parametrize(("seed", "features"), CASES)
def test_medium_plans_improve_exactly(seed: int, features: tuple[str, ...]) -> None:
    about = random_world(seed, 24, features)
    told = improved(about, STEPS, seed)
    assert told
    is_exact(about, told)


def test_two_threads_improve_exactly() -> None:
    about = random_world(3, 40, ("locations", "teams", "resources"))
    told = improved(about, 60, threads=2)
    assert told
    is_exact(about, told)


def test_steps_give_the_same_plans_again() -> None:
    about = random_world(5, 30, ("locations", "links"))
    assert improved(about, 40, 7) == improved(about, 40, 7) != []


def test_best_plan_of_a_tiny_problem_is_found() -> None:
    # Ana and Bo have a morning each; the two long appointments only fit if the short one is not in their way.
    short = appointment("s", 60, crew=[position()], unassigned_weight=5, preferred_start=at("mon 09:00"))
    long = [
        appointment(name, 180, crew=[position()], unassigned_weight=100, windows=[span("mon 08:00", "mon 12:00")])
        for name in "pq"
    ]
    day = problem(users=[user("ana"), user("bo")], appointments=[short, *long], weights={"preferred_time": 1})
    about = world(day)
    start: Solution = [Placement(9 * 60, users=(0,)), None, Placement(8 * 60, users=(1,))]
    told: list[Improvement] = []
    best = Neighbourhoods(about.instance).improve(start, (0, 100), steps=20, on_better=told.append)
    assert best is not None
    assert best is told[-1]
    assert (best.mandatory_out, best.cost) == (0, 5)


def test_nothing_better_than_the_best_plan_is_claimed() -> None:
    about = world(problem(users=[user("ana")], appointments=[appointment("a", crew=[position()])]))
    assert Neighbourhoods(about.instance).improve([Placement(0, users=(0,))], (0, 0), steps=5) is None


def test_nothing_moves_where_all_is_pinned() -> None:
    about = world(problem(appointments=[appointment("a", pinned=True, current=current("mon 09:00"))]))
    assert Neighbourhoods(about.instance).step(about.solution, about.price) is None
    assert Neighbourhoods(about.instance).improve(about.solution, about.price, seconds=5) is None


def test_step_goes_on_from_any_plan() -> None:
    # The plan between two steps is not the one that the first step made.
    about = random_world(8, 24)
    one = Neighbourhoods(about.instance)
    solution, worth = about.solution, about.price
    for number in range(30):
        better = one.step(solution, worth, None)
        if better is not None:
            is_exact(World(about.problem, about.instance, solution), [better])
            solution, worth = (better.solution, better.price) if number % 3 else (about.solution, about.price)


def test_stop_and_time_end_the_search() -> None:
    about = random_world(4, 40)
    one = Neighbourhoods(about.instance)
    stop = threading.Event()
    stop.set()
    assert one.improve(about.solution, about.price, stop=stop) is None
    began = time.monotonic()
    one.improve(about.solution, about.price, seconds=0.5, threads=2)
    assert time.monotonic() - began < 5.0


def solved(about: World, block: Block) -> Found:
    """What the model says of a block of the plan."""
    landscape = Landscape(Relations(about.instance), about.solution)
    return solve_block(landscape.standing, block, about.price, seconds=None, work=30.0, seed=0)


def after(about: World, steps: int) -> World:
    """The same problem with a better plan."""
    told = improved(about, steps)
    return about._replace(solution=told[-1].solution) if told else about


@pytest.mark.parametrize("seed", range(500, 530))
def test_closed_block_has_no_better_plan(seed: int) -> None:
    # Two tasks are free and may be given to one user only, or to whom they have: then brute force is asked the same.
    about = after(random_world(seed, "tiny", ("links", "mandatory") if seed % 2 else ()), 2)
    loose = [i for i, task in enumerate(about.instance.tasks) if task.pinned is None][:2]
    crews = {user for i in loose if (place := about.solution[i]) is not None for user in place.users}
    block = Block(tuple(loose), Scope(frozenset(crews | {seed % len(about.instance.users)})))
    found = solved(about, block)
    names = {about.instance.tasks[i].id for i in loose}
    able = {about.instance.users[user].id for user in block.scope.users or ()}
    items = [
        item.model_copy(update={"users": item.users.model_copy(update={"allowed": _among(item.users.allowed, able)})})
        if item.id in names
        else item
        for item in about.problem.appointments
    ]
    standing = plan_assignments(about)
    held = {
        task.id: standing.get(task.id)
        for i, task in enumerate(about.instance.tasks)
        if i not in loose and task.pinned is None
    }
    try:
        best = best_plan(about.problem.model_copy(update={"appointments": tuple(items)}), 3000, held)
    except TooManyPlansError:
        pytest.skip("more plans than can be tried")
    if found.solution is None:
        assert not found.proved or (best.mandatory_out, best.cost) >= about.price
    else:
        assert found.proved
        better = about._replace(solution=found.solution)
        assert (best.mandatory_out, best.cost) == better.price < about.price


def _among(allowed: tuple[str, ...] | None, able: set[str]) -> tuple[str, ...]:
    return tuple(sorted(able if allowed is None else able.intersection(allowed)))


def plan_assignments(about: World) -> dict[str, Assignment]:
    """The assignments of a plan by appointment."""
    return {one.appointment: one for one in assemble(about.problem, about.instance, about.solution)}


def two_wishes() -> World:
    """Two appointments in a row, both wished for nine o'clock, at two people's hands."""
    items = [appointment(name, crew=[position()], preferred_start=at("mon 09:00")) for name in "ab"]
    about = world(problem(users=[user("ana"), user("bo")], appointments=items, weights={"preferred_time": 1}))
    return about._replace(solution=[Placement(9 * 60, users=(0,)), Placement(10 * 60, users=(0,))])


@pytest.mark.parametrize(
    ("scope", "start"),
    [
        (EVERYWHERE, 9 * 60),
        (Scope(frozenset({1})), 9 * 60),
        (Scope(frozenset({0})), None),
        (Scope(None, ((9 * 60, 10 * 60),)), 9 * 60),
        (Scope(None, ((10 * 60, 12 * 60),)), None),
    ],
    ids=["anywhere", "the other user", "the same user", "in time", "out of time"],
)
def test_scope_says_who_and_when(scope: Scope, start: int | None) -> None:
    found = solved(two_wishes(), Block((1,), scope))
    assert found.proved
    assert start == (None if found.solution is None else found.solution[1] and found.solution[1].start)


def test_people_who_serve_little_are_freed_of_it() -> None:
    # Each of four people serves one appointment; one could serve all of them.
    items = [appointment(name, crew=[position()], windows=[span("mon 08:00", "mon 16:00")]) for name in "abcd"]
    about = world(problem(users=[user(name) for name in "wxyz"], appointments=items, weights={"headcount": 10}))
    start: Solution = [Placement(8 * 60, users=(n,)) for n in range(4)]
    best = Neighbourhoods(about.instance).improve(start, (0, 40), steps=30)
    assert best is not None
    assert best.cost == 10
