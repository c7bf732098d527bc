import pytest

from solver.suggest.choose import chosen

HOUR = 60


def starts(limit: int, spread: int, *minutes: int, per_day: int | None = None, present: int | None = None) -> list[int]:
    """Which of some starts are chosen, the first the best."""
    return [minutes[n] for n in chosen(minutes, limit, spread, per_day, lambda minute: minute // 1440, present)]


def test_slots_of_one_hour_make_way_for_others() -> None:
    assert starts(3, HOUR, 540, 545, 550, 600, 605, 700) == [540, 600, 700]


def test_the_order_of_preference_stays() -> None:
    assert starts(3, HOUR, 700, 540, 620) == [700, 540, 620]


def test_half_the_distance_will_do_where_there_are_too_few() -> None:
    assert starts(3, HOUR, 540, 545, 570, 575) == [540, 570]
    assert starts(4, HOUR, 540, 555, 570, 585, 590) == [540, 555, 570, 585]


def test_nothing_nearer_than_a_quarter_of_an_hour_is_chosen_unless_asked_for() -> None:
    assert starts(5, HOUR, 540, 545, 550) == [540]
    assert starts(5, 5, 540, 545, 550) == [540, 545, 550]
    assert starts(5, 0, 540, 541, 542) == [540, 541, 542]


def test_a_day_has_no_more_than_asked_for() -> None:
    assert starts(5, HOUR, 540, 700, 800, 1440 + 540, per_day=2) == [540, 700, 1440 + 540]


def test_slots_lie_apart_from_where_it_stands() -> None:
    assert starts(2, HOUR, 545, 700, 600, present=540) == [700, 600]


@pytest.mark.parametrize("limit", [1, 2, 3])
def test_no_more_than_the_limit_are_chosen(limit: int) -> None:
    assert len(starts(limit, 0, *range(10))) == limit
