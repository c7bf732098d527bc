"""Few people for fixed work: which problems are that, and that the plans, bounds and proofs hold."""

import random
import threading
from typing import Any

import pytest

from models.problem import Problem
from solver.check import check
from solver.cpsat.price import price
from solver.headcount import Fewest, Form, HeadcountSearch, read_form
from solver.instance import Instance, Placement
from solver.lower import lower
from solver.model import solve_model
from tests.brute_force import best_plan
from tests.factories import Json, appointment, at, current, hours, link, position, problem, resource, rule, span, user
from tests.solver.modelled import plan_of

ROUNDS = 6
CREW = [position()]


def fixed(ident: str, start: int, end: int, *allowed: str, **fields: Any) -> Json:
    """A mandatory appointment from one full hour of Monday to another, for some users only."""
    window = span(f"mon {start:02}:00", f"mon {end:02}:00")
    users = {"users": {"allowed": list(allowed)}} if allowed else {}
    return appointment(
        ident, 60 * (end - start), **{"windows": [window], "crew": CREW, "mandatory": True, **users, **fields}
    )


def work_of(*items: Json, people: str = "abc", **parts: Any) -> Json:
    """A day of fixed work that counts heads."""
    weights = {"headcount": 5, **parts.pop("weights", {})}
    return problem(users=[user(name) for name in people], appointments=list(items), weights=weights, **parts)


def form_of(document: Json) -> tuple[Problem, Instance, Form]:
    """A problem, its instance and its form."""
    parsed = Problem.parse(document)
    instance = lower(parsed)
    form = read_form(instance)
    assert form is not None
    return parsed, instance, form


def random_work(seed: int, tasks: int, people: int, **fields: Any) -> Json:
    """Fixed work of random hours for random people."""
    draw = random.Random(seed)
    names = [f"u{k}" for k in range(people)]
    items = []
    for k in range(tasks):
        start = draw.randint(6, 18)
        able = draw.sample(names, draw.randint(1, people))
        items.append(fixed(f"a{k}", start, start + draw.randint(1, 4), *able, **fields))
    weights = {"headcount": 5}
    return problem(users=[user(name) for name in names], appointments=items, weights=weights)


OTHER_WORK: dict[str, Json] = {
    "no headcount": work_of(fixed("p", 8, 9), weights={"headcount": 0}),
    "two starts": work_of(appointment("p", windows=[span("mon 08:00", "mon 10:00")], crew=CREW, mandatory=True)),
    "two people": work_of(fixed("p", 8, 9, crew=[position(), position()])),
    "nobody": work_of(fixed("p", 8, 9, crew=[])),
    "a room": work_of(fixed("p", 8, 9, resources=[{"resource": "hall"}]), resources=[resource("hall")]),
    "a link": work_of(fixed("p", 8, 9), fixed("q", 9, 10, after=[link("p")])),
    "not worth a user": work_of(fixed("p", 8, 9, mandatory=False, unassigned_weight=4)),
    "balance": work_of(fixed("p", 8, 9), weights={"workload_balance": 1}),
    "waiting": work_of(fixed("p", 8, 9), weights={"waiting": 1}),
    "preferred users": work_of(fixed("p", 8, 9, users={"preferred": ["a"]}), weights={"preferred_users": 1}),
    "a limit": work_of(fixed("p", 8, 9), rules=[rule("capacity_limit", parameters={"max_per_day": 2})]),
    "a break": work_of(
        fixed("p", 8, 9),
        rules=[
            rule(
                "break_time",
                applies_to_users=["a"],
                start_time="11:00",
                end_time="13:00",
                parameters={"duration_minutes": 30},
            )
        ],
    ),
}


@pytest.mark.parametrize("name", OTHER_WORK)
def test_other_work_is_no_form(name: str) -> None:
    assert read_form(lower(Problem.parse(OTHER_WORK[name]))) is None


def test_form_knows_who_may_serve_what() -> None:
    # Bo is away until ten, Cy is at another appointment until nine, and nobody may serve s.
    items = [
        fixed("p", 8, 9),
        fixed("q", 9, 11),
        fixed("r", 10, 11, buffer_before_minutes=30),
        fixed("s", 8, 9, users={"allowed": []}),
        appointment("t", 60, crew=CREW, pinned=True, current=current("mon 08:00", "c")),
    ]
    day = work_of(*items)
    day["users"][1] = user("b", availability=hours("10:00", "20:00"))
    _, instance, form = form_of(day)
    assert [instance.tasks[i].id for i in form.tasks] == ["p", "q", "r"]
    entries = zip(form.work.first[:-1].tolist(), form.work.first[1:].tolist(), strict=True)
    assert [form.work.user[low:high].tolist() for low, high in entries] == [[0], [0, 2], [0, 1, 2]]
    assert form.work.begin.tolist() == [480, 540, 570]
    assert form.work.paid.tolist() == [0, 0, 1]


def fewest(form: Form, seed: int = 0, threads: int = 1) -> Fewest:
    """What a short search finds."""
    return HeadcountSearch(form, seed, threads).run(rounds=ROUNDS)


def test_one_user_serves_what_two_could() -> None:
    # a can serve both, one after the other; b and c only one each.
    _, instance, form = form_of(work_of(fixed("p", 8, 9, "a", "b"), fixed("q", 9, 10, "a", "c")))
    found = fewest(form)
    assert (found.users, found.bound, found.solution) == (
        1,
        1,
        [Placement(480, users=(0,)), Placement(540, users=(0,))],
    )
    assert found.solution is not None
    assert price(instance, found.solution) == 5


def test_user_whom_a_pinned_task_calls_in_costs_nothing_more() -> None:
    items = [fixed("p", 10, 11), fixed("q", 8, 9, pinned=True, current=current("mon 08:00", "c"))]
    _, _, form = form_of(work_of(*items))
    found = fewest(form)
    assert (found.users, found.proved) == (1, True)
    assert found.solution is not None
    assert found.solution[0] == Placement(600, users=(2,))


def test_no_plan_where_something_must_be_left_out() -> None:
    _, _, form = form_of(work_of(fixed("p", 8, 9, "a"), fixed("q", 8, 9, "a"), fixed("r", 8, 9, "b")))
    assert (fewest(form).users, fewest(form).solution) == (None, None)


@pytest.mark.parametrize("seed", range(12))
def test_fewest_equals_brute_force(seed: int) -> None:
    parsed, instance, form = form_of(random_work(seed, 6, 4))
    best = best_plan(parsed)
    found = fewest(form, seed)
    if found.solution is None:
        assert best.mandatory_out
        return
    assert found.bound * 5 <= best.cost
    assert found.users is not None
    assert 5 * found.users - found.spare <= best.cost
    report = check(parsed, plan_of(parsed, instance, found.solution))
    assert (report.violations, report.cost) == ((), 5 * (found.users or 0))
    assert (best.mandatory_out, best.cost) == (0, report.cost)


@pytest.mark.parametrize("seed", range(8))
def test_bound_of_optional_work_holds(seed: int) -> None:
    # Each task is worth 1.2 users, so leaving some out can be cheaper than what serving everything would take.
    parsed, _, form = form_of(random_work(50 + seed, 6, 3, mandatory=False, unassigned_weight=6))
    found = fewest(form, seed)
    if found.users is not None:
        assert 5 * found.users - found.spare <= best_plan(parsed).cost <= 5 * found.users


@pytest.mark.parametrize("seed", range(3))
def test_larger_work_equals_the_whole_model(seed: int) -> None:
    parsed, instance, form = form_of(random_work(100 + seed, 25, 9))
    proved = solve_model(instance, range(25), [None] * 25, seconds=60)
    found = fewest(form, seed, threads=2)
    if proved.mandatory_out:
        assert found.solution is None
        return
    assert (proved.status, proved.cost) == ("optimal", 5 * (found.users or 0))
    assert found.solution is not None
    assert not check(parsed, plan_of(parsed, instance, found.solution)).violations


@pytest.mark.parametrize("threads", [1, 2])
def test_rounds_give_the_same_plan_again(threads: int) -> None:
    _, _, form = form_of(random_work(7, 60, 25))
    assert fewest(form, 3, threads) == fewest(form, 3, threads)


def test_search_tells_every_better_plan_and_never_loses_the_one_it_got() -> None:
    _, _, form = form_of(random_work(8, 40, 20))
    told: list[int] = []
    first = HeadcountSearch(form, 1).run(rounds=ROUNDS, on_better=lambda _, users: told.append(users))
    assert told == sorted(set(told), reverse=True)
    assert told[-1] == first.users
    again = HeadcountSearch(form, 2).run(rounds=0, start=first.solution)
    assert again.users is not None
    assert first.users is not None
    assert again.users <= first.users


def test_stop_set_before_the_start_still_gives_a_plan() -> None:
    _, _, form = form_of(random_work(9, 40, 20))
    stop = threading.Event()
    stop.set()
    assert HeadcountSearch(form).run(stop=stop).users is not None


def test_start_of_fixed_work_may_be_off_the_grid_where_it_stands() -> None:
    # The window has one start: ten past eight, where it stands today and which is not on the hourly grid.
    item = fixed("p", 8, 9, windows=[{"start": at("mon 08:10"), "end": at("mon 09:10")}], current=current("mon 08:10"))
    _, _, form = form_of(work_of(item))
    assert form.starts == [490]
