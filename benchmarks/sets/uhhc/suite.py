"""The UHHC set as cases; what problem.json cannot say exactly is left out, with the reason."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from benchmarks.case import Case, NoInstance, Published, Suite
from benchmarks.sets.folder import Folder
from benchmarks.sets.uhhc import hard, soft
from benchmarks.sets.uhhc.mapped import Mapped
from benchmarks.sets.uhhc.measure import measure
from benchmarks.sets.uhhc.original import Original
from models.plan import Plan

FAMILY = "uhhc"
BALANCE = (
    "workload_balance adds up, over all caregivers, how far service and travel time lie from their mean; "
    "problem.json compares the most and the least loaded, by service time alone"
)


def suite(data: Path | None) -> Suite:
    """Open the set.

    Parameters
    ----------
    data
        The folder of the public sets, None for the one that the environment names.

    Returns
    -------
    The instances that fit, and the reasons of the others.
    """
    folder = Folder(FAMILY, data, ".json", "github.com/iolab-uniud/uhhc, instances and solutions")
    summary = "unified home care routes, Ceschia et al. 2026"
    left_out = partial(_left_out, folder)
    return Suite(FAMILY, summary, partial(_names, folder), partial(_load, folder), left_out)


def reason(original: Original) -> str:
    """Say why an instance does not fit; nothing for one that does.

    Parameters
    ----------
    original
        The instance.

    Returns
    -------
    A sentence, or "".
    """
    if hard.fits(original) or soft.fits(original):
        return ""
    if "workload_balance" in original.weights:
        return BALANCE
    return f"problem.json has no terms that add up to {', '.join(original.weights)} as they are weighted here"


def mapped(original: Original, name: str) -> Mapped:
    """Write an instance that fits as a problem."""
    return hard.mapped(original, name) if hard.fits(original) else soft.mapped(original, name)


def _read(folder: Folder, name: str) -> Original:
    return Original(folder.json(name))


def _left_out(folder: Folder) -> dict[str, str]:
    reasons = {name: reason(_read(folder, name)) for name in folder.names()}
    return {name: why for name, why in reasons.items() if why}


def _names(folder: Folder) -> tuple[str, ...]:
    left_out = _left_out(folder)
    return tuple(name for name in folder.names() if name not in left_out)


def _load(folder: Folder, name: str) -> Case:
    original = _read(folder, name)
    if why := reason(original):
        raise NoInstance(f"{name} is left out: {why}. Choose one of: {', '.join(_names(folder))}.")
    problem = mapped(original, name)

    def objective(plan: Plan) -> Published:
        return measure(original, problem.answer(plan))

    best, bound = folder.published(name, "best_known", "lower_bound")
    return Case(FAMILY, name, problem.document, best, bound, "weighted sum", objective, hard.fits(original))
