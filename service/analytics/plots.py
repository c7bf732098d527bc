"""Pictures of figures, as SVG to stand in a page; the same for the same figures."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from io import StringIO

import matplotlib as mpl
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from models.enums import AppointmentStatus as Status
from service.analytics.figures import Usage

COLOURS: Mapping[str, str] = {
    Status.COMPLETED: "#2f9e44",
    Status.IN_PROGRESS: "#74b816",
    Status.CONFIRMED: "#1971c2",
    Status.SCHEDULED: "#74c0fc",
    Status.RESCHEDULED: "#9775fa",
    Status.REQUESTED: "#ced4da",
    Status.CANCELLED: "#868e96",
    Status.NO_SHOW: "#e03131",
}
"""In the order in which they are stacked."""

WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
MOST_BARS = 15


@contextmanager
def _drawing(width: float, height: float, into: StringIO) -> Iterator[Axes]:
    with mpl.rc_context(
        {
            "svg.hashsalt": "tidyplan",
            "svg.fonttype": "none",
            "font.size": 9,
            "axes.spines.top": False,
            "axes.spines.right": False,
            "grid.color": "#e3e6ea",
            "legend.frameon": False,
        }
    ):
        figure = Figure(figsize=(width, height), layout="constrained")
        axis = figure.subplots()
        yield axis
        figure.savefig(into, format="svg", transparent=True, metadata={"Date": None, "Creator": None})


def _svg(text: StringIO) -> str:
    """Take the picture out of its file."""
    whole = text.getvalue()
    return whole[whole.index("<svg") :]


def days(counts: pd.DataFrame) -> str:
    """Draw the appointments of every day or week, stacked by status.

    Parameters
    ----------
    counts
        As `daily.by_day` gives it.

    Returns
    -------
    The picture.
    """
    text = StringIO()
    with _drawing(9.0, 2.8, text) as axis:
        floor = pd.Series(0.0, index=counts.index)
        step = 0.8 if len(counts) < 2 else 0.8 * (counts.index[1] - counts.index[0]).days
        for status, colour in COLOURS.items():
            if status in counts.columns:
                name = str(status).replace("_", " ")
                axis.bar(counts.index, counts[status], step, bottom=floor, color=colour, label=name)
                floor = floor + counts[status]
        axis.grid(axis="y")
        axis.set_axisbelow(True)
        axis.yaxis.set_major_locator(MaxNLocator(integer=True))
        if axis.get_legend_handles_labels()[0]:
            axis.figure.legend(loc="outside upper right", ncols=len(COLOURS))
        axis.tick_params(axis="x", rotation=0)
    return _svg(text)


def hours(counts: pd.DataFrame) -> str:
    """Draw how many appointments start on each weekday in each hour.

    Parameters
    ----------
    counts
        As `daily.by_hour` gives it.

    Returns
    -------
    The picture.
    """
    text = StringIO()
    with _drawing(9.0, 2.4, text) as axis:
        axis.pcolormesh(counts.to_numpy(), cmap="Blues", edgecolors="white", linewidth=0.5, vmin=0)
        axis.invert_yaxis()
        axis.set_yticks([i + 0.5 for i in range(7)], WEEKDAYS)
        axis.set_xticks(range(0, 24, 3), [f"{hour:02}:00" for hour in range(0, 24, 3)])
        axis.tick_params(length=0)
        for spine in axis.spines.values():
            spine.set_visible(False)
    return _svg(text)


def bars(usages: Mapping[int, Usage]) -> str:
    """Draw how busy people, teams or resources are, the busiest first.

    Parameters
    ----------
    usages
        By id.

    Returns
    -------
    The picture; empty if nothing of them is available.
    """
    known = [each for each in usages.values() if each.rate is not None]
    ranked = sorted(known, key=lambda each: (-(each.rate or 0), each.name))[:MOST_BARS][::-1]
    if not ranked:
        return ""
    text = StringIO()
    with _drawing(4.4, 0.6 + 0.26 * len(ranked), text) as axis:
        rates = [float(each.rate or 0) for each in ranked]
        axis.barh(range(len(ranked)), rates, color=["#e8590c" if rate > 100 else "#1971c2" for rate in rates])
        # A dollar would begin a formula.
        names = [each.name[:28].replace("$", r"\$") for each in ranked]
        axis.set_yticks(range(len(ranked)), names)
        axis.set_xlim(0, max(100, *rates) * 1.12)
        axis.xaxis.set_major_formatter("{x:.0f} %")
        for i, rate in enumerate(rates):
            axis.text(rate, i, f" {rate:.0f}", va="center", fontsize=8)
    return _svg(text)
