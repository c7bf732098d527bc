from tests.factories import Json, appointment, position, problem, resource, rule, span, team, user
from tests.solver.plans import broken, lowered, placed, use


def week(*rules: Json) -> Json:
    return problem(
        horizon=span("mon 00:00", "sun 00:00"),
        users=[user("ana")],
        teams=[team("red", "ana")],
        resources=[resource("room")],
        rules=list(rules),
        appointments=[
            appointment("a", crew=[position()]),
            appointment("b", resources=[{"resource": "room"}]),
            appointment("c", team={"any_of": ["red"]}),
        ],
    )


def test_one_closure_runs_from_its_first_to_its_last_minute() -> None:
    item = week(rule("blackout", start_date="2026-11-24", end_date="2026-11-25", start_time="18:00", end_time="06:00"))
    assert broken("blackout", item, placed("a", "tue 17:00", "ana")) == []
    assert broken("blackout", item, placed("a", "wed 06:00", "ana")) == []
    # Unlike a holiday it does not stop in between.
    assert broken("blackout", item, placed("a", "wed 03:00", "ana")) == [(("a",), 60)]
    assert broken("blackout", item, placed("a", "tue 17:20", "ana")) == [(("a",), 20)]


def test_closure_of_one_date_may_end_the_next_day() -> None:
    item = week(rule("blackout", start_date="2026-11-24", end_date="2026-11-24", start_time="22:00", end_time="02:00"))
    assert broken("blackout", item, placed("a", "wed 01:30", "ana")) == [(("a",), 30)]


def test_missing_date_leaves_it_open_on_that_side() -> None:
    item = week(rule("blackout", start_date="2026-11-26"))
    assert broken("blackout", item, placed("a", "wed 23:00", "ana")) == []
    assert broken("blackout", item, placed("a", "sat 12:00", "ana")) == [(("a",), 60)]


def test_recurring_closure_holds_on_its_days() -> None:
    item = week(rule("blackout", start_time="12:00", end_time="13:00", recurrence_rule="FREQ=WEEKLY;BYDAY=TU"))
    assert broken("blackout", item, placed("a", "tue 12:00", "ana")) == [(("a",), 60)]
    assert broken("blackout", item, placed("a", "mon 12:00", "ana")) == []


def test_global_closure_closes_teams_resources_and_what_nobody_serves() -> None:
    item = week(rule("blackout", start_date="2026-11-24", end_date="2026-11-24"))
    assert broken("blackout", item, placed("c", "tue 09:00", "ana", team="red")) == [(("c",), 60), (("c",), 60)]
    assert broken("blackout", item, placed("b", "tue 09:00", resources=[use("room")])) == [(("b",), 60), (("b",), 60)]


def test_rule_that_names_a_team_binds_its_calendar_and_not_its_members() -> None:
    item = week(rule("blackout", start_date="2026-11-24", end_date="2026-11-24", applies_to_teams=["red"]))
    assert broken("blackout", item, placed("a", "tue 09:00", "ana")) == []
    assert broken("blackout", item, placed("c", "tue 09:00", "ana", team="red")) == [(("c",), 60)]
    instance = lowered(item)
    assert instance.users[0].closed == []
    assert [(c.start, c.end, c.rule) for c in instance.teams[0].closed] == [(1440, 2880, "blackout")]
