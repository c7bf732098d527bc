from typing import Any

from tests.factories import Json, appointment, at, current, problem, span
from tests.solver.plans import broken, lowered, placed


def quarters(**fields: Any) -> Json:
    # The horizon starts at 09:10, but the grid counts from midnight.
    return problem(
        step_minutes=15, horizon=span("mon 09:10", "mon 17:00"), appointments=[appointment("a", 60, **fields)]
    )


def test_start_on_the_grid_is_right() -> None:
    assert broken("step", quarters(), placed("a", "mon 09:15")) == []


def test_start_beside_the_grid_is_off_by_the_minutes_after_it() -> None:
    assert broken("step", quarters(), placed("a", "mon 09:10")) == [(("a",), 10)]


def test_present_start_beside_the_grid_may_be_kept() -> None:
    item = quarters(current=current("mon 10:07"))
    assert broken("step", item, placed("a", "mon 10:07")) == []
    assert broken("step", item, placed("a", "mon 10:08")) == [(("a",), 8)]


def test_pinned_start_beside_the_grid_is_right() -> None:
    assert broken("step", quarters(current=current("mon 10:07"), pinned=True), placed("a", "mon 10:07")) == []


def test_task_has_its_present_start_only_beside_the_grid_and_unpinned() -> None:
    # 10 × 60 + 7 = 607.
    assert lowered(quarters(current=current("mon 10:07"))).tasks[0].extra_start == 607
    assert lowered(quarters(current=current("mon 10:15"))).tasks[0].extra_start is None
    assert lowered(quarters(current=current("mon 10:07"), pinned=True)).tasks[0].extra_start is None


def test_grid_counts_from_the_local_midnight() -> None:
    # Kathmandu is 5:45 ahead of UTC: a full local hour is a quarter past in UTC.
    item = problem(timezone="Asia/Kathmandu", appointments=[appointment("a", 60)])
    assert broken("step", item, placed("a", at("mon 12:00", "Asia/Kathmandu"))) == []
    assert broken("step", item, placed("a", "mon 12:00")) == [(("a",), 45)]
