"""From runs to one row per instance and engine: medians over the seeds, against the best that is known."""

from __future__ import annotations

from collections.abc import Iterable
from math import inf, isfinite, isnan, nan
from statistics import median

import pandas as pd

from benchmarks.metrics import primal_integral, seconds_within
from benchmarks.result_file import Json, Run

GROUP = ("suite", "case", "engine", "seconds", "workers")
Case = tuple[str, str]


def runs_frame(runs: Iterable[Run]) -> pd.DataFrame:
    """Make a row for each run, with the measures that need the other runs as a reference.

    Parameters
    ----------
    runs
        Of any engines and instances.

    Returns
    -------
    A frame with names, limits, `status`, `cost`, `bound`, `value`, `best_known`, `reference` (a cost: the least of all
    runs or, where it is less, the published one), `first_plan` (seconds), `to_own` and `to_best` (seconds to within one
    per cent of the run's last cost and of the reference, infinite if never), `integral` (seconds), `peak_memory_mb`,
    `appointments` and `users`. What a run without a valid plan has not is not a number.
    """
    listed = list(runs)
    references = {case: _reference(group) for case, group in _by_case(listed).items()}
    rows = [_row(run, references[run.suite, run.case]) for run in listed]
    return pd.DataFrame(rows, columns=list(_row(_NOTHING, nan)))


def _by_case(runs: list[Run]) -> dict[Case, list[Run]]:
    groups: dict[Case, list[Run]] = {}
    for run in runs:
        groups.setdefault((run.suite, run.case), []).append(run)
    return groups


def _reference(runs: list[Run]) -> float:
    """Find the least cost of an instance; a published value is scaled by cost and value of the best run."""
    costs = [(run.cost, run.value or 0.0, run.result.get("best_known")) for run in runs if run.cost is not None]
    if not costs:
        return nan
    cost, value, published = min(costs, key=lambda found: found[0])
    return min(float(cost), published * cost / value) if published and value else float(cost)


def _row(run: Run, reference: float) -> Json:
    cost, events, result = run.cost, run.events, run.result
    valid = cost is not None
    return {
        "suite": run.suite,
        "case": run.case,
        "engine": run.engine,
        "seconds": run.seconds,
        "workers": run.workers,
        "seed": run.seed,
        "status": run.status,
        "cost": nan if cost is None else float(cost),
        "bound": _number(result.get("bound")) if valid else nan,
        "value": nan if run.value is None else run.value,
        "best_known": _number(result.get("best_known")),
        "lower_bound": _number(result.get("lower_bound")),
        "reference": reference,
        "first_plan": events[0][0] if valid else nan,
        "to_own": seconds_within(events, cost) if cost is not None else inf,
        "to_best": seconds_within(events, reference) if valid else inf,
        "integral": primal_integral(events, reference, run.seconds) if valid else run.seconds,
        "peak_memory_mb": _number(result.get("peak_memory_mb")),
        "appointments": _number(result.get("appointments")),
        "users": _number(result.get("users")),
        "left_out": _number(result.get("appointments")) - _number(result.get("assigned")) if valid else nan,
    }


_NOTHING = Run("", "", "", 0, 0.0, 0, {})


def _number(value: object) -> float:
    return float(value) if isinstance(value, int | float) else nan


def summary(runs: Iterable[Run]) -> pd.DataFrame:
    """Make a row for each instance, engine and limits.

    Parameters
    ----------
    runs
        Of any engines and instances.

    Returns
    -------
    A frame with the columns of `GROUP` and: `runs`, `valid` (of them), `unsupported`, `wrong`, `proved`; `best_known`
    (published; else the best value of these runs, `published` tells which), `value` (median), `best`, `worst`;
    `gap` and `best_gap` to best known (0.01 is 1 % above it), `proved_gap` (least (cost − bound) / max(1, |cost|));
    medians of `first_plan`, `to_own`, `to_best` and `integral` in seconds (infinite where half never came there) and of
    `peak_memory_mb`; and size and published `lower_bound` of the instance. Runs without a valid plan count as
    infinitely bad.
    """
    frame = runs_frame(runs)
    if frame.empty:
        return pd.DataFrame(columns=[*GROUP, *_summed(frame, nan, published=False)])
    best = frame.groupby(["suite", "case"])["value"].min().to_dict()
    known = frame.groupby(["suite", "case"])["best_known"].min().to_dict()
    rows = []
    for key, group in frame.groupby(list(GROUP), sort=False):
        case = key[:2]
        published = isfinite(known[case])
        rows.append(
            dict(zip(GROUP, key, strict=True))
            | _summed(group, known[case] if published else best[case], published=published)
        )
    return pd.DataFrame(rows)


def _summed(group: pd.DataFrame, known: float, *, published: bool) -> Json:
    values = [value if isfinite(value) else inf for value in group["value"].tolist()]
    costs, bounds = group["cost"].tolist(), group["bound"].tolist()
    statuses = group["status"].tolist()
    middle, least = _median(values), min(values, default=nan)
    gaps = [
        (cost - bound) / max(1.0, abs(cost))
        for cost, bound in zip(costs, bounds, strict=True)
        if isfinite(cost - bound)
    ]
    return {
        "runs": len(statuses),
        "valid": sum(map(isfinite, costs)),
        "unsupported": statuses.count("unsupported"),
        "wrong": sum(status.startswith("wrong") for status in statuses),
        "proved": statuses.count("optimal"),
        "published": published,
        "best_known": known,
        "value": middle,
        "best": least,
        "worst": max(values, default=nan),
        "gap": relative(middle, known),
        "best_gap": relative(least, known),
        "proved_gap": min(gaps, default=nan),
        **{
            name: _median(group[name].tolist())
            for name in ("first_plan", "to_own", "to_best", "integral", "peak_memory_mb")
        },
        **{name: _median(group[name].tolist()) for name in ("lower_bound", "appointments", "users", "left_out")},
    }


def relative(value: float, known: float) -> float:
    """Compare a value with the best known one: 0.01 is one per cent above; not a number where that says nothing."""
    if value == known:
        return 0.0
    return value / known - 1 if isfinite(value) and isfinite(known) and known > 0 else nan


def _median(values: list[float]) -> float:
    numbers = [value for value in values if not isnan(value)]
    return median(numbers) if numbers else nan
