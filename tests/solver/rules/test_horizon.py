from tests.factories import appointment, current, problem, span
from tests.solver.plans import broken, lowered, placed

NINE_TO_FIVE = problem(horizon=span("mon 09:00", "mon 17:00"), appointments=[appointment("a", 60)])


def test_service_that_touches_the_edges_is_inside() -> None:
    assert broken("horizon", NINE_TO_FIVE, placed("a", "mon 09:00")) == []
    assert broken("horizon", NINE_TO_FIVE, placed("a", "mon 16:00")) == []


def test_service_outside_is_off_by_its_minutes_outside() -> None:
    assert broken("horizon", NINE_TO_FIVE, placed("a", "mon 08:40")) == [(("a",), 20)]
    assert broken("horizon", NINE_TO_FIVE, placed("a", "mon 16:30")) == [(("a",), 30)]
    assert broken("horizon", NINE_TO_FIVE, placed("a", "tue 09:00")) == [(("a",), 60)]


def test_pinned_service_may_stand_outside() -> None:
    item = NINE_TO_FIVE | {"appointments": [appointment("a", 60, current=current("tue 09:00"), pinned=True)]}
    assert broken("horizon", item, placed("a", "tue 09:00")) == []


def test_task_without_windows_has_the_horizon_in_minutes_since_midnight() -> None:
    # 9 × 60 = 540, 17 × 60 = 1020.
    instance = lowered(NINE_TO_FIVE)
    assert (instance.start, instance.end) == (540, 1020)
    assert instance.tasks[0].windows == [(540, 1020)]


def test_task_longer_than_the_horizon_has_no_window() -> None:
    assert lowered(NINE_TO_FIVE | {"appointments": [appointment("a", 481)]}).tasks[0].windows == []
