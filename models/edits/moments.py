"""Times as a dispatcher says them: `tue`, `today 14:00..16:30`, `2026-12-01`, `..12:00`."""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta

from pydantic_core import PydanticCustomError

from models.edits.draft import Draft
from models.edits.edit import refuse_edit
from models.enums import Weekday
from models.fields import read_instant
from models.timegrid import MIDNIGHT, instant, wall_minute

SPAN_EXAMPLES = "Such as tue, 2026-12-01, tue..thu, today 14:00..16:30, or 09:40.. for all that follows."
_ONE_DAY = timedelta(days=1)

Moment = tuple[date | None, time | None, bool]
"""The day and the time of day, where they are said, and whether the time is 24:00."""


def read_span(text: str, draft: Draft) -> tuple[datetime, datetime]:
    """Read a stretch of time.

    Parameters
    ----------
    text
        From and until with `..` between, or one day, or one moment, which lasts until the end of its day. What is left
        out is now (else the start of the horizon) before the dots, and the end of the horizon after them; nothing at
        all is both.
    draft
        Says what today is, and in which zone the times are.

    Returns
    -------
    Start and end.

    Raises
    ------
    InvalidEdit
        Where the text says no time, or an end that is not after its start.
    """
    first, dots, last = (part.strip() for part in text.partition(".."))
    start = read_moment(first, draft) if first else draft.reference
    if last:
        end = read_moment(last, draft, after=start)
    elif dots or not first:
        end = draft.horizon.end
    else:
        end = _at(draft, start.astimezone(draft.zone).date() + _ONE_DAY, MIDNIGHT)
    if end <= start:
        found = f"{text}: from {spoken(start, draft)} until {spoken(end, draft)}"
        refuse_edit(found, "a stretch that ends after it starts", SPAN_EXAMPLES)
    return start, end


def read_moment(text: str, draft: Draft, after: datetime | None = None) -> datetime:
    """Read one moment.

    Parameters
    ----------
    text
        A day (a date, a weekday, today or tomorrow), a time of day, both, or an instant with an offset.
    draft
        Says what today is, and in which zone the times are.
    after
        The start of the stretch that the moment ends: a bare time is of its day, a bare day ends with its midnight.

    Returns
    -------
    The instant.

    Raises
    ------
    InvalidEdit
        Where the text is none of these.
    """
    whole = _instant(text)
    if whole is not None:
        return whole
    base = (after or draft.reference).astimezone(draft.zone)
    day, clock, is_late = _parts(text, base)
    if clock is None:
        return _at(draft, (day or base.date()) + (_ONE_DAY if after is not None else timedelta()), MIDNIGHT)
    return _at(draft, (day or base.date()) + (_ONE_DAY if is_late else timedelta()), clock)


def spoken(moment: datetime, draft: Draft) -> str:
    """Write a moment in short on the wall of the organization, such as Tue 1 Dec 09:00."""
    local = moment.astimezone(draft.zone)
    return f"{local:%a} {local.day} {local:%b %H:%M}"


def spoken_span(start: datetime, end: datetime, draft: Draft) -> str:
    """Write a stretch of time in short: whole days by their names, others with their times."""
    begin, finish = start.astimezone(draft.zone), end.astimezone(draft.zone)
    if start <= draft.reference and end >= draft.horizon.end:
        return "throughout" if draft.now is None else "from now on"
    if begin.time() == finish.time() == MIDNIGHT:
        last = finish - _ONE_DAY
        days = f"{begin:%a} {begin.day} {begin:%b}"
        return f"on {days}" if last.date() <= begin.date() else f"from {days} to {last:%a} {last.day} {last:%b}"
    same_day = begin.date() == finish.date()
    return f"on {spoken(start, draft)}–{finish:%H:%M}" if same_day else f"{spoken(start, draft)} – {spoken(end, draft)}"


def _instant(text: str) -> datetime | None:
    """Read a time with an offset."""
    try:
        return read_instant(text)
    except PydanticCustomError:
        return None


def _parts(text: str, base: datetime) -> Moment:
    found = re.fullmatch(r"(\S*?)[ T]?\s*(\d?\d:\d\d)", text, re.ASCII)
    day_word, clock_word = (found[1], found[2]) if found else (text, "")
    clock, is_late = _clock(clock_word, text) if clock_word else (None, False)
    return (_day(day_word, base.date(), text) if day_word else None), clock, is_late


def _clock(word: str, text: str) -> tuple[time, bool]:
    if word == "24:00":
        return MIDNIGHT, True
    found = re.fullmatch(r"(\d?\d):(\d\d)", word, re.ASCII)
    if found is None or int(found[1]) > 23 or int(found[2]) > 59:
        refuse_edit(text, "a time, such as 14:30", SPAN_EXAMPLES)
    return time(int(found[1]), int(found[2])), False


def _day(word: str, base: date, text: str) -> date:
    lower = word.lower()
    if lower in ("today", "tomorrow"):
        return base + (_ONE_DAY if lower == "tomorrow" else timedelta())
    names = [number for number, name in enumerate(Weekday) if len(lower) >= 3 and name.startswith(lower)]
    if names:
        return base + timedelta(days=(names[0] - base.weekday()) % 7)
    try:
        return date.fromisoformat(word)
    except ValueError:
        refuse_edit(text, "a day or a time", SPAN_EXAMPLES)


def _at(draft: Draft, day: date, clock: time) -> datetime:
    return read_instant(instant(wall_minute(day, clock, draft.zone), draft.zone))
