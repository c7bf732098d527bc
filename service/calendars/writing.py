"""Appointments become events: what a calendar may show of them, and a file that says it.

Times are written in UTC, which every calendar shows right on every wall; what others have added to an event of ours
stays when it is written again.
"""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import icalendar

from models.records import Appointment
from models.records.calendars import Details
from service.calendars.events import Facts
from service.calendars.reading import BROKEN, Odd, ensure_plain, parsed, span_of, text_of
from service.calendars.vetting import Unreadable

PRODUCT = "-//Tidyplan//Tidyplan//EN"
BUSY_TITLE = "Busy"
_MANAGED = (
    "DTSTART",
    "DTEND",
    "DURATION",
    "SUMMARY",
    "LOCATION",
    "DESCRIPTION",
    "SEQUENCE",
    "DTSTAMP",
    "LAST-MODIFIED",
)
_UTC = ZoneInfo("UTC")


def facts_of(appointment: Appointment, details: Details) -> Facts | None:
    """Say what a calendar shows of an appointment.

    Parameters
    ----------
    appointment
        With or without a time.
    details
        How much of it.

    Returns
    -------
    The facts; None if it has no time.
    """
    start, end = appointment.start_datetime, appointment.end_datetime
    if start is None or end is None:
        return None
    times = start.astimezone(UTC), end.astimezone(UTC)
    if details is Details.BUSY:
        return Facts(*times, BUSY_TITLE)
    if details is Details.TITLE:
        return Facts(*times, _plain(appointment.title))
    place = appointment.location or (appointment.meeting_url[:200] if appointment.is_virtual else "")
    return Facts(*times, _plain(appointment.title), _plain(place), _plain(appointment.description))


def uid_of(appointment: Appointment) -> str:
    """Name an appointment in calendars; the name stays the same for its life."""
    made = int(appointment.created_at.timestamp())
    return f"tidyplan-{appointment.organization_id}-{appointment.id}-{made}"


def written(facts: Facts, uid: str, sequence: int, stamp: datetime) -> bytes:
    """Write a file with one event."""
    return _file([event_of(facts, uid, sequence, stamp)])


def written_all(events: Iterable[icalendar.Event], **properties: str) -> bytes:
    """Write a file with many events, and properties of the calendar by name, with underscores for hyphens."""
    return _file(events, properties)


def event_of(facts: Facts, uid: str, sequence: int, stamp: datetime) -> icalendar.Event:
    """Make an event of facts."""
    event = icalendar.Event()
    event.add("UID", uid)
    _say(event, facts, sequence, stamp)
    event.add("STATUS", "CONFIRMED")
    event.add("TRANSP", "OPAQUE")
    return event


def rewritten(present: bytes, facts: Facts, sequence: int, stamp: datetime) -> bytes | None:
    """Write facts into a file that others have changed; what they have added stays.

    Parameters
    ----------
    present
        The file as it stands outside.
    facts, sequence, stamp
        What it is to say; the sequence rises above the present one.

    Returns
    -------
    The file; None if the present one cannot be read.
    """
    found = _event_in(present)
    if found is None:
        return None
    calendar, event = found
    try:
        sequence = max(sequence, int(event.get("SEQUENCE", 0)) + 1)
    except (ValueError, TypeError):
        sequence += 1
    for name in (*_MANAGED, "RRULE", "RDATE", "EXDATE"):
        event.pop(name, None)
    if str(event.get("STATUS", "")).upper() == "CANCELLED":
        event.pop("STATUS")
    _say(event, facts, sequence, stamp)
    others = [each for each in calendar.subcomponents if each.name == "VEVENT" and each is not event]
    calendar.subcomponents = [each for each in calendar.subcomponents if each not in others]
    content: bytes = calendar.to_ical()
    return content


def facts_in(present: bytes) -> Facts | None:
    """Read what an event of ours says outside.

    Parameters
    ----------
    present
        The file as it stands there.

    Returns
    -------
    The facts; None if it says that it is cancelled, or has no event any more.
    """
    try:
        found = _event_in(present)
    except Unreadable as error:
        return Facts(datetime.min.replace(tzinfo=UTC), datetime.min.replace(tzinfo=UTC), "", odd=str(error)[:300])
    if found is None:
        return None
    calendar, event = found
    if str(event.get("STATUS", "")).upper() == "CANCELLED":
        return None
    odd = ""
    times = (datetime.min.replace(tzinfo=UTC),) * 2
    try:
        ensure_plain(event)
        times = span_of(event, _UTC)
        if not isinstance(event["DTSTART"].dt, datetime):
            odd = "It lasts whole days."
        elif event["DTSTART"].dt.tzinfo is None:
            odd = "It has no time zone."
    except (Odd, *BROKEN) as error:
        odd = str(error)[:300]
    if "RRULE" in event or "RDATE" in event or len(list(calendar.walk("VEVENT"))) > 1:
        odd = "It recurs."
    place, prose = text_of(event, "LOCATION", 200), text_of(event, "DESCRIPTION")
    return Facts(*times, text_of(event, "SUMMARY", 200), place, prose, odd)


def sequence_in(present: bytes) -> int:
    """Read how often an event was changed, as it says."""
    found = _event_in(present)
    try:
        return 0 if found is None else max(0, min(int(found[1].get("SEQUENCE", 0)), 2**31 - 2))
    except (ValueError, TypeError):
        return 0


def _event_in(present: bytes) -> tuple[icalendar.Calendar, Any] | None:
    """Find the event of a file that is no exception of another."""
    for calendar in parsed(present):
        events = list(calendar.walk("VEVENT"))
        main = [each for each in events if "RECURRENCE-ID" not in each] or events
        if main:
            return calendar, main[0]
    return None


def _say(event: icalendar.Event, facts: Facts, sequence: int, stamp: datetime) -> None:
    event.add("DTSTART", facts.start.astimezone(UTC))
    event.add("DTEND", facts.end.astimezone(UTC))
    event.add("SUMMARY", facts.title)
    if facts.location:
        event.add("LOCATION", facts.location)
    if facts.description:
        event.add("DESCRIPTION", facts.description)
    event.add("SEQUENCE", sequence)
    event.add("DTSTAMP", stamp.astimezone(UTC).replace(microsecond=0))
    event.add("LAST-MODIFIED", stamp.astimezone(UTC).replace(microsecond=0))


def _file(events: Iterable[icalendar.Event], properties: dict[str, str] | None = None) -> bytes:
    calendar = icalendar.Calendar()
    calendar.add("VERSION", "2.0")
    calendar.add("PRODID", PRODUCT)
    for name, value in (properties or {}).items():
        calendar.add(name.replace("_", "-"), value)
    for event in events:
        calendar.add_component(event)
    content: bytes = calendar.to_ical()
    return content


def _plain(text: str) -> str:
    """Write a text as it comes back: controls that no calendar keeps are blanks."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(each if each in "\n\t" or each.isprintable() else " " for each in lines).strip()
