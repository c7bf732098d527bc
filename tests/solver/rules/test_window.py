from tests.factories import Json, appointment, problem, span
from tests.solver.plans import broken, lowered, placed


def windowed(*windows: Json, minutes: int = 60) -> Json:
    return problem(appointments=[appointment("a", minutes, windows=list(windows))])


def test_service_that_fills_its_window_is_inside() -> None:
    assert broken("window", windowed(span("mon 09:00", "mon 10:00")), placed("a", "mon 09:00")) == []


def test_service_outside_all_windows_is_off_by_the_nearest() -> None:
    item = windowed(span("mon 09:00", "mon 10:00"), span("mon 12:00", "mon 13:00"))
    assert broken("window", item, placed("a", "mon 11:00")) == [(("a",), 60)]
    assert broken("window", item, placed("a", "mon 11:15")) == [(("a",), 45)]


def test_service_across_touching_windows_lies_in_neither() -> None:
    item = windowed(span("mon 09:00", "mon 10:00"), span("mon 10:00", "mon 11:00"))
    assert broken("window", item, placed("a", "mon 09:30")) == [(("a",), 30)]


def test_windows_are_clipped_sorted_and_kept_apart_and_too_short_ones_go() -> None:
    item = windowed(
        span("mon 10:00", "mon 11:00"),
        span("mon 09:00", "mon 10:00"),
        span("mon 09:00", "mon 10:00"),
        span("mon 12:00", "mon 12:30"),
        span("mon 22:00", "tue 12:00"),
        span("tue 09:00", "tue 12:00"),
    )
    assert lowered(item).tasks[0].windows == [(540, 600), (600, 660), (1320, 1440)]


def test_windows_that_all_go_leave_none() -> None:
    assert lowered(windowed(span("tue 09:00", "tue 12:00"))).tasks[0].windows == []
