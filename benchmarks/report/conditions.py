"""The first part of a report: when, where and with what it was measured."""

from __future__ import annotations

from collections.abc import Iterable
from statistics import median

from benchmarks.report.document import Block, Heading, Table, Text, cells
from benchmarks.result_file import Json, Run
from benchmarks.wording import figure


def conditions(runs: list[Run], micro: list[Json]) -> list[Block]:
    """State machines, versions, dates, limits and seeds.

    Parameters
    ----------
    runs
        Of any engines.
    micro
        Lines of other benchmarks.

    Returns
    -------
    Blocks.
    """
    abouts = [*(run.about for run in runs), *micro]
    if not abouts:
        return [Text("There are no results.")]
    days = sorted({str(about["when"])[:10] for about in abouts if about.get("when")})
    versions: dict[str, set[str]] = {}
    for about in abouts:
        for name, version in about.get("versions", {}).items():
            versions.setdefault(str(name), set()).add(str(version))
    rows = [
        ("measured", _span(days)),
        ("machine", _joined(_machine(about.get("machine") or {}) for about in abouts)),
        ("system", _joined(str((about.get("machine") or {}).get("platform", "unknown")) for about in abouts)),
        ("Python", _joined(str((about.get("machine") or {}).get("python", "unknown")) for about in abouts)),
        ("versions", ", ".join(f"{name} {' and '.join(sorted(found))}" for name, found in sorted(versions.items()))),
        ("commit", _joined(str(about.get("commit") or "unknown") for about in abouts)),
        ("load before a run", _load(abouts)),
    ]
    if runs:
        rows += [
            ("limits", _joined(f"{run.suite}: {run.seconds:g} s, {run.workers} workers" for run in runs)),
            ("seeds", _joined(str(run.seed) for run in sorted(runs, key=lambda run: run.seed))),
            ("runs", figure(len(runs))),
            ("processor time", _processor(runs)),
        ]
    return [Heading("Conditions"), Table(("", ""), tuple(cells(*row) for row in rows))]


def _machine(machine: Json) -> str:
    cores, memory = machine.get("cpus", "?"), machine.get("memory_gb")
    return f"{machine.get('cpu', 'unknown')}, {cores} cores" + (f", {memory} GB" if memory else "")


def _load(abouts: list[Json]) -> str:
    loads = [
        float(about["machine"]["load_before"]) for about in abouts if "load_before" in (about.get("machine") or {})
    ]
    return f"{min(loads):.1f} to {max(loads):.1f} processes on average" if loads else "unknown"


def _processor(runs: list[Run]) -> str:
    """Say how much of the allowed cores the runs had: little on a busy machine."""
    shares = [
        float(run.result["cpu_seconds"]) / (float(run.result["seconds"]) * run.workers)
        for run in runs
        if run.result.get("cpu_seconds") and run.result.get("seconds")
    ]
    return f"{100 * median(shares):.0f} % of seconds × workers in the median run" if shares else "unknown"


def _span(days: list[str]) -> str:
    return "unknown" if not days else days[0] if len(days) == 1 else f"{days[0]} to {days[-1]}"


def _joined(texts: Iterable[str]) -> str:
    return "; ".join(dict.fromkeys(texts))
