"""Whether anybody or anything is booked twice, from the tables of appointments and their links alone.

Nothing of the service is used but its column names: rows are read by plain SQL and swept in plain Python. The table of
occupancies is then held against what the appointments say, so that half a write is found, too.
"""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, create_engine, text

BUSY = {"scheduled", "confirmed", "in_progress", "rescheduled"}
KINDS = {"user": 0, "team": 1, "resource": 2}
Span = tuple[int, int, int, int]
"""Start, end, units, and the appointment."""


@dataclass
class Audit:
    """What is wrong with a database, in sentences.

    Parameters
    ----------
    twice
        People, things and teams that are booked beyond what they can bear.
    halves
        Appointments and occupancies that do not agree.
    busy
        How many appointments take time.
    """

    twice: list[str] = field(default_factory=list)
    halves: list[str] = field(default_factory=list)
    busy: int = 0


def audit(url: str) -> Audit:
    """Read all of a database and find what must not be.

    Parameters
    ----------
    url
        Its address.

    Returns
    -------
    What is wrong.
    """
    engine = create_engine(url)
    try:
        with engine.connect() as connection:
            return _audit(connection)
    finally:
        engine.dispose()


def _audit(connection: Connection) -> Audit:
    found, present = Audit(), datetime.now(UTC)
    spans: dict[tuple[str, int], list[Span]] = defaultdict(list)
    expected: Counter[tuple[int, int, int, int, bool]] = Counter()
    people, things = (
        _links(connection, "appointment_users", "user_id, 1"),
        _links(connection, "appointment_resources", "resource_id, units"),
    )
    capacity = dict(_rows(connection, "SELECT id, capacity FROM resources"))
    limits = dict(_rows(connection, "SELECT id, max_concurrent FROM teams"))
    for row in _rows(connection, _APPOINTMENTS):
        key, status, held, start, end, needs, team = row
        if not (status in BUSY or (status == "requested" and held is not None and _moment(held) > present)):
            continue
        found.busy += 1
        begin, until = _busy(start, end, needs)
        takes: list[tuple[str, int, Any, bool]] = [("user", user, 1, True) for user, _ in people[key]]
        takes += [("resource", thing, units, units is None) for thing, units in things[key]]
        takes += [("team", team, 1, False)] if team is not None else []
        for kind, number, units, whole in takes:
            amount = capacity[number] if units is None else units
            spans[kind, number].append((begin, until, amount, key))
            expected[key, number * 4 + KINDS[kind], begin, until, whole] += 1
    for (kind, number), taken in spans.items():
        most = {"user": 1, "team": limits.get(number, 1), "resource": capacity.get(number, 1)}[kind]
        found.twice += [f"{kind} {number}: {names} at {minute}" for minute, names in _beyond(taken, most)]
    _compare(connection, expected, found, present)
    return found


_APPOINTMENTS = (
    "SELECT id, status, held_until, start_datetime, end_datetime, requirements, assigned_team_id FROM appointments "
    "WHERE hidden_at IS NULL"
)
_OCCUPANCIES = (
    "SELECT o.appointment_id, o.subject, o.start_minute, o.end_minute, o.exclusive, o.expires_at FROM occupancies o "
    "WHERE o.subject % 4 <> 3"
)


def _compare(
    connection: Connection, expected: Counter[tuple[int, int, int, int, bool]], found: Audit, present: datetime
) -> None:
    """Hold occupancies against what the appointments say."""
    rows: Counter[tuple[int, int, int, int, bool]] = Counter()
    for key, subject, start, end, exclusive, expires in _rows(connection, _OCCUPANCIES):
        if expires is None or _moment(expires) > present:
            rows[key, subject, start, end, bool(exclusive)] += 1
    found.halves += [f"appointment {row[0]} does not take subject {row[1]}" for row in (expected - rows)]
    found.halves += [f"appointment {row[0]} takes subject {row[1]} for nothing" for row in (rows - expected)]


def _beyond(taken: list[Span], most: int) -> Iterable[tuple[int, list[int]]]:
    """Sweep over spans; gives each minute at which more begins than there is room for, with who is there."""
    here: list[Span] = []
    for span in sorted(taken):
        here = [other for other in here if other[1] > span[0]]
        here.append(span)
        if sum(other[2] for other in here) > most:
            yield span[0], [other[3] for other in here]


def _links(connection: Connection, table: str, columns: str) -> dict[int, list[tuple[int, Any]]]:
    links: dict[int, list[tuple[int, Any]]] = defaultdict(list)
    for key, other, units in _rows(connection, f"SELECT appointment_id, {columns} FROM {table}"):
        links[key].append((other, units))
    return links


def _busy(start: Any, end: Any, needs: Any) -> tuple[int, int]:
    asked = json.loads(needs) if isinstance(needs, str) else needs or {}
    begin = int(_moment(start).timestamp()) // 60 - asked.get("buffer_before_minutes", 0)
    return begin, int(_moment(end).timestamp()) // 60 + asked.get("buffer_after_minutes", 0)


def _moment(value: Any) -> datetime:
    found = value if isinstance(value, datetime) else datetime.fromisoformat(value)
    return found if found.tzinfo is not None else found.replace(tzinfo=UTC)


def _rows(connection: Connection, query: str) -> list[Any]:
    return [tuple(row) for row in connection.execute(text(query))]
