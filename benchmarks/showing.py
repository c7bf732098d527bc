"""What `run` and `compare` print at their end."""

from __future__ import annotations

from pathlib import Path

from benchmarks.comparison import Comparison, compare, geometric_mean, interval
from benchmarks.result_file import BadResults, Run, read
from benchmarks.summary import summary
from benchmarks.wording import UNKNOWN, figure, percent, seconds as written_seconds, told
from service.cli.files import Refused
from service.cli.screen import complain, say, show_table

HEAD = ("instance", "engine", "valid", "median", "best", "gap %", "to 1 %", "integral", "first", "MB")


def show_runs(runs: list[Run]) -> None:
    """Print a row for each instance and engine.

    Parameters
    ----------
    runs
        Done.
    """
    rows = [
        (
            str(row["case"]),
            str(row["engine"]),
            f"{row['valid']}/{row['runs']}",
            figure(row["value"]),
            figure(row["best"]),
            percent(row["gap"]) if row["published"] else UNKNOWN,
            written_seconds(row["to_best"]),
            written_seconds(row["integral"]),
            written_seconds(row["first_plan"]),
            figure(row["peak_memory_mb"], 0),
        )
        for row in summary(runs).to_dict("records")
    ]
    show_table(
        "Medians over the seeds; times in seconds, gaps to the best published", HEAD, rows, figures=len(HEAD) - 2
    )


def show_comparison(left: tuple[Path, str | None], right: tuple[Path, str | None], seconds: float | None) -> None:
    """Print two sets of runs side by side.

    Parameters
    ----------
    left, right
        A file of results each, and which engine of it, None where it has one only.
    seconds
        Only runs of this limit, None for all.

    Raises
    ------
    Refused
        Where they cannot be compared; it has been said.
    """
    try:
        found = compare(_chosen(*left, seconds), _chosen(*right, seconds))
    except BadResults as error:
        complain(str(error))
        raise Refused from None
    rows = [
        (
            f"{row['suite']}/{row['case']}",
            figure(row["left"]),
            figure(row["right"]),
            f"{row['ratio']:.4f}" if row["ratio"] == row["ratio"] else UNKNOWN,
            str(row["verdict"]),
            written_seconds(row["integral left"]),
            written_seconds(row["integral right"]),
            figure(row["peak_memory_mb left"], 0),
            figure(row["peak_memory_mb right"], 0),
        )
        for row in found.cases.to_dict("records")
    ]
    head = ("instance", "left", "right", "ratio", "right is", "integral l", "integral r", "MB left", "MB right")
    show_table("Medians over the seeds; smaller is better", head, rows, figures=len(head) - 1)
    _conclude(found)


def _chosen(path: Path, engine: str | None, seconds: float | None) -> list[Run]:
    runs, _ = read([path])
    names = list(dict.fromkeys(run.engine for run in runs))
    if engine is not None and engine not in names:
        raise BadResults(f"{path}: no runs of {engine}. It has: {', '.join(names) or 'none'}.")
    chosen = [run for run in runs if engine in (None, run.engine) and seconds in (None, run.seconds)]
    if not chosen:
        raise BadResults(f"{path}: no runs of engines in it. Name a file that `run SUITE --out` has written.")
    return chosen


def _conclude(found: Comparison) -> None:
    better, worse, same = (found.count(verdict) for verdict in ("better", "worse", "same"))
    say(f"The right is better in {better}, worse in {worse} and the same in {same}.")
    say(f"Sign test: p = {found.chance:.3f}" + (", which may be chance." if found.chance > 0.05 else "."))
    if found.ratios:
        low, high = interval(found.ratios)
        mean = geometric_mean(found.ratios)
        say(
            f"Right over left: {mean:.4f} in the geometric mean of {told(len(found.ratios), 'instance', 'instances')}, "
            f"95 % interval {low:.4f} to {high:.4f}."
        )
    for side, names in (("left", found.only_left), ("right", found.only_right)):
        if names:
            say(f"Only on the {side}: {', '.join(names)}.")
    for remark in found.remarks:
        say(f"Not alike: {remark}.")
