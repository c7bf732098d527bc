"""Public sets count minutes or tenths from zero; a problem.json has instants."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from benchmarks.generate import Json

ZERO = datetime(2026, 1, 5, tzinfo=UTC)  # a Monday, so that no set of a few days meets a new week by chance


def instant(minute: int) -> str:
    """Write a minute of a set as problem.json does."""
    return (ZERO + timedelta(minutes=minute)).isoformat()


def span(start: int, end: int) -> Json:
    """Write an interval of a set as problem.json does."""
    return {"start": instant(start), "end": instant(end)}


def minute(moment: datetime) -> int:
    """Read back the minute of a set."""
    return (moment - ZERO) // timedelta(minutes=1)
