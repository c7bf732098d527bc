"""Importing a calendar file: its events become appointments, or absences, each in its own right and told of."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.errors import Fault, TidyplanError
from models.records import Absence, Appointment
from models.records.absences import AbsenceKind
from models.records.base import InvalidRecord, now
from models.records.occupancy import SubjectKind, subject_key
from models.zones import zone_of
from service.booking import changing
from service.calendars.events import Occurrence, Series, Window
from service.calendars.imports import Imported, ImportedEvent, ImportReport, ImportWish, Into
from service.calendars.outside import short_uid
from service.calendars.reading import read
from service.conflicts import Scope, recheck
from service.crud import Resource as Kind
from service.linking import ensure_known
from service.locks import lock_subjects
from service.output import in_utc
from service.schemas import organization

MOST = 1_000
"""Events that are imported at once."""

LONGEST = timedelta(days=400)
UNTITLED = "Untitled"
_APPOINTMENTS = Kind(Appointment, "appointments", "appointment")


@dataclass(frozen=True, slots=True)
class _Item:
    """One event to be imported."""

    uid: str
    event: Occurrence

    @property
    def key(self) -> str:
        """By which it is known again."""
        return short_uid(f"{self.uid}#{self.event.recurrence_id}" if self.event.recurrence_id else self.uid)


def import_file(session: Session, data: bytes, wish: ImportWish) -> ImportReport:
    """Import a calendar file.

    Parameters
    ----------
    session
        Bound to a caller.
    data
        The file.
    wish
        How. What ends before its start, or begins after its end, is skipped.

    Returns
    -------
    What became of each event; of a dry run what would have become of it, and nothing is written.

    Raises
    ------
    Unreadable
        If it is no calendar.
    InvalidRecord
        If the wish names what is not there, or the file has too many events.
    """
    _ensure_known(session, wish)
    window = _window(wish)
    zone = zone_of(wish.timezone or organization(session).timezone)
    reading = read(data, window, zone)
    items = [_Item(each.uid, event) for each in _unique(reading.series) for event in each.occurrences]
    if len(items) > MOST:
        advice = "Divide the file, or ask for a shorter time."
        raise InvalidRecord([Fault("body", f"{len(items)} events", f"at most {MOST}", advice)])
    items.sort(key=lambda item: (item.event.start, item.uid))
    refused = [_told(each.uid, "", each.title, None, each.why) for each in reading.refused]
    with session.begin_nested() as attempt:
        importing = _absences if wish.into is Into.ABSENCES else _appointments
        events = [*importing(session, items, wish, window), *refused]
        if wish.dry_run:
            attempt.rollback()
            events = [each.model_copy(update={"id": None}) for each in events]
    imported = sum(each.outcome is Imported.IMPORTED for each in events)
    return ImportReport(dry_run=wish.dry_run, imported=imported, skipped=len(events) - imported, events=events)


def _ensure_known(session: Session, wish: ImportWish) -> None:
    named = {"user": (Absence, wish.user), "resource": (Absence, wish.resource), "team": (Appointment, wish.team)}
    for name, (record, key) in named.items():
        if key is not None:
            ensure_known(session, record, {"assigned_team" if name == "team" else name: key})


def _window(wish: ImportWish) -> Window:
    since = in_utc(wish.since or now().replace(second=0, microsecond=0))
    until = in_utc(wish.until or since + timedelta(days=90))
    if not since < until <= since + LONGEST:
        expected = f"a time at most {LONGEST.days} days after {since.isoformat()}"
        raise InvalidRecord([Fault("until", until.isoformat(), expected, "Choose another time.")])
    return Window(since, until)


def _unique(found: list[Series]) -> list[Series]:
    return list({each.uid: each for each in found}.values())


def _appointments(session: Session, items: list[_Item], wish: ImportWish, window: Window) -> Iterator[ImportedEvent]:
    known = _known(session, select(Appointment.external_id, Appointment.id), Appointment.external_id, items)
    for item in items:
        if why := _why_not(item, window, known, "appointment"):
            yield _told_of(item, None, why)
            continue
        try:
            with session.begin_nested():
                made = changing.create(session, _APPOINTMENTS, _values(item, wish))
        except TidyplanError as error:
            yield _told_of(item, None, str(error))
            continue
        known[item.key] = made.id
        yield _told_of(item, made.id, "")


def _values(item: _Item, wish: ImportWish) -> dict[str, Any]:
    event = item.event
    values: dict[str, Any] = {
        "title": event.title or UNTITLED,
        "description": event.description,
        "location": event.location,
        "start_datetime": event.start,
        "end_datetime": event.end,
        "external_id": item.key,
    }
    if wish.user is not None:
        values["assigned_users"] = [wish.user]
    if wish.team is not None:
        values["assigned_team"] = wish.team
    if wish.resource is not None:
        values["required_resources"] = [wish.resource]
    return values


def _absences(session: Session, items: list[_Item], wish: ImportWish, window: Window) -> Iterator[ImportedEvent]:
    mine = Absence.user_id == wish.user if wish.user is not None else Absence.resource_id == wish.resource
    known = _known(session, select(Absence.external_uid, Absence.id).where(mine), Absence.external_uid, items)
    made: list[tuple[_Item, Absence | None, str]] = []
    for item in items:
        why = _why_not(item, window, known, "absence")
        if not why and not item.event.blocks:
            why = "It takes no time: it is free, cancelled or declined."
        absence = None
        if not why:
            absence = Absence(
                organization_id=None,
                kind=AbsenceKind.EXTERNAL,
                user_id=wish.user,
                resource_id=wish.resource,
                start=item.event.start,
                end=item.event.end,
                reason=item.event.title,
                external_uid=item.key,
            )
            session.add(absence)
            known[item.key] = 0
        made.append((item, absence, why))
    session.flush()
    if any(absence is not None for _, absence, _ in made):
        _follow(session, wish)
    for item, absence, why in made:
        yield _told_of(item, None if absence is None else absence.id, why)


def _follow(session: Session, wish: ImportWish) -> None:
    if wish.user is not None:
        lock_subjects(session, [subject_key(SubjectKind.USER, wish.user)])
        recheck(session, Scope(users=[wish.user]))
    elif wish.resource is not None:
        lock_subjects(session, [subject_key(SubjectKind.RESOURCE, wish.resource)])
        recheck(session, Scope(resources=[wish.resource]))


def _known(session: Session, statement: Any, column: Any, items: list[_Item]) -> dict[str, int]:
    """Find what was imported before, by key."""
    keys = sorted({item.key for item in items})
    found: dict[str, int] = {}
    for first in range(0, len(keys), 500):
        found |= dict(session.execute(statement.where(column.in_(keys[first : first + 500]))).all())
    return found


def _why_not(item: _Item, window: Window, known: dict[str, int], noun: str) -> str:
    event = item.event
    if item.key in known:
        return f"It was imported before, as {noun} {known[item.key]}." if known[item.key] else "It is there twice."
    if event.end <= event.start:
        return "It takes no time: it ends when it starts."
    if event.end <= window.start:
        return f"It ends before {window.start:%Y-%m-%d %H:%M} UTC. Ask for an earlier time (from)."
    if event.start >= window.end:
        return f"It begins after {window.end:%Y-%m-%d %H:%M} UTC. Ask for a later time (until)."
    return ""


def _told_of(item: _Item, key: int | None, why: str) -> ImportedEvent:
    return _told(item.uid, item.event.recurrence_id, item.event.title, item.event, why, key)


def _told(
    uid: str, recurrence: str, title: str, event: Occurrence | None, why: str, key: int | None = None
) -> ImportedEvent:
    return ImportedEvent(
        uid=uid[:2000],
        recurrence_id=recurrence,
        title=title,
        start=None if event is None else event.start,
        end=None if event is None else event.end,
        outcome=Imported.SKIPPED if why else Imported.IMPORTED,
        id=key,
        why=why,
    )
