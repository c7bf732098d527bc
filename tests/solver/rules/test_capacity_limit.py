from typing import Any

from solver.instance import NEVER
from tests.factories import Json, appointment, current, position, problem, resource, rule, span, team, user
from tests.solver.plans import broken, excused, lowered, placed, use

ONE: Json = {"crew": [position()]}


def limited(limits: Json, *, length: int = 60, **fields: Any) -> Json:
    return problem(
        horizon=span("mon 00:00", "sun 00:00"),
        users=[user("ana"), user("bo", timezone="America/New_York")],
        resources=[resource("room", capacity=3)],
        rules=[rule("capacity_limit", parameters=limits, **fields)],
        appointments=[appointment(key, length, **ONE) for key in "abc"],
    )


def test_services_at_once_are_counted_without_buffers() -> None:
    item = limited({"max_concurrent": 1})
    item["appointments"][0]["buffer_after_minutes"] = 30
    touching = [placed("a", "mon 09:00", "ana"), placed("b", "mon 10:00", "bo")]
    assert broken("capacity_limit", item, *touching) == []
    overlapping = [placed("a", "mon 09:00", "ana"), placed("b", "mon 09:30", "bo")]
    assert broken("capacity_limit", item, *overlapping) == [(("a", "b"), 1)]


def test_limit_of_a_user_counts_that_user_only() -> None:
    item = limited({"max_concurrent": 1}, applies_to_users=["ana"])
    assert broken("capacity_limit", item, placed("a", "mon 09:00", "ana"), placed("b", "mon 09:00", "bo")) == []


def test_services_of_a_day_are_counted() -> None:
    item = limited({"max_per_day": 2})
    two = [placed("a", "mon 09:00", "ana"), placed("b", "mon 12:00", "bo")]
    assert broken("capacity_limit", item, *two, placed("c", "tue 00:00", "ana")) == []
    assert broken("capacity_limit", item, *two, placed("c", "mon 23:00", "ana")) == [(("a", "b", "c"), 1)]


def test_service_counts_on_the_day_on_which_it_starts() -> None:
    item = limited({"max_per_day": 1})
    assert broken("capacity_limit", item, placed("a", "mon 23:30", "ana"), placed("b", "tue 12:00", "ana")) == []


def test_services_of_a_week_are_counted() -> None:
    item = limited({"max_per_week": 2})
    stops = [placed("a", "mon 09:00", "ana"), placed("b", "sat 12:00", "bo"), placed("c", "sun 12:00", "ana")]
    assert broken("capacity_limit", item, *stops) == [(("a", "b", "c"), 1)]
    # The next Monday is another week.
    stops[2] = placed("c", "2026-11-30T00:00:00+00:00", "ana")
    assert broken("capacity_limit", item, *stops) == []


def test_minutes_of_day_and_week_are_added_up() -> None:
    item = limited({"max_minutes_per_day": 150, "max_minutes_per_week": 170})
    stops = [
        placed(key, start, "ana") for key, start in zip("abc", ("mon 09:00", "mon 11:00", "tue 09:00"), strict=True)
    ]
    # 120 minutes on Monday are fine, 180 in the week are not.
    assert broken("capacity_limit", item, *stops) == [(("a", "b", "c"), 10)]
    stops[2] = placed("c", "mon 13:00", "ana")
    assert broken("capacity_limit", item, *stops) == [(("a", "b", "c"), 30), (("a", "b", "c"), 10)]


def test_days_are_those_of_the_subject() -> None:
    # 03:00 UTC on Tuesday is 22:00 on Monday in New York, where Bo lives.
    item = limited({"max_per_day": 1}, applies_to_users=["ana", "bo"])
    early, late = placed("a", "mon 15:00", "bo"), placed("b", "tue 03:00", "bo")
    assert broken("capacity_limit", item, early, late) == [(("a", "b"), 1)]
    early, late = placed("a", "mon 15:00", "ana"), placed("b", "tue 03:00", "ana")
    assert broken("capacity_limit", item, early, late) == []


def test_limit_of_a_team_or_resource_counts_what_takes_it() -> None:
    item = problem(
        users=[user("ana"), user("bo")],
        teams=[team("red", "ana", "bo", max_concurrent=3)],
        resources=[resource("room", capacity=3)],
        rules=[
            rule("capacity_limit", id="t", parameters={"max_per_day": 1}, applies_to_teams=["red"]),
            rule("capacity_limit", id="r", parameters={"max_concurrent": 1}, applies_to_resources=["room"]),
        ],
        appointments=[
            appointment(key, team={"any_of": ["red"]}, resources=[{"resource": "room", "units": 1}], **ONE)
            for key in "ab"
        ],
    )
    a = placed("a", "mon 09:00", "ana", team="red", resources=[use("room", 0, 1)])
    b = placed("b", "mon 09:00", "bo", team="red", resources=[use("room", 0, 1)])
    assert broken("capacity_limit", item, a, b) == [(("a", "b"), 1), (("a", "b"), 1)]


def test_pinned_excess_is_excused_until_something_new_joins() -> None:
    item = limited({"max_per_day": 1})
    for entry, start in zip(item["appointments"], ("mon 09:00", "mon 11:00"), strict=False):
        entry |= {"current": current(start, "ana"), "pinned": True}
    pins = [placed("a", "mon 09:00", "ana"), placed("b", "mon 11:00", "ana")]
    assert broken("capacity_limit", item, *pins) == []
    assert excused("capacity_limit", item, *pins) == [(("a", "b"), 1)]
    assert broken("capacity_limit", item, *pins, placed("c", "mon 13:00", "bo")) == [(("a", "b", "c"), 2)]


def test_limits_of_several_rules_are_all_lowered() -> None:
    item = limited({"max_concurrent": 4, "max_per_day": 3}, applies_to_users=["ana", "bo"])
    item["rules"] += [
        rule("capacity_limit", id="all", parameters={"max_concurrent": 2, "max_minutes_per_week": 0}),
        rule("capacity_limit", id="ana", parameters={"max_concurrent": 1}, applies_to_users=["ana"]),
        rule("capacity_limit", id="room", parameters={"max_per_week": 5}, applies_to_resources=["room"]),
    ]
    instance = lowered(item)
    ana, bo = instance.users
    assert (ana.concurrency, bo.concurrency, instance.organization.concurrency) == (1, 4, 2)
    assert [(c.period, c.zone, c.measure, c.limit) for c in bo.counters] == [("day", "America/New_York", "count", 3)]
    assert [(c.period, c.measure, c.limit) for c in instance.organization.counters] == [("week", "minutes", 0)]
    assert [(c.rule, c.limit, c.threshold) for c in instance.resources[0].counters] == [("capacity_limit", 5, NEVER)]
    assert set(instance.periods) == {("UTC", "day"), ("America/New_York", "day"), ("UTC", "week")}
