"""The tables of a report: instances against the best known and peers, suites in short, and where we lose."""

from __future__ import annotations

from collections.abc import Iterable
from math import inf, isfinite
from statistics import median

import pandas as pd

from benchmarks.comparison import sign_test
from benchmarks.report.document import Cell, Table, cells
from benchmarks.result_file import Json
from benchmarks.wording import UNKNOWN, figure, percent, seconds

OURS = "tidyplan"
SEEN = "*"
ROUNDING = 5e-5  # a gap that is nothing: published values are rounded
Rows = list[Json]


def records(frame: pd.DataFrame) -> Rows:
    """Take the rows of a frame as dictionaries."""
    return [{str(name): value for name, value in row.items()} for row in frame.to_dict("records")]


def peers_of(rows: Rows) -> list[str]:
    """List the engines beside ours, variants of ours first."""
    names = dict.fromkeys(str(row["engine"]) for row in rows)
    return sorted((name for name in names if name != OURS), key=lambda name: (not name.startswith(OURS), name))


def by_case(rows: Rows) -> dict[str, dict[str, Json]]:
    """Arrange rows of one suite and limit by instance and engine."""
    cases: dict[str, dict[str, Json]] = {}
    for row in rows:
        cases.setdefault(str(row["case"]), {})[str(row["engine"])] = row
    return cases


def instances(rows: Rows) -> Table:
    """Make the table of a suite under one limit: a row for each instance, ours first, then the peers.

    Parameters
    ----------
    rows
        Of a summary, one for each instance and engine.

    Returns
    -------
    The published lower bound, where the suite has any; ours with median, best, gap to the best known, proved gap, times
    and integral; a peer with its median and, in brackets, its gap. The least median of an instance is strong.
    """
    peers = peers_of(rows)
    ours = any(row["engine"] == OURS for row in rows)
    bounded = any(isfinite(row["lower_bound"]) for row in rows)
    head = ["instance", "appointments", "users", *(["lower bound"] if bounded else []), "best known"]
    if ours:
        head += ["median", "best", "gap %", "proved gap %", "left out", "to 1 % (s)", "integral (s)"]
        head += ["first plan (s)", "MB", "valid"]
    return Table(
        (*head, *peers),
        tuple(_instance(*item, peers, ours=ours, bounded=bounded) for item in by_case(rows).items()),
        len(head) + len(peers) - 1,
    )


def _instance(case: str, found: dict[str, Json], peers: list[str], *, ours: bool, bounded: bool) -> tuple[Cell, ...]:
    any_row = next(iter(found.values()))
    least = min((row["value"] for row in found.values() if isfinite(row["value"])), default=inf)
    known = figure(any_row["best_known"]) + ("" if any_row["published"] or not isfinite(least) else SEEN)
    bound = [figure(any_row["lower_bound"])] if bounded else []
    row = [*cells(case, figure(any_row["appointments"]), figure(any_row["users"]), *bound, known)]
    several = sum(isfinite(row["value"]) for row in found.values()) > 1
    if ours:
        row += _our_cells(found.get(OURS), least, several=several)
    return (*row, *(_peer_cell(found.get(peer), least, several=several) for peer in peers))


def _our_cells(mine: Json | None, least: float, *, several: bool) -> list[Cell]:
    if mine is None:
        return [Cell(UNKNOWN)] * 10
    return [
        Cell(figure(mine["value"]), strong=several and mine["value"] == least),
        *cells(
            figure(mine["best"]),
            percent(mine["gap"]),
            percent(mine["proved_gap"]),
            figure(mine["left_out"]),
            seconds(mine["to_best"]),
            seconds(mine["integral"]),
            seconds(mine["first_plan"]),
            figure(mine["peak_memory_mb"], 0),
            f"{mine['valid']}/{mine['runs']}",
        ),
    ]


def _peer_cell(row: Json | None, least: float, *, several: bool) -> Cell:
    if row is None:
        return Cell(UNKNOWN)
    if row["unsupported"] == row["runs"]:
        return Cell("cannot state it")
    if not isfinite(row["value"]):
        return Cell("wrong" if row["wrong"] else "no plan")
    return Cell(f"{figure(row['value'])} ({percent(row['gap'])})", strong=several and row["value"] == least)


def suites(rows: Rows) -> Table:
    """Make the short table: a row for each suite, limit and engine.

    Parameters
    ----------
    rows
        Of a summary.

    Returns
    -------
    Counts of instances, of those with valid plans only, of proved ones, and of those where the median meets or beats
    the best published value, misses it by at most one per cent, or by more, with the median gap; and the median
    integral as a share of the limit.
    """
    head = (
        "suite",
        "limit",
        "engine",
        "instances",
        "all valid",
        "proved",
        "met or beaten",
        "within 1 %",
        "behind",
        "median gap %",
        "integral %",
    )
    groups: dict[tuple[str, float, int, str], Rows] = {}
    for row in rows:
        groups.setdefault((row["suite"], row["seconds"], row["workers"], row["engine"]), []).append(row)
    listed = []
    for (suite, limit, workers, engine), group in groups.items():
        stated = [row for row in group if row["unsupported"] < row["runs"]]
        if not stated:
            continue
        gaps = [row["gap"] if isfinite(row["gap"]) else inf for row in stated if row["published"]]
        met, near = sum(gap <= ROUNDING for gap in gaps), sum(ROUNDING < gap <= 0.01 for gap in gaps)
        counts = (
            len(stated),
            sum(row["valid"] == row["runs"] for row in stated),
            sum(row["proved"] > 0 for row in stated),
        )
        against = (*map(str, (met, near, len(gaps) - met - near)), percent(median(gaps))) if gaps else (UNKNOWN,) * 4
        integral = median(row["integral"] / row["seconds"] for row in stated)
        texts = (suite, limits(limit, workers), engine, *map(str, counts), *against, f"{100 * integral:.1f}")
        listed.append(cells(*texts))
    return Table(head, tuple(listed), len(head) - 3)


def limits(limit: float, workers: int) -> str:
    """Write limits in short."""
    return f"{limit:g} s × {workers}"


def duels(rows: Rows) -> Table | None:
    """Make the table of ours against each other engine, instance by instance where both could state it.

    Parameters
    ----------
    rows
        Of a summary.

    Returns
    -------
    Counts by the medians, and the probability of as uneven a count by chance; None without another engine.
    """
    listed = []
    ours = {_run_key(row): row for row in rows if row["engine"] == OURS}
    for suite in dict.fromkeys(str(row["suite"]) for row in rows):
        for peer in peers_of(rows):
            theirs = [row for row in rows if row["engine"] == peer and row["unsupported"] < row["runs"]]
            shared = [row for row in theirs if row["suite"] == suite and _run_key(row) in ours]
            pairs = [(ours[_run_key(row)]["value"], row["value"]) for row in shared]
            if pairs:
                wins, defeats = sum(a < b for a, b in pairs), sum(a > b for a, b in pairs)
                counts = map(str, (len(pairs), wins, defeats, len(pairs) - wins - defeats))
                listed.append(cells(suite, peer, *counts, f"{sign_test(wins, defeats):.3f}"))
    head = ("suite", "tidyplan against", "instances", "better", "worse", "same", "sign test p")
    return Table(head, tuple(listed), 5) if listed else None


def losses(rows: Rows) -> list[str]:
    """Say where our median is behind the published best or another engine, instance by instance.

    Parameters
    ----------
    rows
        Of a summary.

    Returns
    -------
    A line each; none where we lose nowhere.
    """
    lines = []
    for mine in rows:
        if mine["engine"] != OURS:
            continue
        ahead = [
            f"{row['engine']} ({figure(row['value'])})"
            for row in rows
            if _run_key(row) == _run_key(mine) and row["engine"] != OURS and row["value"] < mine["value"]
        ]
        if mine["published"] and not mine["gap"] <= ROUNDING:
            gap = f" ({percent(mine['gap'])} %)" if isfinite(mine["gap"]) else ""
            ahead.insert(0, f"the published {figure(mine['best_known'])}{gap}")
        if ahead:
            median_value = figure(mine["value"]) if isfinite(mine["value"]) else "no valid plan in most runs"
            where = f"{mine['suite']}/{mine['case']} at {limits(mine['seconds'], mine['workers'])}"
            lines.append(f"{where}: {median_value} is behind {', '.join(ahead)}")
    return lines


def _run_key(row: Json) -> tuple[object, ...]:
    return tuple(row[name] for name in ("suite", "case", "seconds", "workers"))


def micro(lines: Iterable[Json]) -> list[tuple[str, Table]]:
    """Make a table for each micro benchmark, the newest row of each problem."""
    found: dict[str, dict[str, Json]] = {}
    for line in lines:
        result = line.get("result")
        if isinstance(result, dict) and result:
            found.setdefault(str(line["benchmark"]), {})[str(next(iter(result.values())))] = result
    tables = []
    for name, rows in found.items():
        head = tuple(dict.fromkeys(str(key) for row in rows.values() for key in row))
        listed = tuple(cells(*(_written(row.get(key)) for key in head)) for row in rows.values())
        tables.append((name, Table(head, listed, len(head) - 1)))
    return tables


def _written(value: object) -> str:
    return figure(value) if isinstance(value, int | float) else UNKNOWN if value is None else str(value)
