from tests.factories import Json, appointment, position, problem, rule, span, user
from tests.solver.plans import broken, lowered, placed

# The fourth Thursday of November 2026 is the 26th: Thanksgiving.
WEEK = span("mon 00:00", "sun 00:00")


def week(*rules: Json) -> Json:
    return problem(
        horizon=WEEK,
        users=[user("ana"), user("bo")],
        rules=list(rules),
        appointments=[appointment("a", crew=[position()]), appointment("b")],
    )


def test_other_days_are_open() -> None:
    item = week(rule("holiday", start_date="2026-11-26", end_date="2026-11-26"))
    assert broken("holiday", item, placed("a", "wed 23:00", "ana")) == []
    assert broken("holiday", item, placed("a", "fri 00:00", "ana")) == []


def test_closed_day_closes_users_and_what_nobody_serves() -> None:
    item = week(rule("holiday", start_date="2026-11-26", end_date="2026-11-26"))
    assert broken("holiday", item, placed("a", "thu 09:00", "ana")) == [(("a",), 60)]
    assert broken("holiday", item, placed("a", "wed 23:30", "ana")) == [(("a",), 30)]
    assert broken("holiday", item, placed("b", "thu 09:00")) == [(("b",), 60)]


def test_part_of_each_day_is_closed() -> None:
    item = week(rule("holiday", start_date="2026-11-24", end_date="2026-11-25", start_time="12:00", end_time="18:00"))
    assert broken("holiday", item, placed("a", "tue 11:00", "ana")) == []
    assert broken("holiday", item, placed("a", "wed 17:45", "ana")) == [(("a",), 15)]


def test_public_holidays_of_a_country_close() -> None:
    item = week(rule("holiday", parameters={"country": "US"}))
    assert broken("holiday", item, placed("a", "thu 09:00", "ana")) == [(("a",), 60)]
    assert broken("holiday", item, placed("a", "fri 09:00", "ana")) == []


def test_named_user_alone_is_closed() -> None:
    item = week(rule("holiday", start_date="2026-11-26", end_date="2026-11-26", applies_to_users=["ana"]))
    assert broken("holiday", item, placed("a", "thu 09:00", "ana")) == [(("a",), 60)]
    assert broken("holiday", item, placed("a", "thu 09:00", "bo")) == []
    assert broken("holiday", item, placed("b", "thu 09:00")) == []


def test_closed_time_carries_the_name_of_the_day() -> None:
    # Thursday begins 3 × 1440 minutes after Monday.
    instance = lowered(week(rule("holiday", parameters={"country": "US"})))
    assert [(c.start, c.end, c.rule) for c in instance.users[0].closed] == [(4320, 5760, "holiday")]
    assert "Thanksgiving" in instance.users[0].closed[0].label
    assert instance.users[0].open == [(0, 4320), (5760, 8640)]
