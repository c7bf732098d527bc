from typing import Any

import pytest

from solver.instance import NEVER
from tests.factories import Json, appointment, at, current, position, problem, resource, rule, span, team, user
from tests.solver.plans import broken, lowered, placed, use

ONE: Json = {"crew": [position()]}


def booking(limits: Json, *, booked: bool = False, **fields: Any) -> Json:
    stands: Json = {"current": current("tue 12:00", "ana")} if booked else {}
    return problem(
        now=at("mon 12:00"),
        horizon=span("mon 00:00", "sun 00:00"),
        users=[user("ana"), user("bo")],
        teams=[team("red", "ana", "bo")],
        resources=[resource("room")],
        rules=[rule("advance_booking", parameters=limits, **fields)],
        appointments=[appointment("a", **ONE, **stands)],
    )


@pytest.mark.parametrize(
    ("start", "off"),
    [
        pytest.param("mon 14:00", 0, id="just in time"),
        pytest.param("mon 13:50", 10, id="too soon"),
        pytest.param("wed 12:00", 0, id="just near enough"),
        pytest.param("wed 12:01", 1, id="too far ahead"),
    ],
)
def test_start_lies_between_least_and_most_notice(start: str, off: int) -> None:
    item = booking({"min_hours": 2, "max_days": 2})
    assert broken("advance_booking", item, placed("a", start, "ana")) == ([(("a",), off)] if off else [])


def test_what_is_booked_already_needs_no_notice() -> None:
    assert broken("advance_booking", booking({"min_hours": 2}, booked=True), placed("a", "mon 13:00", "ana")) == []


def test_without_now_there_is_no_notice() -> None:
    item = booking({"min_hours": 2}) | {"now": None}
    assert broken("advance_booking", item, placed("a", "mon 12:00", "ana")) == []
    assert lowered(item).organization.fresh_from == -NEVER


def test_named_subject_needs_notice_and_others_do_not() -> None:
    item = booking({"min_hours": 2}, applies_to_users=["bo"])
    assert broken("advance_booking", item, placed("a", "mon 13:00", "ana")) == []
    assert broken("advance_booking", item, placed("a", "mon 13:00", "bo")) == [(("a",), 60)]


def test_rule_that_names_all_that_comes_is_broken_once() -> None:
    item = booking({"min_hours": 2}, applies_to_users=["ana"], applies_to_teams=["red"], applies_to_resources=["room"])
    item["appointments"] = [appointment("a", resources=[{"resource": "room"}], team={"any_of": ["red"]}, **ONE)]
    stop = placed("a", "mon 13:00", "ana", team="red", resources=[use("room")])
    assert broken("advance_booking", item, stop) == [(("a",), 60)]


def test_bounds_are_lowered_to_whole_minutes_of_the_narrowest_rule() -> None:
    # Now is minute 720; 2.501 hours are 150.06 minutes; 1.5 days are 2160.
    item = booking({"min_hours": 2.501, "max_days": 1.5}, applies_to_users=["ana"])
    item["rules"] += [
        rule("advance_booking", id="loose", parameters={"min_hours": 1, "max_days": 1}, applies_to_users=["ana"]),
        rule("advance_booking", id="all", parameters={"min_hours": 0}),
    ]
    instance = lowered(item)
    ana, bo = instance.users
    assert (ana.fresh_from, ana.fresh_until) == (871, 2160)
    assert (bo.fresh_from, bo.fresh_until) == (-NEVER, NEVER)
    assert instance.organization.fresh_from == 720
    assert instance.organization.fresh_until > 10**9


def test_task_is_fresh_until_it_is_booked() -> None:
    assert lowered(booking({})).tasks[0].fresh
    assert not lowered(booking({}, booked=True)).tasks[0].fresh
