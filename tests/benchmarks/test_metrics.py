from math import inf

import pytest

from benchmarks.metrics import primal_gap, primal_integral, seconds_within


@pytest.mark.parametrize(
    ("cost", "reference", "gap"),
    [(100, 100, 0.0), (0, 0, 0.0), (200, 100, 0.5), (5, 0, 1.0), (90, 100, 0.0), (-50, -100, 0.5), (1, -1, 1.0)],
)
def test_primal_gap_is_relative_to_the_larger(cost: float, reference: float, gap: float) -> None:
    assert primal_gap(cost, reference) == gap


def test_primal_integral_adds_up_gap_times_duration() -> None:
    # Nothing for 2 s, then 400 (gap 3/4) for 3 s, then 200 (gap 1/2) for 1 s, then 100 (gap 0) for 4 s.
    events = [(2.0, 400), (5.0, 200), (6.0, 100)]
    assert primal_integral(events, 100, 10.0) == 2.0 + 0.75 * 3 + 0.5 * 1


def test_primal_integral_of_no_plan_is_the_limit() -> None:
    assert primal_integral([], 100, 10.0) == 10.0


def test_primal_integral_does_not_see_what_comes_after_the_limit() -> None:
    assert primal_integral([(4.0, 200), (12.0, 100)], 100, 10.0) == 4.0 + 0.5 * 6


def test_seconds_within_is_the_first_time_within_a_share() -> None:
    events = [(1.0, 200), (2.0, 102), (3.0, 101), (4.0, 100)]
    assert seconds_within(events, 100) == 3.0
    assert seconds_within(events, 100, 0.0) == 4.0
    assert seconds_within(events, 50) == inf
