"""What a report says, in which order."""

from __future__ import annotations

import re
from math import inf, isnan
from pathlib import Path

import pandas as pd

from benchmarks.report import plots, tables
from benchmarks.report.conditions import conditions
from benchmarks.report.document import Document, Heading, Listing, Picture, Text
from benchmarks.report.texts import READING, SUITES
from benchmarks.result_file import Json, Run
from benchmarks.summary import relative, runs_frame, summary


def compose(runs: list[Run], micro: list[Json], folder: Path) -> Document:
    """Compose the report of some results, and draw its pictures.

    Parameters
    ----------
    runs
        Of any engines and suites.
    micro
        Lines of other benchmarks.
    folder
        Where the pictures go.

    Returns
    -------
    The document.
    """
    document = Document("Benchmark results")
    document.add(*conditions(runs, micro))
    document.add(Heading("How to read the tables"), Listing(tuple(READING.splitlines())))
    frame, per_run = summary(runs), runs_frame(runs)
    rows = tables.records(frame)
    if rows:
        _overview(document, rows)
        for suite in dict.fromkeys(str(row["suite"]) for row in rows):
            _suite(document, suite, [run for run in runs if run.suite == suite], frame, per_run, folder)
        engines = _engines(rows)
        if plots.scaling(frame, engines, folder / "scaling.svg"):
            document.add(Heading("Scaling"))
            document.add(Picture("scaling.svg", "Seconds to the first plan and peak memory, by number of appointments"))
        _refused(document, runs)
    for name, table in tables.micro(micro):
        document.add(Heading(f"Micro benchmark: {name}"), table)
    return document


def _engines(rows: tables.Rows) -> list[str]:
    names = {str(row["engine"]) for row in rows}
    return [*([tables.OURS] if tables.OURS in names else []), *tables.peers_of(rows)]


def _overview(document: Document, rows: tables.Rows) -> None:
    document.add(Heading("In short"), tables.suites(rows))
    if table := tables.duels(rows):
        document.add(table)
    if lines := tables.losses(rows):
        document.add(Heading("Where we lose"), Listing(tuple(lines)))
    elif any(row["engine"] == tables.OURS for row in rows):
        against = tables.peers_of(rows) or any(row["published"] for row in rows)
        nothing = (
            "In these results nowhere."
            if against
            else "There is nothing here to lose against: no peer, no published value."
        )
        document.add(Heading("Where we lose"), Text(nothing))


def _suite(
    document: Document, suite: str, runs: list[Run], frame: pd.DataFrame, per_run: pd.DataFrame, folder: Path
) -> None:
    document.add(Heading(f"Suite {suite}"))
    if suite in SUITES:
        document.add(Text(f"{SUITES[suite][0].upper()}{SUITES[suite][1:]}."))
    frame, per_run = frame[frame["suite"] == suite], per_run[per_run["suite"] == suite]
    for seconds, workers in sorted({(run.seconds, run.workers) for run in runs}):
        chosen = (frame["seconds"] == seconds) & (frame["workers"] == workers)
        rows = tables.records(frame[chosen])
        limit = tables.limits(seconds, workers)
        document.add(Heading(f"{suite} at {limit}", 3), tables.instances(rows))
        some = [run for run in runs if (run.seconds, run.workers) == (seconds, workers)]
        engines = _engines(rows)
        stem = re.sub(r"[^\w.-]", "_", f"{suite}-{seconds:g}s-{workers}w")
        if plots.cost_over_time(some, per_run, engines, folder / f"{stem}-cost.svg"):
            document.add(Picture(f"{stem}-cost.svg", f"Cost over time, {suite} at {limit}, a line for each run"))
        known = {str(row["case"]): float(row["best_known"]) for row in rows}
        gaps = per_run[(per_run["seconds"] == seconds) & (per_run["workers"] == workers)].copy()
        gaps["gap"] = [_gap(value, known[case]) for value, case in zip(gaps["value"], gaps["case"], strict=True)]
        gaps = gaps[gaps["status"] != "unsupported"]
        if plots.gap_profile(gaps, engines, folder / f"{stem}-gaps.svg"):
            document.add(
                Picture(f"{stem}-gaps.svg", f"Share of runs within a gap to the best known, {suite} at {limit}")
            )


def _gap(value: float, known: float) -> float:
    gap = relative(value, known)
    return inf if isnan(gap) else gap


def _refused(document: Document, runs: list[Run]) -> None:
    """List what came to nothing: what an engine cannot state, plans that are wrong or incomplete, failures."""
    lines: dict[str, list[str]] = {}
    for run in runs:
        if not run.is_valid or run.status == "wrong bound":
            why = str(run.result.get("message") or "; ".join(run.result.get("breaches") or ())).strip()
            about = f"{run.engine}, {run.status}" + (f": {why.splitlines()[-1][:200]}" if why else "")
            lines.setdefault(about, []).append(f"{run.suite}/{run.case}")
    if lines:
        document.add(Heading("Runs that count for nothing"))
        document.add(Listing(tuple(f"{about} ({_some(list(dict.fromkeys(cases)))})" for about, cases in lines.items())))


def _some(cases: list[str]) -> str:
    return ", ".join(cases[:4]) + (f" and {len(cases) - 4} more" if len(cases) > 4 else "")
