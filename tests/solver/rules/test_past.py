from typing import Any

from tests.factories import Json, appointment, at, current, problem
from tests.solver.plans import broken, lowered, placed


def at_noon(**fields: Any) -> Json:
    return problem(now=at("mon 12:00"), appointments=[appointment("a", 60, **fields)])


def test_start_at_this_very_minute_is_no_past() -> None:
    assert broken("past", at_noon(), placed("a", "mon 12:00")) == []


def test_start_before_now_is_off_by_the_minutes_before() -> None:
    assert broken("past", at_noon(), placed("a", "mon 11:00")) == [(("a",), 60)]


def test_what_has_begun_stays_in_the_past() -> None:
    assert broken("past", at_noon(current=current("mon 11:00")), placed("a", "mon 11:00")) == []


def test_what_stands_at_this_very_minute_may_move_but_not_back() -> None:
    item = at_noon(current=current("mon 12:00"))
    assert broken("past", item, placed("a", "mon 13:00")) == []
    assert broken("past", item, placed("a", "mon 11:00")) == [(("a",), 60)]


def test_problem_without_now_has_no_past() -> None:
    item = problem(appointments=[appointment("a")])
    assert broken("past", item, placed("a", "mon 00:00")) == []
    assert lowered(item).tasks[0].earliest < -(10**9)


def test_task_starts_from_now_on() -> None:
    assert lowered(at_noon()).tasks[0].earliest == 720
