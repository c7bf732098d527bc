"""Calendar files become events: zones resolved, recurrences followed within a window, what is odd named."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from threading import Lock
from time import monotonic
from typing import Any
from zoneinfo import ZoneInfo

import icalendar
import recurring_ical_events
from icalendar.prop import vDDDLists, vRecur

from models.errors import Fault
from models.fields import FIRST_YEAR, LAST_YEAR
from models.zones import zone_advice, zone_of
from service.calendars.events import Occurrence, Refusal, Series, Window
from service.calendars.rules import why_not
from service.calendars.vetting import Unreadable, vetted

MOST_OCCURRENCES = 2_000
"""Times of one recurring event in a window."""

SECONDS = 20.0
"""How long the recurrences of one file may take to follow."""

_MINUTE = timedelta(minutes=1)
_EARLIEST = 1900
_LONGEST = timedelta(days=400)
_TIMES = ("DTSTART", "DTEND", "RECURRENCE-ID", "EXDATE", "RDATE")
_parsing = Lock()
BROKEN = (ValueError, KeyError, IndexError, TypeError, AttributeError, OverflowError, ArithmeticError)
"""What the libraries raise over what is written wrong."""


class Odd(Exception):
    """An event that cannot be read; the message says why."""


@dataclass(slots=True)
class Reading:
    """What was found in a calendar file.

    Parameters
    ----------
    series
        The events, those that recur with all their times in the window.
    refused
        The events that were not read, and why.
    """

    series: list[Series] = field(default_factory=list)
    refused: list[Refusal] = field(default_factory=list)


def read(data: bytes, window: Window, zone: ZoneInfo, email: str | None = None) -> Reading:
    """Read a calendar file.

    Parameters
    ----------
    data
        The file.
    window
        Within which recurring events are followed; events that do not recur are read wherever they are.
    zone
        On whose wall times without a zone, and whole days, are meant, unless the file names one (X-WR-TIMEZONE).
    email
        Of whom it is the calendar: what this attendee has declined takes no time.

    Returns
    -------
    What was found.

    Raises
    ------
    Unreadable
        If it is no calendar, or one that would take too long to read.
    """
    reading, until = Reading(), monotonic() + SECONDS
    for calendar in parsed(data):
        wall = _wall_of(calendar, zone)
        by_uid: dict[str, list[Any]] = defaultdict(list)
        for event in calendar.walk("VEVENT"):
            by_uid[str(event.get("UID", "")).strip()].append(event)
        for uid, events in by_uid.items():
            try:
                if not uid:
                    raise Odd("It has no UID. Add one: it is what tells it from others.")
                if monotonic() > until:
                    raise Odd(f"The calendar takes longer than {SECONDS:g} seconds to follow. Divide it.")
                reading.series.append(_series(uid, events, window, wall, email))
            except Odd as error:
                reading.refused.append(Refusal(uid[:200], text_of(events[0], "SUMMARY", 200), str(error)))
            except BROKEN as error:
                why = f"It cannot be understood: {error}"[:300]
                reading.refused.append(Refusal(uid[:200], text_of(events[0], "SUMMARY", 200), why))
    return reading


def parsed(data: bytes) -> list[icalendar.Calendar]:
    """Parse a calendar file into its components.

    Raises
    ------
    Unreadable
        As `read` does.
    """
    text = vetted(data)
    with _parsing:
        # A parser that has seen a zone of some name would use it for all later files that name it.
        icalendar.use_zoneinfo()
        try:
            return [
                each
                for each in icalendar.Calendar.from_ical(text, multiple=True)
                if isinstance(each, icalendar.Calendar)
            ]
        except BROKEN as error:
            found = f"what cannot be parsed: {error}"[:300]
            raise Unreadable([Fault("", found, "a calendar as RFC 5545 has it", "Export it again.")]) from None


def ensure_plain(event: Any) -> None:
    """Refuse an event whose times cannot be understood.

    Raises
    ------
    Odd
        With what was found.
    """
    broken = [f"{name}: {message}" for name, message in getattr(event, "errors", ()) if name in (*_TIMES, "RRULE")]
    if broken:
        raise Odd(f"It cannot be read: {broken[0]}"[:300])
    start = event.get("DTSTART")
    if start is None or isinstance(start, list):
        raise Odd(f"It has {'no' if start is None else 'more than one'} DTSTART; expected one.")
    for name, moment, parameters in _moments(event):
        named = str(parameters.get("TZID", ""))
        if named and isinstance(moment, datetime) and moment.tzinfo is None:
            advice = zone_advice(named[:100])
            raise Odd(
                f'The time zone "{named[:100]}" of {name} is unknown, and the file does not define it; expected'
                f" an IANA or Windows name, or a VTIMEZONE. {advice}".strip()
            )
        if not _EARLIEST <= moment.year <= LAST_YEAR:
            raise Odd(f"{name} lies in the year {moment.year}; expected {_EARLIEST} to {LAST_YEAR}.")
    rules = event.get("RRULE")
    for rule in rules if isinstance(rules, list) else [rules] if rules is not None else []:
        if isinstance(rule, vRecur) and (why := why_not(rule)):
            raise Odd(why)
    if isinstance(rules, list):
        raise Odd("It has more than one RRULE; expected one.")


def minute_on(moment: date | datetime, wall: ZoneInfo) -> datetime:
    """Find the instant of a time in a calendar: with its zone, or on the wall; a day begins at its midnight."""
    if not isinstance(moment, datetime):
        moment = datetime.combine(moment, time(), wall)
    return (moment if moment.tzinfo is not None else moment.replace(tzinfo=wall)).astimezone(UTC)


def span_of(event: Any, wall: ZoneInfo) -> tuple[datetime, datetime]:
    """Find the whole minutes that hold an event.

    Raises
    ------
    Odd
        If it ends before it starts, or lies beyond what can be stored.
    """
    first = event["DTSTART"].dt
    last = event["DTEND"].dt if "DTEND" in event else None
    if last is not None and isinstance(last, datetime) != isinstance(first, datetime):
        raise Odd("One of DTSTART and DTEND is a day, and the other a time; expected two of a kind.")
    start = minute_on(first, wall)
    if last is not None:
        end = minute_on(last, wall)
    elif "DURATION" in event:
        end = _after(first, event["DURATION"].dt, wall)
    else:
        end = minute_on(first + timedelta(days=1), wall) if not isinstance(first, datetime) else start
    start -= timedelta(seconds=start.second, microseconds=start.microsecond)
    if end.second or end.microsecond:
        end = end.replace(second=0, microsecond=0) + _MINUTE
    if end < start:
        raise Odd(f"It ends {end:%Y-%m-%d %H:%M} UTC, before it starts {start:%Y-%m-%d %H:%M} UTC.")
    if not FIRST_YEAR <= start.year <= end.year <= LAST_YEAR:
        raise Odd(f"It lies in the years {start.year} to {end.year}; expected {FIRST_YEAR} to {LAST_YEAR}.")
    return start, end


def text_of(event: Any, name: str, most: int = 10_000) -> str:
    """Read a text of an event as both sides compare it: without blanks at the ends, lines ended alike."""
    value = event.get(name, "")
    value = value[0] if isinstance(value, list) and value else value
    return str(value).replace("\r\n", "\n").replace("\0", "").strip()[:most].strip()


def _wall_of(calendar: icalendar.Calendar, zone: ZoneInfo) -> ZoneInfo:
    named = str(calendar.get("X-WR-TIMEZONE", "")).strip()[:100]
    return zone_of(named) if named and not zone_advice(named) else zone


def _moments(event: Any) -> Iterator[tuple[str, date | datetime, Any]]:
    for name in _TIMES:
        for value in _listed(event.get(name)):
            for each in value.dts if isinstance(value, vDDDLists) else [value]:
                moment = each.dt[0] if isinstance(each.dt, tuple) else each.dt
                if isinstance(moment, date):
                    yield name, moment, value.params


def _listed(value: Any) -> Iterable[Any]:
    return value if isinstance(value, list) else [] if value is None else [value]


def _series(uid: str, events: list[Any], window: Window, wall: ZoneInfo, email: str | None) -> Series:
    for event in events:
        ensure_plain(event)
    recurs = len(events) > 1 or any(name in event for event in events for name in ("RRULE", "RDATE", "RECURRENCE-ID"))
    found = _followed(events, window) if recurs else events
    occurrences: dict[str, Occurrence] = {}
    for event in found:
        start, end = span_of(event, wall)
        if recurs and not (end > window.start and start < window.end):
            continue
        if recurs and end - start > _LONGEST:
            raise Odd(f"It recurs, and lasts {(end - start).days} days; expected at most {_LONGEST.days}.")
        key = _recurrence_id(event) if recurs else ""
        occurrences[key] = Occurrence(
            key,
            start,
            end,
            text_of(event, "SUMMARY", 200),
            text_of(event, "LOCATION", 200),
            text_of(event, "DESCRIPTION"),
            end > start and _blocks(event, email),
        )
    ordered = sorted(occurrences.values(), key=lambda each: (each.start, each.recurrence_id))
    return Series(uid, max(_sequence(event) for event in events), tuple(ordered), recurs)


def _followed(events: list[Any], window: Window) -> list[Any]:
    """Follow a recurring event through a window, with its exceptions."""
    whole = icalendar.Calendar()
    for event in events:
        whole.add_component(event)
    try:
        found = recurring_ical_events.of(whole, components=["VEVENT"]).between(
            window.start - timedelta(days=1), window.end + timedelta(days=1)
        )
    except BROKEN as error:
        raise Odd(f"Its recurrence cannot be followed: {error}"[:300]) from None
    if len(found) > MOST_OCCURRENCES:
        days = (window.end - window.start).days
        raise Odd(f"It has {len(found)} times in {days} days; expected at most {MOST_OCCURRENCES}.")
    return list(found)


def _recurrence_id(event: Any) -> str:
    """Name one time of a recurring event; those that were moved together share a RECURRENCE-ID, but not their start."""
    named = event.get("RECURRENCE-ID", event["DTSTART"])
    key = _written(named.dt)
    return f"{key}/{_written(event['DTSTART'].dt)}" if "RANGE" in named.params else key


def _written(moment: date | datetime) -> str:
    if isinstance(moment, datetime):
        return f"{moment.astimezone(UTC):%Y%m%dT%H%M%SZ}" if moment.tzinfo else f"{moment:%Y%m%dT%H%M%S}"
    return f"{moment:%Y%m%d}"


def _sequence(event: Any) -> int:
    try:
        return max(0, min(int(event.get("SEQUENCE", 0)), 2**31 - 1))
    except (ValueError, TypeError):
        return 0


def _blocks(event: Any, email: str | None) -> bool:
    if str(event.get("TRANSP", "")).upper() == "TRANSPARENT" or str(event.get("STATUS", "")).upper() == "CANCELLED":
        return False
    return not any(
        email
        and str(attendee).lower().removeprefix("mailto:") == email
        and str(getattr(attendee, "params", {}).get("PARTSTAT", "")).upper() == "DECLINED"
        for attendee in _listed(event.get("ATTENDEE"))
    )


def _after(first: date | datetime, length: Any, wall: ZoneInfo) -> datetime:
    """Add a duration: days on the wall, hours by the clock."""
    if not isinstance(length, timedelta):
        raise Odd("Its DURATION is no length of time.")
    if length < timedelta():
        raise Odd("Its DURATION is negative.")
    try:
        whole = timedelta(days=length.days)
        return minute_on(first + whole, wall) + (length - whole)
    except OverflowError:
        raise Odd("Its DURATION is too long.") from None
