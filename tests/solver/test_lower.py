from dataclasses import replace

import pytest
from hypothesis import given, settings, strategies as st

from models.errors import InvalidProblem
from models.intervals import subtract, union
from models.plan import Plan
from models.problem import Problem, Weights
from solver.assemble import assemble, read_solution
from solver.check import check
from solver.instance import Instance, Solution
from solver.lower import SAFE_COST, Lowering, largest_cost, lower
from solver.periods import period_table
from solver.reading import Reading
from solver.rules import RULES
from solver.terms import TERMS
from tests.factories import Json, appointment, at, current, position, problem, resource, span, team, user
from tests.solver.plans import lowered
from tests.solver.primitives import Primitives
from tests.solver.rough_plans import rough_plan
from tests.solver.verdicts import PRIMITIVES, families
from tests.strategies import random_problem

SEEDS = st.integers(0, 2**32 - 1)
SIZES = st.sampled_from(["tiny", "small"])


def test_parts_are_numbered_in_the_order_of_the_problem() -> None:
    instance = lowered(
        problem(
            users=[user("ana"), user("bo")],
            teams=[team("red", "bo")],
            resources=[resource("room")],
            appointments=[appointment("a"), appointment("b")],
        )
    )
    assert [(i, s.name) for i, s in instance.subjects()] == [
        (0, "user:ana"), (1, "user:bo"), (2, "team:red"), (3, "resource:room"), (4, "organization:"),
    ]  # fmt: skip
    assert instance.subject_index["team", "red"] == 2
    assert instance.subject_index["organization", ""] == 4
    assert instance.task_index == {"a": 0, "b": 1}


def test_minutes_count_from_the_local_midnight_of_the_first_day() -> None:
    zone = "America/New_York"
    item = problem(timezone=zone, horizon=span("mon 09:00", "tue 17:00", zone), appointments=[appointment("a")])
    instance = lowered(item)
    assert (instance.start, instance.end, instance.step) == (540, 1440 + 1020, 60)
    # Midnight in New York is 05:00 UTC.
    assert instance.origin % 1440 == 300


def test_empty_problem_lowers() -> None:
    instance = lowered(problem())
    assert (instance.tasks, instance.users, instance.periods, instance.travel_exists) == ([], [], {}, False)


def test_rules_and_terms_have_names_of_their_own() -> None:
    for parts in (RULES, TERMS):
        names = [part.NAME for part in parts]
        assert len(set(names)) == len(names)
    assert TERMS[0].NAME == "unassigned"
    assert [term.NAME for term in TERMS[1:]] == list(Weights().effective())


@pytest.mark.parametrize(
    ("period", "expected"),
    [
        # The clock goes back on Sunday the 25th: that day has 25 hours, and so has its week one more.
        pytest.param("day", [0, 1440, 2940, 4380], id="days"),
        pytest.param("week", [-7200, 2940, 13020], id="weeks"),
    ],
)
def test_periods_follow_the_wall_clock(period: str, expected: list[int]) -> None:
    saturday = Problem.parse(
        problem(
            timezone="Europe/Berlin",
            horizon={"start": "2026-10-24T00:00:00+02:00", "end": "2026-10-27T00:00:00+01:00"},
        )
    )
    table = period_table("Europe/Berlin", period, lower(saturday).origin, 0, 4380)
    place = table.index_of(expected[0])
    assert table.starts[place : place + len(expected)] == expected
    assert [table.index_of(minute) - place for minute in (expected[1] - 1, expected[1])] == [0, 1]


def test_periods_reach_a_week_beyond_everything_pinned() -> None:
    far = appointment("a", crew=[position()], current=current("sun 09:00", "ana"), pinned=True)
    far["current"]["start"] = at("sun 09:00", week=8)
    instance = lowered(problem(users=[user("ana", max_hours_per_week=9)], appointments=[far]))
    pinned = instance.tasks[0].pinned
    assert pinned is not None
    for table in instance.periods.values():
        assert table.starts[0] <= instance.start - 7 * 1440
        assert table.starts[-1] >= pinned.start + 7 * 1440


def heavy(weight: int) -> Json:
    return problem(
        horizon={"start": at("mon 00:00"), "end": at("mon 00:00", week=50)},
        users=[user("ana")],
        appointments=[appointment("a", crew=[position()], due=at("mon 00:00"))],
        weights={"lateness": weight},
    )


def test_cost_that_could_overflow_is_refused_with_advice() -> None:
    # 350 days are 504 000 minutes: times 10^12 still fits in 2^61, for one appointment but not for ten.
    assert lower(Problem.parse(heavy(10**12))).tasks[0].late_weight == 10**12
    item = heavy(10**12)
    item["appointments"] = [item["appointments"][0] | {"id": str(k)} for k in range(10)]
    with pytest.raises(InvalidProblem, match=r"weights.*Divide all weights"):
        lower(Problem.parse(item))


def test_labour_that_could_overflow_is_refused() -> None:
    # A million an hour in millionths is 10^12 per minute; 400 days of it exceed 2^61 with a few appointments.
    long = [appointment(str(k), 500_000, crew=[position()]) for k in range(9)]
    item = heavy(0) | {"users": [user("ana", hourly_cost="999999.999999")], "appointments": long}
    assert largest_cost(lower(Problem.parse(item))) < SAFE_COST
    with pytest.raises(InvalidProblem, match="hourly costs"):
        lower(Problem.parse(item | {"weights": {"labor_cost": 1}}))


def read(raw: Json, seed: int) -> tuple[Problem, Instance, Plan, Solution]:
    item, plan = Problem.parse(raw), Plan.parse(rough_plan(raw, seed, exact=True))
    instance = lower(item)
    return item, instance, plan, read_solution(item, instance, plan)


@settings(max_examples=150, deadline=None)
@given(seed=SEEDS, size=SIZES)
def test_primitives_agree_with_the_check_of_careless_plans(seed: int, size: str) -> None:
    raw = random_problem(seed, size)
    item, instance, plan, solution = read(raw, seed)
    for _ in range(6):
        report, primitives = check(item, plan), Primitives(instance, solution)
        expected = {PRIMITIVES[family] for family in families(Reading(item, plan), report.violations)}
        found = primitives.broken()
        if "start" in expected:
            # Outside the horizon the instance knows neither calendars nor shifts.
            unknown = {"open", "break", "travel"}
            expected, found = expected - unknown, found - unknown
        elif "overlap" not in expected:
            # What starts and ends together has no order, so its ways and waits have no meaning.
            assert primitives.cost() == report.cost
        assert found == expected
        culprits = {key for violation in report.violations for key in violation.appointments}
        loose = [a.appointment for a in plan.assignments if not item.is_pinned(item.appointments_by_id[a.appointment])]
        out = [key for key in loose if key in culprits][::2]
        if not out:
            break
        solution = [None if task.id in out else entry for task, entry in zip(instance.tasks, solution, strict=True)]
        left = [{"appointment": task.id} for task, entry in zip(instance.tasks, solution, strict=True) if entry is None]
        plan = Plan.parse({"assignments": assemble(item, instance, solution), "unassigned": left})


@settings(max_examples=100, deadline=None)
@given(seed=SEEDS, size=SIZES)
def test_closed_time_explains_all_that_is_not_open(seed: int, size: str) -> None:
    instance = lower(Problem.parse(random_problem(seed, size)))
    for _, subject in instance.subjects():
        closed = union((closure.start, closure.end) for closure in subject.closed)
        assert subtract([(instance.start, instance.end)], closed) == union(subject.open)


@settings(max_examples=100, deadline=None)
@given(seed=SEEDS, size=SIZES)
def test_largest_cost_bounds_the_cost_of_careless_plans(seed: int, size: str) -> None:
    _, instance, _, solution = read(random_problem(seed, size), seed)
    inside = [
        entry
        if entry is not None and (task.pinned is not None or entry.start in range(instance.start, instance.end))
        else None
        for task, entry in zip(instance.tasks, solution, strict=True)
    ]
    assert Primitives(instance, inside).cost() <= largest_cost(instance)


@settings(deadline=None, max_examples=60)
@given(SEEDS, SIZES)
def test_one_more_appointment_is_lowered_like_all_the_others(seed: int, size: str) -> None:
    known = Problem.parse(random_problem(seed, size))
    lowering = Lowering(known)
    for item, task in zip(known.appointments, lowering.instance.tasks, strict=True):
        followers = list(task.links_out)
        assert replace(lowering.task(item), links_out=followers) == task
