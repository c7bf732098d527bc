from typing import Any

from tests.factories import Json, appointment, hours, position, problem, resource, rule, team, user
from tests.solver.plans import broken, lowered, placed, use


def office(*rules: Json, **ana: Any) -> Json:
    return problem(
        users=[user("ana", **ana)],
        teams=[team("red", "ana")],
        resources=[resource("room")],
        rules=list(rules),
        appointments=[
            appointment("a", crew=[position()]),
            appointment("b", resources=[{"resource": "room"}]),
            appointment("c", team={"any_of": ["red"]}),
        ],
    )


NINE_TO_FIVE = rule("working_hours", start_time="09:00", end_time="17:00")
ANA_EARLY = rule("working_hours", id="early", start_time="06:00", end_time="12:00", applies_to_users=["ana"])


def test_without_rules_it_is_always() -> None:
    assert broken("working_hours", office(), placed("a", "mon 03:00", "ana")) == []


def test_global_hours_bind_users_and_whom_nobody_serves() -> None:
    item = office(NINE_TO_FIVE)
    assert broken("working_hours", item, placed("a", "mon 16:00", "ana")) == []
    assert broken("working_hours", item, placed("a", "mon 16:30", "ana")) == [(("a",), 30)]
    # The room is bound by nothing, but an appointment without users and team is.
    assert broken("working_hours", item, placed("b", "mon 17:00", resources=[use("room")])) == [(("b",), 60)]


def test_global_hours_bind_a_team_beside_its_members() -> None:
    late = placed("c", "mon 17:00", "ana", team="red")
    assert broken("working_hours", office(NINE_TO_FIVE), late) == [(("c",), 60), (("c",), 60)]


def test_hours_that_name_a_user_replace_the_global_ones() -> None:
    item = office(NINE_TO_FIVE, ANA_EARLY)
    assert broken("working_hours", item, placed("a", "mon 06:00", "ana")) == []
    assert broken("working_hours", item, placed("a", "mon 12:00", "ana")) == [(("a",), 60)]


def test_hours_that_name_a_user_are_united() -> None:
    late = rule("working_hours", id="late", start_time="12:00", end_time="20:00", applies_to_users=["ana"])
    assert broken("working_hours", office(ANA_EARLY, late), placed("a", "mon 11:30", "ana")) == []


def test_hours_that_name_a_room_bind_it() -> None:
    item = office(rule("working_hours", start_time="09:00", end_time="17:00", applies_to_resources=["room"]))
    assert broken("working_hours", item, placed("b", "mon 08:00", resources=[use("room")])) == [(("b",), 60)]
    assert broken("working_hours", item, placed("a", "mon 08:00", "ana")) == []


def test_inactive_rule_is_none() -> None:
    assert broken("working_hours", office(NINE_TO_FIVE | {"is_active": False}), placed("a", "mon 03:00", "ana")) == []


def test_recurring_hours_hold_on_their_days_only() -> None:
    tuesdays = NINE_TO_FIVE | {"recurrence_rule": {"frequency": "weekly", "days": [2]}}
    assert broken("working_hours", office(tuesdays), placed("a", "mon 10:00", "ana")) == [(("a",), 60)]


def test_time_outside_is_noted_as_closed() -> None:
    instance = lowered(office(NINE_TO_FIVE, availability=hours("08:00", "12:00")))
    ana = instance.users[0]
    assert ana.open == [(540, 720)]
    assert [(c.start, c.end) for c in ana.closed if c.rule == "working_hours"] == [(0, 540), (1020, 1440)]
    assert [(c.start, c.end) for c in ana.closed if c.rule == "availability"] == [(0, 480), (720, 1440)]
    assert [(c.start, c.end) for c in instance.organization.closed] == [(0, 540), (1020, 1440)]
    assert instance.resources[0].closed == []
