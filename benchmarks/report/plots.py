"""The pictures of a report, as SVG that is the same for the same results."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import matplotlib as mpl
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import LogFormatter

from benchmarks.result_file import Run

PALETTE = ("#0b6e99", "#d1495b", "#3c8d40", "#8d6cab", "#c77d0a", "#555555")
MARKS = ("o", "s", "^", "D", "v", "P")
COLUMNS, PANELS = 3, 12
FIRST_SECONDS = 0.1  # left end of the time axis
PANEL_SIZE = (4.0, 2.7)


@contextmanager
def _drawing(path: Path, rows: int = 1, columns: int = 1) -> Iterator[tuple[Figure, list[Axes]]]:
    with mpl.rc_context(
        {
            "svg.hashsalt": "tidyplan",
            "svg.fonttype": "none",
            "font.size": 9,
            "axes.spines.top": False,
            "axes.spines.right": False,
            "axes.grid": True,
            "grid.color": "#e3e6ea",
            "legend.frameon": False,
        }
    ):
        figure = Figure(
            figsize=(PANEL_SIZE[0] * max(columns, 1.6), PANEL_SIZE[1] * max(rows, 1.2)), layout="constrained"
        )
        axes = figure.subplots(rows, columns, squeeze=False)
        yield figure, list(axes.flat)
        figure.savefig(path, format="svg", metadata={"Date": None, "Creator": None})


def _looks(engines: Sequence[str]) -> dict[str, tuple[str, str]]:
    return {name: (PALETTE[i % len(PALETTE)], MARKS[i % len(MARKS)]) for i, name in enumerate(engines)}


def cost_over_time(runs: Sequence[Run], frame: pd.DataFrame, engines: Sequence[str], path: Path) -> bool:
    """Draw the cost of the best plan against time, a panel for each instance, a line for each run.

    Parameters
    ----------
    runs
        Of one suite under one limit.
    frame
        The same runs as `runs_frame` has them, for the references.
    engines
        In the order of their colours.
    path
        The file.

    Returns
    -------
    Whether there was anything to draw; of many instances twelve are, evenly spread.
    """
    cases = list(dict.fromkeys(run.case for run in runs if run.is_valid))
    cases = [cases[i * len(cases) // min(len(cases), PANELS)] for i in range(min(len(cases), PANELS))]
    if not cases:
        return False
    looks = _looks(engines)
    columns = min(COLUMNS, len(cases))
    with _drawing(path, math.ceil(len(cases) / columns), columns) as (figure, axes):
        for axis, case in zip(axes, cases, strict=False):
            for run in runs:
                if run.case == case and run.is_valid:
                    times = [max(FIRST_SECONDS, seconds) for seconds, _ in run.events] + [
                        max(run.seconds, run.events[-1][0])
                    ]
                    heights = [cost for _, cost in run.events] + [run.events[-1][1]]
                    axis.step(times, heights, where="post", color=looks[run.engine][0], linewidth=1.0, alpha=0.8)
            reference = float(frame.loc[frame["case"] == case, "reference"].iloc[0])
            axis.axhline(reference, color="#1c2430", linewidth=0.8, linestyle=":")
            axis.set_title(case, loc="left")
            axis.set_xscale("log")
            axis.set_xlim(FIRST_SECONDS, max(run.seconds for run in runs))
            axis.xaxis.set_major_formatter("{x:g}")
            axis.yaxis.set_major_formatter("{x:,.0f}")
            shown = [run.events for run in runs if run.case == case and run.is_valid]
            if reference > 0:
                # First plans may cost a hundred times the last: the axis ends where the comparison begins.
                top = max(2 * reference, 1.1 * max(events[-1][1] for events in shown))
                axis.set_ylim(0.97 * min(reference, *(events[-1][1] for events in shown)), top)
        for axis in axes[len(cases) :]:
            axis.set_visible(False)
        figure.supxlabel("seconds")
        figure.supylabel("cost; dotted: best known")
        handles = [axes[0].plot([], [], color=looks[name][0], label=name)[0] for name in engines]
        figure.legend(handles=handles, loc="outside upper right", ncols=len(engines))
    return True


def gap_profile(frame: pd.DataFrame, engines: Sequence[str], path: Path) -> bool:
    """Draw for each engine the share of runs whose gap to the best known is at most so much.

    Parameters
    ----------
    frame
        A row for each run with `engine` and `gap`, which is infinite without a valid plan.
    engines
        In the order of their colours.
    path
        The file.

    Returns
    -------
    Whether there was anything to draw.
    """
    finite = [100 * gap for gap in frame["gap"] if math.isfinite(gap)]
    if not finite:
        return False
    looks = _looks(engines)
    low, high = min(0.0, *finite), max(1.0, *finite)
    with _drawing(path) as (_, (axis,)):
        for name in engines:
            gaps = sorted(100 * gap for gap in frame.loc[frame["engine"] == name, "gap"])
            if gaps:
                steps = [(gap, (i + 1) / len(gaps)) for i, gap in enumerate(gaps) if math.isfinite(gap)]
                ends = steps[-1][1] if steps else 0.0
                xs = [low, *(gap for gap, _ in steps), high]
                axis.step(
                    xs, [0.0, *(share for _, share in steps), ends], where="post", color=looks[name][0], label=name
                )
        axis.set_xscale("symlog", linthresh=1.0)
        axis.xaxis.set_major_formatter("{x:g}")
        axis.set_ylim(0, 1.02)
        axis.set_xlabel("gap to the best known, %")
        axis.set_ylabel("share of runs within it")
        axis.legend(loc="lower right")
    return True


def scaling(frame: pd.DataFrame, engines: Sequence[str], path: Path) -> bool:
    """Draw the time to the first plan and the memory against the number of appointments.

    Parameters
    ----------
    frame
        A summary: a row for each instance and engine.
    engines
        In the order of their colours.
    path
        The file.

    Returns
    -------
    Whether there was anything to draw: two sizes at least.
    """
    frame = frame[frame["first_plan"].notna() & frame["peak_memory_mb"].notna()]
    if frame["appointments"].nunique() < 2:
        return False
    looks = _looks(engines)
    with _drawing(path, 1, 2) as (_, axes):
        for axis, column, label in zip(
            axes, ("first_plan", "peak_memory_mb"), ("first plan, s", "memory, MB"), strict=True
        ):
            for name in engines:
                rows = frame[frame["engine"] == name].sort_values("appointments")
                colour, mark = looks[name]
                axis.plot(rows["appointments"], rows[column], mark, color=colour, label=name, markersize=4, alpha=0.8)
            axis.set_xscale("log")
            axis.set_yscale("log")
            for side in (axis.xaxis, axis.yaxis):
                side.set_major_formatter(LogFormatter())
                side.set_minor_formatter(LogFormatter(minor_thresholds=(1.5, 0.5)))
            axis.set_xlabel("appointments")
            axis.set_ylabel(label)
        axes[0].legend(loc="upper left")
    return True
