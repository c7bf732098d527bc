from math import inf, isnan

import pytest

from benchmarks.summary import runs_frame, summary
from tests.benchmarks.runs import done, undone


def test_summary_takes_medians_over_the_seeds() -> None:
    runs = [done([(1.0, 900), (float(seed), cost)], seed=seed) for seed, cost in ((2, 300), (3, 100), (4, 200))]
    (row,) = summary(runs).to_dict("records")
    assert (row["value"], row["best"], row["worst"]) == (200, 100, 300)
    assert (row["runs"], row["valid"], row["left_out"]) == (3, 3, 1)
    assert row["first_plan"] == 1.0
    # Only the best run of the three ever comes within one per cent of 100.
    assert row["to_best"] == inf
    assert row["to_own"] == 3.0


def test_summary_measures_gaps_against_the_published_value() -> None:
    runs = [done([(1.0, 3300)], seed=seed, value=value, best_known=100.0) for seed, value in enumerate((110.0, 105.0))]
    (row,) = summary(runs).to_dict("records")
    assert row["published"]
    assert row["gap"] == pytest.approx(0.075)
    assert row["best_gap"] == pytest.approx(0.05)


def test_summary_without_published_value_measures_against_the_best_run_of_any_engine() -> None:
    runs = [done([(1.0, 200)]), done([(1.0, 100)], engine="other")]
    rows = {row["engine"]: row for row in summary(runs).to_dict("records")}
    assert not rows["tidyplan"]["published"]
    assert rows["tidyplan"]["gap"] == 1.0
    assert rows["other"]["gap"] == 0.0


def test_summary_counts_runs_without_a_plan_as_infinitely_bad() -> None:
    runs = [done([(1.0, 100)]), undone("incomplete", seed=1), undone("wrong", seed=2)]
    (row,) = summary(runs).to_dict("records")
    assert (row["value"], row["best"], row["worst"]) == (inf, 100, inf)
    assert (row["runs"], row["valid"], row["wrong"]) == (3, 1, 1)
    assert isnan(row["gap"])
    assert row["integral"] == 10.0


def test_summary_keeps_limits_apart() -> None:
    frame = summary([done([(1.0, 100)], seconds=10.0), done([(1.0, 90)], seconds=60.0)])
    assert sorted(zip(frame["seconds"], frame["value"], strict=True)) == [(10.0, 100), (60.0, 90)]


def test_summary_proves_with_the_bound_of_the_run() -> None:
    runs = [done([(1.0, 200)], bound=150), done([(1.0, 100)], seed=1, bound=100, status="optimal")]
    (row,) = summary(runs).to_dict("records")
    assert (row["proved_gap"], row["proved"]) == (0.0, 1)


def test_reference_is_the_published_value_scaled_to_cost_where_that_is_less() -> None:
    # The plan of cost 3000 has the published value 120, so that 100 would cost 2500.
    frame = runs_frame([done([(1.0, 3000)], value=120.0, best_known=100.0)])
    assert frame["reference"].tolist() == [2500.0]


def test_summary_of_nothing_is_empty() -> None:
    assert summary([]).empty
