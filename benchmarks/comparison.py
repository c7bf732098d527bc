"""Two sets of runs side by side: medians, ratios, and whether the difference is more than chance."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import comb, exp, inf, isfinite, log, nan
from random import Random

import pandas as pd

from benchmarks.result_file import BadResults, Json, Run
from benchmarks.summary import summary

RESAMPLES, SEED = 2000, 0
BESIDE = ("integral", "peak_memory_mb")
TOLERANCE = 1e-9  # of values that are computed in floats


@dataclass(frozen=True)
class Comparison:
    """What two sets of runs have in common, and how they differ.

    Parameters
    ----------
    cases
        A row for each instance that both have, with `suite`, `case`, the median values `left` and `right`, their
        `ratio` (right over left; not a number where one of them is 0 or missing), `verdict` for the right one
        ("better", "worse", "same"), and the medians of `integral` and `peak_memory_mb` of both.
    only_left, only_right
        Instances that one of them has.
    remarks
        What makes the comparison unfair, such as other limits or machines.
    """

    cases: pd.DataFrame
    only_left: tuple[str, ...]
    only_right: tuple[str, ...]
    remarks: tuple[str, ...]

    def count(self, verdict: str) -> int:
        """Count the instances of a verdict."""
        return int((self.cases["verdict"] == verdict).sum())

    @property
    def ratios(self) -> list[float]:
        """The ratios that are numbers."""
        return [float(ratio) for ratio in self.cases["ratio"] if isfinite(ratio)]

    @property
    def chance(self) -> float:
        """The probability of as uneven a count by chance alone, by the sign test."""
        return sign_test(self.count("better"), self.count("worse"))


def sign_test(wins: int, losses: int) -> float:
    """Compute the two-sided p-value of the sign test, ties left out.

    Parameters
    ----------
    wins, losses
        Counts.

    Returns
    -------
    The probability that a fair coin falls at least as unevenly, 1 where there is nothing to count.
    """
    total, fewer = wins + losses, min(wins, losses)
    return min(1.0, 2 * sum(comb(total, k) for k in range(fewer + 1)) / (1 << total))


def geometric_mean(ratios: Sequence[float]) -> float:
    """Compute the geometric mean of positive ratios; not a number where there are none."""
    return exp(sum(map(log, ratios)) / len(ratios)) if ratios else nan


def interval(ratios: Sequence[float], confidence: float = 0.95) -> tuple[float, float]:
    """Compute a percentile bootstrap interval of the geometric mean, the same for the same ratios.

    Parameters
    ----------
    ratios
        Positive, one for each instance.
    confidence
        Share of the resampled means that lie inside.

    Returns
    -------
    Its ends; not numbers where there are no ratios.
    """
    if not ratios:
        return nan, nan
    random = Random(SEED)
    means = sorted(geometric_mean(random.choices(ratios, k=len(ratios))) for _ in range(RESAMPLES))
    tail = (1 - confidence) / 2
    return means[int(tail * RESAMPLES)], means[min(RESAMPLES - 1, int((1 - tail) * RESAMPLES))]


def compare(left: Sequence[Run], right: Sequence[Run]) -> Comparison:
    """Compare the runs of one engine with those of another, or of the same at another time.

    Parameters
    ----------
    left, right
        Runs of one engine each.

    Returns
    -------
    The comparison, seen from the right: better means that the right one is.

    Raises
    ------
    BadResults
        Where one of them has several engines or limits for an instance, or they have no instance in common.
    """
    before, after = _rows(left, "left"), _rows(right, "right")
    shared = [key for key in before if key in after]
    if not shared:
        raise BadResults("The two have no instance in common. Run the same suite for both.")
    frame = pd.DataFrame([_row(before[key], after[key]) for key in shared])
    only_left, only_right = (
        tuple("/".join(key) for key in one if key not in other) for one, other in ((before, after), (after, before))
    )
    return Comparison(frame, only_left, only_right, tuple(_remarks(left, right)))


def _row(before: Json, after: Json) -> Json:
    left, right = before["value"], after["value"]
    return {
        "suite": before["suite"],
        "case": before["case"],
        "left": left,
        "right": right,
        "ratio": right / left if isfinite(left) and isfinite(right) and left * right > 0 else nan,
        "verdict": _verdict(left, right),
        **{f"{name} left": before[name] for name in BESIDE},
        **{f"{name} right": after[name] for name in BESIDE},
    }


def _rows(runs: Sequence[Run], side: str) -> dict[tuple[str, str], Json]:
    rows: dict[tuple[str, str], Json] = {}
    for row in summary(runs).to_dict("records"):
        key = str(row["suite"]), str(row["case"])
        if key in rows:
            names = sorted({run.engine for run in runs})
            limits = sorted({_limits(run) for run in runs})
            raise BadResults(
                f"The {side} results have several runs of {'/'.join(key)}: engines {', '.join(names)}; limits "
                f"{'; '.join(limits)}. Choose with --{side}-engine or --seconds."
            )
        rows[key] = {str(name): value for name, value in row.items()}
    return rows


def _verdict(before: float, after: float) -> str:
    if before == after or abs(before - after) <= TOLERANCE * max(abs(before), abs(after)) < inf:
        return "same"
    return "better" if after < before else "worse"


def _remarks(left: Sequence[Run], right: Sequence[Run]) -> list[str]:
    """Say where the conditions differ."""
    remarks = []
    for name, condition in {"limits": _limits, "machines": _machine, "seeds": _seed}.items():
        before, after = ({condition(run) for run in runs} for runs in (left, right))
        if before != after:
            remarks.append(f"other {name}: {'; '.join(sorted(before))} against {'; '.join(sorted(after))}")
    return remarks


def _limits(run: Run) -> str:
    return f"{run.seconds:g} s with {run.workers} workers"


def _machine(run: Run) -> str:
    machine = run.about.get("machine", {})
    return f"{machine.get('cpu', 'unknown')} with {machine.get('cpus', '?')} cores"


def _seed(run: Run) -> str:
    return str(run.seed)
