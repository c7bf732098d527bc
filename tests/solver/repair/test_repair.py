"""Repairs of small plans whose best repair a comment derives by hand."""

from __future__ import annotations

import json
from typing import Any

import pytest

from models.edits import Edit
from models.edits.absences import ResourceDown, TeamDown, UserAbsent
from models.edits.work import Cancelled, Late, Longer, Now, Pinned, Unpinned, Urgent
from models.errors import InvalidPlan
from models.plan import Plan
from models.problem import Appointment, Problem
from solver.check import check
from solver.repair import ChangeKind, Repair, RepairOptions, repair
from tests.factories import Json, appointment, at, current, hours, link, position, problem, resource, span, team, user

DAY = hours("08:00", "12:00")


def day(*appointments: Json, **parts: Any) -> Problem:
    """A morning from eight to twelve for Ana and Bo, who can both wash, and Cy, who cannot."""
    fields: Json = {
        "users": [user("ana", "wash", availability=DAY), user("bo", "wash", availability=DAY), user("cy")],
        "weights": {"moved": 30, "reassigned": 30},
        "appointments": list(appointments),
    }
    return Problem.parse(problem(**(fields | parts)))


def wash(key: str, minutes: int = 60, **fields: Any) -> Json:
    return appointment(key, minutes, crew=[position("wash")], **fields)


def plan(*places: Json, out: tuple[str, ...] = ()) -> Plan:
    return Plan.parse({"assignments": list(places), "unassigned": [{"appointment": key} for key in out]})


def placed(key: str, start: str, end: str, *users: str, **fields: Any) -> Json:
    return {"appointment": key, "start": at(start), "end": at(end), "users": list(users), **fields}


def absent(who: str, start: str, end: str) -> UserAbsent:
    return UserAbsent.model_validate({"user": who, **span(start, end)})


def repaired(about: Problem, before: Plan, *events: Edit, **options: Any) -> Repair:
    """Repair, and see that the check agrees with what the repair says."""
    made = repair(about, before, events, RepairOptions(**({"workers": 1, "time_limit_seconds": 5.0} | options)))
    report = check(made.problem, made.plan)
    assert [violation.message for violation in report.violations if violation.rule != "mandatory"] == []
    assert made.plan.cost == report.cost
    return made


def places(made: Repair) -> dict[str, tuple[str, tuple[str, ...]]]:
    return {a.appointment: (f"{a.start:%a %H:%M}".lower(), a.users) for a in made.plan.assignments}


def kinds(made: Repair) -> dict[str, ChangeKind]:
    return {change.appointment: change.kind for change in made.changes}


def test_absence_hands_work_over_at_the_same_time() -> None:
    about = day(wash("a"), wash("b"))
    before = plan(placed("a", "mon 09:00", "mon 10:00", "ana"), placed("b", "mon 10:00", "mon 11:00", "bo"))
    made = repaired(about, before, absent("ana", "mon 00:00", "mon 24:00"))
    # Bo is free at nine: one person is new (30), while another time would cost as much again
    assert places(made) == {"a": ("mon 09:00", ("bo",)), "b": ("mon 10:00", ("bo",))}
    assert (kinds(made), made.least_changes, made.proved) == ({"a": ChangeKind.REASSIGNED}, 1, True)
    assert made.plan.cost == 30
    assert made.plan.assignments[1] == before.assignments[1]


def test_others_make_room_only_for_what_would_be_left_out() -> None:
    # Ana's visit can only be at nine, where Bo serves another, which may be at any time
    about = day(wash("a", windows=[span("mon 09:00", "mon 10:00")]), wash("b"))
    before = plan(placed("a", "mon 09:00", "mon 10:00", "ana"), placed("b", "mon 09:00", "mon 10:00", "bo"))
    made = repaired(about, before, absent("ana", "mon 00:00", "mon 24:00"))
    assert kinds(made) == {"a": ChangeKind.REASSIGNED, "b": ChangeKind.MOVED}
    assert {change.appointment: change.affected for change in made.changes} == {"a": True, "b": False}
    assert made.proved
    kept = repaired(about, before, absent("ana", "mon 00:00", "mon 24:00"), most_changes=0)
    assert (kinds(kept), places(kept)["b"]) == ({"a": ChangeKind.DROPPED}, ("mon 09:00", ("bo",)))
    assert [entry.appointment for entry in kept.plan.unassigned] == ["a"]


def test_event_that_affects_nothing_changes_nothing() -> None:
    # the plan is far from the best: b would rather be at eight, and c could be placed
    about = day(wash("a"), wash("b", preferred_start=at("mon 08:00")), wash("c"), weights={"preferred_time": 1})
    before = plan(placed("a", "mon 09:00", "mon 10:00", "ana"), placed("b", "mon 11:00", "mon 12:00", "bo"), out=("c",))
    made = repaired(about, before, absent("ana", "mon 10:00", "mon 24:00"), absent("cy", "mon 00:00", "mon 24:00"))
    assert (made.changes, made.affected, made.proved) == ((), 0, True)
    assert made.plan.assignments == before.assignments


def test_longer_appointment_pushes_the_next_one() -> None:
    about = day(wash("a"), wash("b"), wash("c"), users=[user("ana", "wash", availability=DAY)])
    before = plan(
        placed("a", "mon 08:00", "mon 09:00", "ana"),
        placed("b", "mon 09:00", "mon 10:00", "ana"),
        placed("c", "mon 11:00", "mon 12:00", "ana"),
    )
    made = repaired(about, before, Longer(appointment="a", minutes=60))
    # a or b must move, and only ten is free: a would need two hours
    assert places(made) == {"a": ("mon 08:00", ("ana",)), "b": ("mon 10:00", ("ana",)), "c": ("mon 11:00", ("ana",))}
    assert kinds(made) == {"a": ChangeKind.GIVEN, "b": ChangeKind.MOVED}
    assert (made.least_changes, made.proved) == (1, True)


def test_late_start_is_settled_and_others_give_way() -> None:
    about = day(wash("a"), wash("b"), users=[user("ana", "wash", availability=DAY)])
    before = plan(placed("a", "mon 08:00", "mon 09:00", "ana"), placed("b", "mon 09:00", "mon 10:00", "ana"))
    made = repaired(about, before, Late(appointment="a", minutes=20))
    assert places(made) == {"a": ("mon 08:20", ("ana",)), "b": ("mon 10:00", ("ana",))}
    assert kinds(made) == {"a": ChangeKind.GIVEN, "b": ChangeKind.MOVED}


def test_urgent_request_takes_the_place_of_what_matters_least() -> None:
    full = [wash(key, 240, priority=priority) for key, priority in (("a", "high"), ("b", "low"))]
    before = plan(placed("a", "mon 08:00", "mon 12:00", "ana"), placed("b", "mon 08:00", "mon 12:00", "bo"))
    new = Appointment.model_validate(wash("n", 60))
    made = repaired(day(*full), before, Urgent(appointment=new))
    assert kinds(made) == {"b": ChangeKind.DROPPED, "n": ChangeKind.PLACED}
    # where there is room, nobody changes
    short = [wash("a", 60), wash("b", 240)]
    before = plan(placed("a", "mon 08:00", "mon 09:00", "ana"), placed("b", "mon 08:00", "mon 12:00", "bo"))
    assert kinds(repaired(day(*short), before, Urgent(appointment=new))) == {"n": ChangeKind.PLACED}


def test_cancelled_appointment_leaves_a_gap_that_only_fill_uses() -> None:
    about = day(wash("a", 240), wash("b", 240), wash("c", 60))
    before = plan(placed("a", "mon 08:00", "mon 12:00", "ana"), placed("b", "mon 08:00", "mon 12:00", "bo"), out=("c",))
    assert kinds(repaired(about, before, Cancelled(appointment="a"))) == {"a": ChangeKind.CANCELLED}
    filled = repaired(about, before, Cancelled(appointment="a"), fill=True)
    assert kinds(filled) == {"a": ChangeKind.CANCELLED, "c": ChangeKind.PLACED}


def test_broken_resource_is_replaced_alone() -> None:
    van: Json = {"resources": [{"resource_type": "vehicle"}]}
    about = day(
        wash("a", **van),
        wash("b", **van),
        resources=[resource("van-1", "vehicle"), resource("van-2", "vehicle"), resource("van-3", "vehicle")],
    )
    before = plan(
        placed("a", "mon 09:00", "mon 10:00", "ana", resources=[{"resource": "van-1", "demand": 0}]),
        placed("b", "mon 09:00", "mon 10:00", "bo", resources=[{"resource": "van-2", "demand": 0}]),
    )
    made = repaired(about, before, ResourceDown.model_validate({"resource": "van-1", **span("mon 09:30", "mon 11:00")}))
    assert kinds(made) == {"a": ChangeKind.REEQUIPPED}
    assert made.plan.assignments[0].resources[0].resource == "van-3"
    assert made.proved


def test_team_that_takes_nothing_is_replaced_by_another() -> None:
    either: Json = {"team": {"any_of": ["one", "two"]}}
    about = day(
        appointment("a", **either),
        teams=[team("one", "ana"), team("two", "bo")],
        weights={"reassigned": 30, "moved": 30},
    )
    before = plan(placed("a", "mon 09:00", "mon 10:00", "ana", team="one"))
    made = repaired(about, before, TeamDown.model_validate({"team": "one", **span("mon 00:00", "mon 24:00")}))
    (moved,) = made.plan.assignments
    assert (moved.team, moved.users, made.proved) == ("two", ("bo",), True)


def test_pinned_work_of_the_absent_stays_and_is_told() -> None:
    about = day(wash("a"), wash("b"))
    before = plan(placed("a", "mon 09:00", "mon 10:00", "ana"), placed("b", "mon 10:00", "mon 11:00", "ana"))
    away = absent("ana", "mon 00:00", "mon 24:00")
    made = repaired(about, before, Pinned(appointment="a"), away)
    assert kinds(made) == {"b": ChangeKind.REASSIGNED}
    assert [violation.appointments for violation in made.plan.violations] == [("a",)]
    assert kinds(repaired(made.problem, made.plan, Unpinned(appointment="a"))) == {"a": ChangeKind.REASSIGNED}


def test_what_has_begun_stays() -> None:
    about = day(wash("a", 120), wash("b", 60))
    before = plan(placed("a", "mon 08:00", "mon 10:00", "ana"), placed("b", "mon 10:00", "mon 11:00", "ana"))
    made = repaired(
        about, before, Now.model_validate({"time": at("mon 09:00")}), absent("ana", "mon 09:00", "mon 24:00")
    )
    assert places(made) == {"a": ("mon 08:00", ("ana",)), "b": ("mon 10:00", ("bo",))}
    # nothing new begins before now
    assert made.problem.now is not None


def test_follower_of_what_has_no_place_goes_too() -> None:
    about = day(wash("a"), appointment("b", 60, after=[link("a")]))
    before = plan(placed("a", "mon 09:00", "mon 10:00", "ana"), placed("b", "mon 11:00", "mon 12:00"))
    both = (absent("ana", "mon 00:00", "mon 24:00"), absent("bo", "mon 00:00", "mon 24:00"))
    made = repaired(about, before, *both)
    assert kinds(made) == {"a": ChangeKind.DROPPED, "b": ChangeKind.DROPPED}
    assert made.plan.unassigned[0].reasons


def test_limit_of_changes_does_not_hold_back_what_must_go() -> None:
    # b hangs on a, for which nobody is left; c goes to Bo, who has no time for more
    about = day(
        wash("a", users={"allowed": ["ana"]}),
        appointment("b", after=[link("a")]),
        wash("c", windows=[span("mon 11:00", "mon 12:00")]),
    )
    before = plan(
        placed("a", "mon 09:00", "mon 10:00", "ana"),
        placed("b", "mon 10:00", "mon 11:00"),
        placed("c", "mon 11:00", "mon 12:00", "ana"),
    )
    made = repaired(about, before, absent("ana", "mon 00:00", "mon 24:00"), most_changes=0)
    assert kinds(made) == {"a": ChangeKind.DROPPED, "b": ChangeKind.DROPPED, "c": ChangeKind.REASSIGNED}
    told = {change.appointment: [violation.rule for violation in change.why] for change in made.changes}
    assert told == {"a": ["availability"], "b": ["links"], "c": ["availability"]}


def test_mandatory_work_comes_first() -> None:
    # a is mandatory and cheap to leave out; b is dear
    about = day(
        wash("a", 240, mandatory=True, priority="low"),
        wash("b", 240, priority="urgent"),
    )
    before = plan(placed("a", "mon 08:00", "mon 12:00", "ana"), placed("b", "mon 08:00", "mon 12:00", "bo"))
    made = repaired(about, before, absent("ana", "mon 00:00", "mon 24:00"))
    assert places(made) == {"a": ("mon 08:00", ("bo",))}


def test_change_cost_lets_changes_pay() -> None:
    # b stands three hours late, 180 at a weight of 1; moving it costs 30 and the change
    about = day(wash("b", preferred_start=at("mon 08:00")), weights={"preferred_time": 1, "moved": 30})
    before = plan(placed("b", "mon 11:00", "mon 12:00", "bo"))
    assert places(repaired(about, before, change_cost=149))["b"][0] == "mon 08:00"
    assert places(repaired(about, before, change_cost=151))["b"][0] == "mon 11:00"
    assert places(repaired(about, before))["b"][0] == "mon 11:00"


def test_plan_that_breaks_rules_is_mended() -> None:
    about = day(wash("a"), wash("b"), wash("c"))
    clash = [placed(key, "mon 09:00", "mon 10:00", "ana") for key in ("a", "b", "c")]
    made = repaired(about, plan(*clash))
    # one of three may stay, whichever
    assert (len(made.changes), made.affected, made.least_changes) == (2, 3, 1)
    assert made.proved


def test_start_off_the_grid_may_stay() -> None:
    about = day(wash("a", current=current("mon 09:10", "ana")), wash("b"))
    before = plan(placed("a", "mon 09:10", "mon 10:10", "ana"), placed("b", "mon 11:00", "mon 12:00", "bo"))
    made = repaired(about, before, absent("bo", "mon 00:00", "mon 24:00"))
    assert places(made) == {"a": ("mon 09:10", ("ana",)), "b": ("mon 11:00", ("ana",))}


def test_repairs_follow_each_other() -> None:
    about = day(wash("a"), wash("b", windows=[span("mon 10:00", "mon 12:00")]))
    before = plan(placed("a", "mon 09:00", "mon 10:00", "ana"), placed("b", "mon 10:00", "mon 11:00", "bo"))
    first = repaired(about, before, absent("ana", "mon 00:00", "mon 24:00"))
    second = repaired(first.problem, first.plan, absent("bo", "mon 10:00", "mon 11:00"))
    # Ana is still away, so b waits for Bo
    assert places(second) == {"a": ("mon 09:00", ("bo",)), "b": ("mon 11:00", ("bo",))}
    assert second.plan.terms[-2].amount == 1  # moved, against the first repair


def test_strange_plan_is_refused() -> None:
    with pytest.raises(InvalidPlan):
        repair(day(wash("a")), plan(placed("x", "mon 09:00", "mon 10:00", "ana")), [])


def test_repaired_plan_is_written_and_read() -> None:
    about = day(wash("a"), wash("b"))
    before = plan(placed("a", "mon 09:00", "mon 10:00", "ana"), placed("b", "mon 10:00", "mon 11:00", "bo"))
    made = repaired(about, before, absent("ana", "mon 00:00", "mon 24:00"))
    again = Problem.parse(json.loads(made.problem.to_json()))
    assert check(again, Plan.parse(made.plan.to_json())).cost == made.plan.cost
