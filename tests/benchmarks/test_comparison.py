from math import isnan

import pytest

from benchmarks.comparison import compare, geometric_mean, interval, sign_test
from benchmarks.result_file import BadResults
from tests.benchmarks.runs import done, undone


@pytest.mark.parametrize(
    ("wins", "losses", "chance"),
    # Of 5 coins 0 or 5 heads: 2 of 32 outcomes; of 4 at most 1 or at least 3 heads: 10 of 16.
    [(5, 0, 2 / 32), (0, 5, 2 / 32), (3, 1, 10 / 16), (2, 2, 1.0), (0, 0, 1.0)],
)
def test_sign_test_counts_the_outcomes_of_fair_coins(wins: int, losses: int, chance: float) -> None:
    assert sign_test(wins, losses) == chance


def test_geometric_mean_of_a_half_and_two_is_one() -> None:
    assert geometric_mean([0.5, 2.0]) == pytest.approx(1.0)
    assert isnan(geometric_mean([]))


def test_interval_holds_the_mean_and_is_the_same_every_time() -> None:
    ratios = [0.9, 0.95, 1.0, 0.97, 1.02]
    low, high = interval(ratios)
    assert 0.9 <= low < geometric_mean(ratios) < high <= 1.02
    assert interval(ratios) == (low, high)
    assert interval([0.9, 0.9]) == pytest.approx((0.9, 0.9))


def test_compare_says_where_the_right_is_better() -> None:
    left = [done([(1.0, 100)], case=f"core-{n}-1") for n in (10, 20, 30, 40)]
    right = [done([(1.0, cost)], case=f"core-{n}-1") for n, cost in ((10, 90), (20, 120), (30, 100), (50, 7))]
    found = compare(left, right)
    assert dict(zip(found.cases["case"], found.cases["verdict"], strict=True)) == {
        "core-10-1": "better",
        "core-20-1": "worse",
        "core-30-1": "same",
    }
    assert found.ratios == [0.9, 1.2, 1.0]
    assert (found.only_left, found.only_right) == (("core/core-40-1",), ("core/core-50-1",))
    assert found.chance == 1.0
    assert found.remarks == ()


def test_compare_of_a_plan_with_none_has_a_verdict_and_no_ratio() -> None:
    found = compare([undone("incomplete")], [done([(1.0, 100)])])
    assert found.cases["verdict"].tolist() == ["better"]
    assert found.ratios == []


def test_compare_remarks_on_other_limits_and_seeds() -> None:
    found = compare([done([(1.0, 100)])], [done([(1.0, 100)], seconds=60.0, seed=4)])
    assert [remark.partition(":")[0] for remark in found.remarks] == ["other limits", "other seeds"]


def test_compare_refuses_several_engines_and_nothing_in_common() -> None:
    two = [done([(1.0, 100)]), done([(1.0, 100)], engine="other")]
    with pytest.raises(BadResults, match="--left-engine"):
        compare(two, two[:1])
    with pytest.raises(BadResults, match="no instance in common"):
        compare(two[:1], [done([(1.0, 100)], case="field-10-1")])
