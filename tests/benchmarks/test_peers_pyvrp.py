"""PyVRP on tiny routing problems whose optimum is derived by hand or proved."""

from __future__ import annotations

from random import Random
from typing import Any

import pytest

from benchmarks.engine import Engine, EngineResult, Unsupported, entry_of
from models.problem import Problem
from solver.check import check
from solver.solve import Options, solve
from tests.factories import appointment, at, hours, position, problem, resource, rule, span, user

pytest.importorskip("pyvrp")

LEFT_OUT = 40_000  # the price of a normal appointment
DAY = hours("08:00", "12:00", "mon tue")
PLACES = ("home", "x", "y")
# From home x is 10 minutes away and y 20; from x to y it takes 15 minutes, and 25 back.
TRAVEL = {"locations": list(PLACES), "minutes": [[0, 10, 20], [10, 0, 15], [20, 25, 0]]}


def visit(ident: str, location: str, minutes: int = 60, **fields: Any) -> dict[str, Any]:
    return appointment(ident, minutes, location=location, crew=[fields.pop("crew", position())], **fields)


def round_trips(**parts: Any) -> dict[str, Any]:
    """One or two mornings of people who start and end at home, in steps of five minutes."""
    usual = {
        "users": [user("ana", availability=DAY, start_location="home", end_location="home")],
        "locations": [{"id": place, "latitude": 0.0, "longitude": 0.0} for place in PLACES],
        "travel": TRAVEL,
        "step_minutes": 5,
        "weights": {"travel": 1},
    }
    return problem(**usual | parts)


def engine() -> Engine:
    entry, variant = entry_of("pyvrp")
    return entry.load(variant)


def plan(document: dict[str, Any], seconds: float = 0.3) -> EngineResult:
    """Plan, and have `check` agree with all that is stated."""
    result = engine().solve(document, seconds, 1, 1)
    assert result.plan is not None
    report = check(Problem.parse(document), result.plan)
    assert report.violations == ()
    assert report.cost == result.cost == result.plan.cost == result.events[-1].cost
    return result


CASES: dict[str, tuple[dict[str, Any], int]] = {
    # home, x, y, home is 10 + 15 + 20; the other way round is 20 + 25 + 10.
    "asymmetric ways": (round_trips(appointments=[visit("a", "x"), visit("b", "y")]), 45),
    # A wish of the window turns it round, though the service alone would fit before the other.
    "windows": (
        round_trips(appointments=[visit("a", "x", windows=[span("mon 10:00", "mon 12:00")]),
                                  visit("b", "y", windows=[span("mon 08:00", "mon 10:30")])]),
        55,
    ),
    # Four hours less the 20 minutes there and back hold three of them; the lowest priority stays out.
    "prizes": (
        round_trips(appointments=[visit(f"a{i}", "x", windows=[span("mon 08:00", "mon 12:00")],
                                        priority="low" if i == 2 else "high") for i in range(4)]),
        10_000 + 20,
    ),
    # It must be done, which costs a dearer one.
    "mandatory": (
        round_trips(appointments=[visit("a", "x", 180, priority="low", mandatory=True,
                                        windows=[span("mon 08:00", "mon 12:00")]),
                                  visit("b", "x", 180, windows=[span("mon 08:00", "mon 12:00")])]),
        LEFT_OUT + 20,
    ),
    # What is too long for one morning goes to the next one: two round trips.
    "shifts": (
        round_trips(horizon=span("mon 00:00", "tue 24:00"),
                    appointments=[visit("a", "x", 150), visit("b", "x", 150)]),
        40,
    ),
    # Only Bo has the skill, and Ana is the only one who may do the other.
    "skills": (
        round_trips(
            users=[user("ana", availability=DAY, start_location="home", end_location="home"),
                   user("bo", "glass", availability=DAY, start_location="x", end_location="x")],
            appointments=[visit("a", "y", crew=position("glass")), visit("b", "x", users={"allowed": ["ana"]}),
                          visit("c", "x", crew=position("magic"))],
        ),
        40 + 20 + LEFT_OUT,
    ),
    # Without a place to start or end at, only the way from one to the other counts.
    "anywhere": (
        round_trips(users=[user("ana", availability=DAY)], appointments=[visit("a", "x"), visit("b", "y")]),
        15,
    ),
    # From 8:00 the first start after 10 minutes is 8:30 on a grid of half hours; after it, 75 minutes are 90: 10:00 is
    # the start of the second, which ends at 11:00 and is home at 11:20.
    "grid": (
        round_trips(step_minutes=30, horizon=span("mon 00:00", "mon 24:00"),
                    appointments=[visit("a", "x", windows=[span("mon 08:00", "mon 09:30")]),
                                  visit("b", "y", windows=[span("mon 09:35", "mon 11:00")])]),
        45,
    ),
    "nothing to do": (round_trips(), 0),
    "nobody there": (round_trips(users=[], appointments=[visit("a", "x")]), LEFT_OUT),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_pyvrp_finds_the_optimum_of_a_tiny_problem(case: str) -> None:
    document, least = CASES[case]
    assert plan(document).cost == least


def test_pyvrp_starts_on_the_grid_after_the_way() -> None:
    document, _ = CASES["grid"]
    found = plan(document).plan
    assert found is not None
    starts = {one.appointment: one.start.isoformat() for one in found.assignments}
    assert starts == {"a": "2026-11-23T08:30:00+00:00", "b": "2026-11-23T10:00:00+00:00"}


@pytest.mark.filterwarnings("ignore::pyvrp.exceptions.PenaltyBoundWarning")  # that it finds nothing feasible
def test_pyvrp_without_a_plan_for_what_is_mandatory_has_none() -> None:
    document = round_trips(appointments=[visit(f"a{i}", "x", 180, mandatory=True) for i in range(2)])
    result = engine().solve(document, 0.3, 1, 1)
    assert (result.plan, result.cost, result.events) == (None, None, ())


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_pyvrp_never_beats_the_proved_optimum(seed: int) -> None:
    random = Random(seed)
    document = round_trips(
        users=[user(name, availability=DAY, start_location="home", end_location="home") for name in ("ana", "bo")],
        locations=[
            {"id": place, "latitude": random.uniform(0, 0.2), "longitude": random.uniform(0, 0.2)}
            for place in ("home", *map(str, range(8)))
        ],
        travel={},
        appointments=[visit(f"a{i}", str(i), random.choice([30, 60, 90])) for i in range(8)],
    )
    proved = solve(Problem.parse(document), Options(time_limit_seconds=20, workers=2))
    assert proved.bound is not None
    cost = plan(document, 1.0).cost
    assert cost is not None
    assert cost >= proved.bound


def with_user(**fields: Any) -> dict[str, Any]:
    return round_trips(users=[user("ana", **fields)], appointments=[visit("a", "x")])


BEYOND: dict[str, tuple[dict[str, Any], str]] = {
    "place": (
        round_trips(appointments=[appointment("a", crew=[position()])]),
        "work without a place (appointments[0].location)",
    ),
    "crew": (
        round_trips(appointments=[visit("a", "x", crew=position(count=2))]),
        "crews of other than one person (appointments[0].crew)",
    ),
    "windows": (
        round_trips(appointments=[visit("a", "x", windows=[span("mon 08:00", "mon 10:00"),
                                                           span("mon 11:00", "mon 12:00")])]),
        "several windows (appointments[0].windows)",
    ),
    "preferred start": (
        round_trips(appointments=[visit("a", "x", preferred_start=at("mon 09:00"))], weights={"preferred_time": 1}),
        "preferred starts (appointments[0].preferred_start)",
    ),
    "resources": (
        round_trips(appointments=[visit("a", "x", resources=[{"resource": "van"}])], resources=[resource("van")]),
        "resources (appointments[0].resources)",
    ),
    "buffers": (
        round_trips(appointments=[visit("a", "x", buffer_before_minutes=5)]),
        "buffers (appointments[0].buffer_before_minutes)",
    ),
    "lunch": (
        with_user(availability=hours("08:00", "17:00"))
        | {"rules": [rule("break_time", start_time="12:00", end_time="13:00")]},
        "breaks and closures inside a shift (users[0].availability)",
    ),
    "weekly hours": (
        with_user(availability=DAY, max_hours_per_week=3),
        "weekly hours below the length of the shifts (users[0].max_hours_per_week)",
    ),
}  # fmt: skip


@pytest.mark.parametrize("feature", BEYOND)
def test_pyvrp_refuses_what_it_does_not_model(feature: str) -> None:
    document, words = BEYOND[feature]
    with pytest.raises(Unsupported) as refusal:
        engine().solve(document, 0.3, 1, 0)
    assert str(refusal.value).startswith("pyvrp does not model ")
    assert words in str(refusal.value)
