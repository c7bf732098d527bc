"""The peers for the core of a problem, on tiny ones whose optimum is derived by hand or proved."""

from __future__ import annotations

from importlib.util import find_spec
from typing import Any

import pytest

from benchmarks.engine import Engine, EngineResult, Unsupported, entry_of
from benchmarks.generate import core
from models.enums import PlanStatus
from models.problem import Problem
from solver.check import check
from solver.solve import Options, solve
from tests.factories import appointment, at, current, hours, link, position, problem, resource, rule, span, team, user

EXACT = ("cpsat", "pyjobshop")
PEERS = (*EXACT, "timefold")
SECONDS = {"cpsat": 20.0, "pyjobshop": 20.0, "timefold": 1.5}  # the first two stop when they have a proof

LEFT_OUT = 40_000  # the price of a normal appointment
DAY = hours("09:00", "17:00")


def engine_of(name: str) -> Engine:
    if find_spec(name) is None and name != "cpsat":
        pytest.skip(f"{name} is not installed")
    entry, variant = entry_of(name)
    return entry.load(variant)


def plan_with(name: str, document: dict[str, Any]) -> EngineResult:
    """Plan, and have `check` agree with all that is stated."""
    result = engine_of(name).solve(document, SECONDS[name], 2, 1)
    assert result.plan is not None
    report = check(Problem.parse(document), result.plan)
    assert report.violations == ()
    assert report.cost == result.cost == result.plan.cost
    assert [event.cost for event in result.events] == sorted({event.cost for event in result.events}, reverse=True)
    assert result.events[-1].cost == result.cost
    return result


CREWED: dict[str, Any] = {"crew": [position()]}

# A document and its least cost.
CASES: dict[str, tuple[dict[str, Any], int]] = {
    # Ana can do one of the two at a time, both fit one after the other: 9 and 10 for a wish of 9, an hour away.
    "one at a time": (
        problem(
            users=[user("ana", availability=DAY)],
            appointments=[appointment(f"a{i}", preferred_start=at("mon 09:00"), **CREWED) for i in (1, 2)],
            weights={"preferred_time": 1},
        ),
        60,
    ),
    # Two windows of an hour in the same hour, one person: one of them is left out, the normal one.
    "priorities": (
        problem(
            users=[user("ana")],
            appointments=[
                appointment("a1", windows=[span("mon 09:00", "mon 10:00")], **CREWED),
                appointment("a2", windows=[span("mon 09:00", "mon 10:00")], priority="urgent", **CREWED),
            ],
        ),
        LEFT_OUT,
    ),
    # The wish lies in neither window; from the first it is 8 to 10, two hours, from the second one hour.
    "windows": (
        problem(
            users=[user("ana")],
            appointments=[
                appointment(
                    "a1",
                    windows=[span("mon 08:00", "mon 09:00"), span("mon 11:00", "mon 12:00")],
                    preferred_start=at("mon 10:00"),
                    **CREWED,
                ),
            ],
            weights={"preferred_time": 1},
        ),
        60,
    ),
    # Only Bo has the level, only Cy the certificate, and Di, who has both, is excluded: two people at nine.
    "skills": (
        problem(
            users=[
                user("ana", "glass"),
                {"id": "bo", "skills": [{"name": "glass", "level": 2}], "availability": DAY},
                user("cy", "glass", certifications=["lift"]),
                {"id": "di", "skills": [{"name": "glass", "level": 3}], "certifications": ["lift"]},
            ],
            appointments=[
                appointment(
                    "a1",
                    crew=[position({"name": "glass", "level": 2}), position(certifications=["lift"])],  # type: ignore[arg-type]
                    users={"excluded": ["di"]},
                    preferred_start=at("mon 08:00"),
                ),
            ],
            weights={"preferred_time": 1},
        ),
        60,
    ),
    # Two of a kind are needed and only one is allowed.
    "crew of two": (
        problem(
            users=[user("ana"), user("bo")],
            appointments=[
                appointment("a1", crew=[position(count=2)]),
                appointment("a2", crew=[position(count=2)], users={"allowed": ["ana"]}),
            ],
        ),
        LEFT_OUT,
    ),
    # Closed by leave until 11 and for lunch from 12: two hours fit at 13, four away from the wish.
    "closures": (
        problem(
            users=[user("ana", availability=DAY, unavailable=[span("mon 09:00", "mon 11:00")])],
            rules=[rule("break_time", start_time="12:00", end_time="13:00")],
            appointments=[appointment("a1", 120, preferred_start=at("mon 09:00"), **CREWED)],
            weights={"preferred_time": 1},
        ),
        240,
    ),
    # Three hours a week: one of two appointments of two hours.
    "weekly hours": (
        problem(
            users=[user("ana", max_hours_per_week=3)],
            appointments=[appointment(f"a{i}", 120, **CREWED) for i in (1, 2)],
        ),
        LEFT_OUT,
    ),
    # One van for three users, in a window of two hours; the bicycle is no van, the small one too small.
    "resources": (
        problem(
            users=[user(f"u{i}") for i in (1, 2, 3)],
            resources=[
                resource("van", "vehicle", capacity=2, features=["lift"]),
                resource("small", "vehicle", features=["lift"]),
                resource("bicycle", "equipment", capacity=2, features=["lift"]),
            ],
            appointments=[
                appointment(
                    f"a{i}",
                    windows=[span("mon 09:00", "mon 11:00")],
                    resources=[{"resource_type": "vehicle", "features": ["lift"], "min_capacity": 2}],
                    **CREWED,
                )
                for i in (1, 2, 3)
            ],
        ),
        LEFT_OUT,
    ),
    # Nobody is needed: it waits for the working hours, from 8 to 10.
    "nobody": (
        problem(
            rules=[rule("working_hours", start_time="10:00", end_time="18:00")],
            appointments=[appointment("a1", preferred_start=at("mon 08:00"))],
            weights={"preferred_time": 1},
        ),
        120,
    ),
    # Nobody can: that is no error, and neither is a window that is too short.
    "hopeless": (
        problem(
            users=[user("ana")],
            appointments=[
                appointment("a1", crew=[position("magic")]),
                appointment("a2", windows=[span("mon 09:00", "mon 09:30")], **CREWED),
                appointment("a3", **CREWED),
            ],
        ),
        2 * LEFT_OUT,
    ),
}


@pytest.mark.parametrize("name", PEERS)
@pytest.mark.parametrize("case", CASES)
def test_peer_finds_the_optimum_of_a_tiny_problem(name: str, case: str) -> None:
    document, least = CASES[case]
    result = plan_with(name, document)
    assert result.cost == least
    if name in EXACT:
        assert result.bound == least
        assert result.plan is not None
        assert result.plan.status is PlanStatus.OPTIMAL
    else:
        assert result.bound is None


@pytest.mark.parametrize("name", PEERS)
@pytest.mark.parametrize("seed", [1, 2])
def test_peer_never_beats_the_proved_optimum_of_a_core_problem(name: str, seed: int) -> None:
    document = core(15, seed)
    proved = solve(Problem.parse(document), Options(time_limit_seconds=20, workers=2))
    assert proved.status is PlanStatus.OPTIMAL
    assert proved.cost is not None
    result = plan_with(name, document)
    assert result.cost is not None
    assert result.cost >= proved.cost
    if name in EXACT:
        assert result.cost == result.bound == proved.cost


def asking(**fields: Any) -> dict[str, Any]:
    return problem(
        users=[user("ana")],
        teams=[team("t", "ana")],
        resources=[resource("van", "vehicle", capacity=4)],
        locations=[{"id": "here", "latitude": 1.0, "longitude": 1.0}],
        travel={},
        appointments=[appointment("a0", **CREWED), appointment("a1", **CREWED, **fields)],
        weights={"lateness": 1, "preferred_users": 1},
    )


BEYOND: dict[str, tuple[dict[str, Any], str]] = {
    "team": (asking(team={"any_of": ["t"]}), "teams (appointments[1].team)"),
    "link": (asking(after=[link("a0")]), "links (appointments[1].after)"),
    "travel": (asking(location="here"), "travel (appointments[1].location)"),
    "mandatory": (asking(mandatory=True), "mandatory appointments (appointments[1].mandatory)"),
    "current": (asking(current=current("mon 09:00", "ana")), "present assignments (appointments[1].current)"),
    "due": (asking(due=at("mon 09:00")), "lateness (appointments[1].due)"),
    "buffer": (asking(buffer_after_minutes=5), "buffers (appointments[1].buffer_after_minutes)"),
    "preferred": (asking(users={"preferred": ["ana"]}), "preferred users (appointments[1].users.preferred)"),
    "units": (asking(resources=[{"resource": "van", "units": 2}]), "shared resources (appointments[1].resources)"),
    "client": (asking(client="c") | {"weights": {"continuity": 1}}, "continuity (appointments[1].client)"),
    "limit": (
        asking() | {"rules": [rule("capacity_limit", parameters={"max_per_day": 1})]},
        "capacity_limit rules (rules[0])",
    ),
    "break": (
        asking()
        | {"rules": [rule("break_time", start_time="11:00", end_time="14:00", parameters={"duration_minutes": 30})]},
        "break_time rules (rules[0])",
    ),
    "weeks": (
        asking()
        | {"users": [user("ana", max_hours_per_week=8)]}
        | {"horizon": {"start": at("sun 00:00"), "end": at("tue 00:00", week=1)}},
        "weekly hours in more than one week (users[0].max_hours_per_week)",
    ),
    "overtime": (
        asking()
        | {"users": [user("ana", max_hours_per_week=8, overtime_hours_per_week=2)], "weights": {"overtime": 1}},
        "overtime (users[0].overtime_hours_per_week)",
    ),
    "labor": (
        asking() | {"users": [user("ana", hourly_cost=20)], "weights": {"labor_cost": 1}},
        "labor cost (weights.labor_cost)",
    ),
    "waiting": (asking() | {"weights": {"waiting": 1}}, "waiting (weights.waiting)"),
}  # fmt: skip


@pytest.mark.parametrize("name", PEERS)
@pytest.mark.parametrize("feature", BEYOND)
def test_peer_refuses_what_it_does_not_model(name: str, feature: str) -> None:
    document, words = BEYOND[feature]
    with pytest.raises(Unsupported) as refusal:
        engine_of(name).solve(document, 1.0, 1, 0)
    assert str(refusal.value).startswith(f"{name} does not model ")
    assert words in str(refusal.value)


def test_peer_plans_what_has_no_price_without_minding_it() -> None:
    document = asking(users={"preferred": ["ana"]}, due=at("mon 00:00")) | {
        "weights": {"lateness": 0, "preferred_users": 0}
    }
    assert plan_with("cpsat", document).cost == 0


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"duration_minutes": 50}, "durations beside the step of 60 minutes (appointments[0].duration_minutes)"),
        ({"preferred_start": at("mon 09:30")}, "preferred starts off the grid (appointments[0].preferred_start)"),
        (
            {"windows": [span("mon 09:00", "mon 10:00"), span("mon 10:00", "mon 11:00")]},
            "windows that touch (appointments[0].windows)",
        ),
    ],
    ids=["duration", "preferred start", "windows"],
)
def test_pyjobshop_refuses_what_cannot_be_counted_in_steps(fields: dict[str, Any], words: str) -> None:
    document = problem(
        users=[user("ana")], appointments=[appointment("a1") | CREWED | fields], weights={"preferred_time": 1}
    )
    assert plan_with("cpsat", document).cost is not None
    with pytest.raises(Unsupported) as refusal:
        engine_of("pyjobshop").solve(document, 1.0, 1, 0)
    assert words in str(refusal.value)


# 455 teams of three out of 15 are listed and thinned out, the 4,060 out of 30 are drawn.
@pytest.mark.parametrize("users", [15, 30])
def test_timefold_chooses_among_a_sample_of_many_teams(users: int) -> None:
    document = problem(
        users=[user(f"u{i}") for i in range(users)], appointments=[appointment("a1", crew=[position(count=3)])]
    )
    result = plan_with("timefold", document)
    assert result.cost == 0
    assert result.notes["sampled"] == 1
