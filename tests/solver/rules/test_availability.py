from typing import Any

from tests.factories import Json, appointment, hours, position, problem, resource, rule, span, team, user
from tests.solver.plans import broken, lowered, placed, use


def for_ana(**ana: Any) -> Json:
    return problem(users=[user("ana", **ana)], appointments=[appointment("a", crew=[position()])])


def test_user_without_calendar_is_always_there() -> None:
    assert broken("availability", for_ana(), placed("a", "mon 03:00", "ana")) == []


def test_service_that_fills_the_hours_is_inside() -> None:
    assert broken("availability", for_ana(availability=hours("09:00", "10:00")), placed("a", "mon 09:00", "ana")) == []


def test_service_outside_the_hours_is_off_by_its_minutes_outside() -> None:
    item = for_ana(availability=hours("09:00", "17:00"))
    assert broken("availability", item, placed("a", "mon 16:40", "ana")) == [(("a",), 40)]
    assert broken("availability", item, placed("a", "mon 20:00", "ana")) == [(("a",), 60)]


def test_buffers_may_lie_outside_the_hours() -> None:
    item = for_ana(availability=hours("09:00", "10:00"))
    item["appointments"][0] |= {"buffer_before_minutes": 30, "buffer_after_minutes": 30}
    assert broken("availability", item, placed("a", "mon 09:00", "ana")) == []


def test_missing_weekday_is_closed() -> None:
    item = for_ana(availability=hours("09:00", "17:00", days="tue"))
    assert broken("availability", item, placed("a", "mon 09:00", "ana")) == [(("a",), 60)]


def test_touching_hours_are_one() -> None:
    item = for_ana(availability={"monday": [{"start": "08:00", "end": "12:00"}, {"start": "12:00", "end": "17:00"}]})
    assert broken("availability", item, placed("a", "mon 11:30", "ana")) == []


def test_leave_is_off_by_the_minutes_inside_it() -> None:
    item = for_ana(unavailable=[span("mon 10:00", "mon 11:00"), span("mon 10:30", "mon 11:15")])
    assert broken("availability", item, placed("a", "mon 09:00", "ana")) == []
    assert broken("availability", item, placed("a", "mon 11:15", "ana")) == []
    assert broken("availability", item, placed("a", "mon 09:40", "ana")) == [(("a",), 40)]
    # 10:20 to 11:15 are closed.
    assert broken("availability", item, placed("a", "mon 10:20", "ana")) == [(("a",), 55)]


def test_team_and_resource_have_calendars_too() -> None:
    item = problem(
        users=[user("ana")],
        teams=[team("red", "ana", availability=hours("09:00", "12:00"))],
        resources=[resource("room", unavailable=[span("mon 10:00", "mon 11:00")])],
        appointments=[appointment("a", team={"any_of": ["red"]}, resources=[{"resource": "room"}])],
    )
    fine = placed("a", "mon 11:00", "ana", team="red", resources=[use("room")])
    assert broken("availability", item, fine) == []
    both = placed("a", "mon 12:00", "ana", team="red", resources=[use("room")])
    assert broken("availability", item, both) == [(("a",), 60)]
    taken = placed("a", "mon 10:00", "ana", team="red", resources=[use("room")])
    assert broken("availability", item, taken) == [(("a",), 60)]


def test_own_zone_tells_the_hours() -> None:
    # 09:00 in New York is 14:00 UTC in November.
    item = for_ana(availability=hours("09:00", "10:00"), timezone="America/New_York")
    assert broken("availability", item, placed("a", "mon 14:00", "ana")) == []
    assert broken("availability", item, placed("a", "mon 09:00", "ana")) == [(("a",), 60)]


def test_open_time_is_shared_and_clipped_and_closed_time_is_the_rest() -> None:
    same: Json = {"availability": hours("09:00", "17:00")}
    item = problem(
        horizon=span("mon 10:00", "mon 24:00"),
        users=[user("ana", **same), user("bo", **same), user("cy", unavailable=[span("mon 12:00", "mon 13:00")])],
    )
    instance = lowered(item)
    ana, bo, cy = instance.users
    assert ana.open == [(600, 1020)]
    assert ana.open is bo.open
    assert [(c.start, c.end, c.rule) for c in ana.closed] == [(1020, 1440, "availability")]
    assert cy.open == [(600, 720), (780, 1440)]
    assert [(c.start, c.end, c.label) for c in cy.closed] == [(720, 780, "leave")]
    assert instance.organization.open == [(600, 1440)]


def test_open_time_has_all_closures_taken_off() -> None:
    item = problem(
        users=[user("ana", availability=hours("08:00", "18:00"))],
        rules=[
            rule("working_hours", start_time="09:00", end_time="20:00"),
            rule("break_time", start_time="12:00", end_time="13:00"),
            rule("blackout", start_date="2026-11-23", end_date="2026-11-23", start_time="16:00", end_time="17:00"),
        ],
    )
    assert lowered(item).users[0].open == [(540, 720), (780, 960), (1020, 1080)]
    assert lowered(item).organization.open == [(540, 960), (1020, 1200)]
