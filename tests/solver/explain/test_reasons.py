"""Each kind of reason on a tiny problem: its pair, its sentence, and that what it asks for would help."""

from __future__ import annotations

from copy import deepcopy

import pytest

from benchmarks.explain_places import every_place
from models.plan import Plan, Reason
from models.problem import Problem
from solver.assemble import read_solution
from solver.explain import reasons
from solver.lower import lower
from tests.factories import (
    Json,
    appointment,
    at,
    current,
    hours,
    position,
    problem,
    span,
    user,
)
from tests.solver.explain.cases import ANA, CASES, MORNING, Case, X
from tests.solver.plans import placed

MOST_PLACES = 2000


def explain(raw: Json, *assignments: Json) -> dict[str, list[Reason]]:
    """The reasons of all that a plan leaves out, by appointment."""
    parsed = Problem.parse(raw)
    instance = lower(parsed)
    solution = read_solution(parsed, instance, plan_of(raw, *assignments))
    return {instance.tasks[index].id: found for index, found in reasons(parsed, instance, solution).items()}


def plan_of(raw: Json, *assignments: Json) -> Plan:
    """A plan that leaves out what it does not place."""
    done = {assignment["appointment"] for assignment in assignments}
    left = [{"appointment": item["id"]} for item in raw["appointments"] if item["id"] not in done]
    return Plan.parse({"assignments": list(assignments), "unassigned": left})


def is_placeable(raw: Json, *assignments: Json) -> bool:
    """Whether the appointment `x` has an open place beside a plan."""
    parsed = Problem.parse(raw)
    places = every_place(parsed, plan_of(raw, *assignments), parsed.appointments_by_id["x"], MOST_PLACES)
    assert places is not None
    return any(not place.pairs for place in places)


@pytest.fixture(params=list(CASES.values()), ids=list(CASES))
def case(request: pytest.FixtureRequest) -> Case:
    found: Case = request.param
    return found


def test_reasons_name_what_closes_the_place(case: Case) -> None:
    found = explain(case.raw, *case.plan)["x"]
    assert [(reason.rule, reason.subject, reason.blocks_alone) for reason in found] == case.expected
    assert found[0].message == case.message


def test_lifting_what_reasons_name_makes_room(case: Case) -> None:
    assert not is_placeable(case.raw, *case.plan)
    mended = deepcopy(case.raw)
    case.mend(mended)
    known = {item["id"] for item in mended["appointments"]}
    assert is_placeable(mended, *(entry for entry in case.plan if entry["appointment"] in known))


def test_place_at_a_loss_has_cost_as_its_only_reason() -> None:
    raw = problem(
        users=[ANA],
        weights={"preferred_users": 60},
        appointments=[X | {"unassigned_weight": 10, "users": {"preferred": ["bo"]}}],
    )
    raw["users"].append(user("bo", unavailable=[span("mon 00:00", "mon 24:00")]))
    assert explain(raw)["x"] == [
        Reason(
            rule="cost",
            message="It could take place on Monday 23 November 09:00–10:00 with Ana (ana), "
            "but that would cost 50 more than leaving it out.",
            blocks_alone=True,
        )
    ]


def test_place_without_loss_says_so() -> None:
    raw = problem(appointments=[appointment("x", unassigned_weight=0, **MORNING)])
    (reason,) = explain(raw)["x"]
    assert reason.rule == "cost"
    assert reason.message.endswith("which costs as much as leaving it out.")


def test_gain_that_a_plan_misses_is_told() -> None:
    raw = problem(users=[ANA], appointments=[X | {"unassigned_weight": 25}])
    (reason,) = explain(raw)["x"]
    assert reason.rule == "cost"
    assert reason.message.endswith("which would save 25: the search ended before it got there.")


def test_times_are_on_the_wall_of_the_problem() -> None:
    raw = problem(
        timezone="Asia/Kathmandu",
        horizon=span("mon 00:00", "mon 24:00", "Asia/Kathmandu"),
        users=[ANA],
        appointments=[appointment("x", crew=[position()], windows=[span("mon 09:00", "mon 10:00", "Asia/Kathmandu")])],
    )
    raw["appointments"].append(appointment("a", crew=[position()], **current_at_nine()))
    (reason,) = explain(raw, placed("a", at("mon 09:00", "Asia/Kathmandu"), "ana"))["x"]
    assert reason.message == "Ana (ana) is busy with a (normal) 09:00–10:00 on Monday 23 November."


def current_at_nine() -> Json:
    """Pinned at nine on the wall of Kathmandu."""
    return {"pinned": True, "current": current("mon 09:00", "ana") | {"start": at("mon 09:00", "Asia/Kathmandu")}}


def test_buffers_count_as_busy() -> None:
    raw = problem(
        users=[ANA],
        step_minutes=30,
        appointments=[
            appointment("x", 60, crew=[position()], buffer_after_minutes=30, windows=[span("mon 09:00", "mon 10:00")]),
            appointment("a", 60, crew=[position()], buffer_before_minutes=30),
        ],
    )
    (reason,) = explain(raw, placed("a", "mon 10:30", "ana"))["x"]
    assert reason.message == "Ana (ana) is busy with a (normal) 10:00–11:30 on Monday 23 November."


def test_lost_journey_during_other_work_is_told_in_short() -> None:
    case = CASES["busy somewhere else"]
    assert explain(case.raw, *case.plan)["x"][1].message == "Nor would Ana (ana) have the time to travel then."


def test_others_are_those_of_the_same_position() -> None:
    away = user("cy", "clean", unavailable=[span("mon 08:00", "mon 12:00")])
    raw = problem(
        users=[user("bo"), user("dan"), ANA, away],
        appointments=[X | {"crew": [position("clean"), position()]}, appointment("a", 120, crew=[position()])],
    )
    (reason,) = explain(raw, placed("a", "mon 09:00", "ana", minutes=120))["x"]
    assert reason.message == "Ana (ana) is busy with a (normal) 09:00–11:00 on Monday 23 November. cy is away then."


def test_crowd_of_others_is_counted() -> None:
    crowd = [user(f"u{k}", "clean", unavailable=[span("mon 08:00", "mon 12:00")]) for k in range(6)]
    away = [user(f"v{k}", "clean", availability=hours("14:00", "18:00")) for k in range(3)]
    raw = problem(users=[ANA, *crowd, *away], appointments=[X, appointment("a", 120, crew=[position()])])
    (reason,) = explain(raw, placed("a", "mon 09:00", "ana", minutes=120))["x"]
    assert reason.rule == "overlap"
    assert reason.message.endswith("The 9 others who could come are away (6) or not at work (3) then.")


def test_long_lists_are_cut() -> None:
    work = [appointment(f"a{k}", 60, crew=[position()]) for k in range(6)]
    raw = problem(
        users=[ANA],
        appointments=[appointment("x", 360, crew=[position()], windows=[span("mon 09:00", "mon 15:00")]), *work],
    )
    (reason,) = explain(raw, *(placed(f"a{k}", f"mon {9 + k:02}:00", "ana") for k in range(6)))["x"]
    assert reason.message.startswith("Ana (ana) is busy with a0 (normal) 09:00–10:00, a1 (normal) 10:00–11:00, a2")
    assert "and 3 more on Monday 23 November." in reason.message


def test_only_the_wanted_tasks_are_explained() -> None:
    raw = problem(users=[], appointments=[appointment(f"x{k}", crew=[position("clean")]) for k in range(3)])
    parsed = Problem.parse(raw)
    instance = lower(parsed)
    assert list(reasons(parsed, instance, [None] * 3, [2, 0])) == [2, 0]
    assert list(reasons(parsed, instance, [None] * 3)) == [0, 1, 2]


def test_complete_plan_has_nothing_to_explain() -> None:
    assert explain(problem(users=[ANA], appointments=[X]), placed("x", "mon 09:00", "ana")) == {}


@pytest.mark.parametrize("opening", ["09:00", None], ids=["open later", "closed"])
def test_search_that_is_cut_short_still_knows_of_open_places(
    opening: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("solver.explain.search.MOST_CELLS", 0)
    days = "" if opening is None else "fri"
    raw = problem(
        horizon=span("mon 00:00", "fri 24:00"),
        users=[ANA | {"availability": hours("09:00", "17:00", days)}],
        appointments=[appointment("x", crew=[position()])],
    )
    (reason,) = explain(raw)["x"]
    assert reason.rule == ("availability" if opening is None else "cost")
