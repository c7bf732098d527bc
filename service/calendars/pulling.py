"""Reading: what changed in a calendar since last time becomes absences, and conflicts where it is ours."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from models.records import CalendarObject
from service.calendars.dav import AT_ONCE, Collection, File
from service.calendars.events import Facts, Refusal, Series
from service.calendars.leases import Lease
from service.calendars.listing import Changes, changes
from service.calendars.outside import follow, forget, note
from service.calendars.reading import Reading, read
from service.calendars.review import settle
from service.calendars.shown import Entry, entries
from service.calendars.terms import Terms
from service.calendars.vetting import Unreadable
from service.calendars.writing import facts_in, sequence_in
from service.tenancy import caller_of

OURS = re.compile(r"tidyplan-(\d{1,18})-(\d{1,18})-\d{1,18}")
"""The UIDs of our own events: organization, appointment, and when that was made."""


@dataclass(slots=True)
class Pulled:
    """What was read from a calendar.

    Parameters
    ----------
    files
        How many files were read.
    refused
        Events that were not understood.
    """

    files: int = 0
    refused: list[Refusal] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Told:
    """A file with what it says, read before anybody has to wait for it."""

    href: str
    file: File | None
    series: Series | None = None
    facts: Facts | None = None
    sequence: int = 0
    refused: tuple[Refusal, ...] = ()


def pull(lease: Lease, collection: Collection, terms: Terms) -> Pulled:
    """Read what changed.

    Parameters
    ----------
    lease
        Taken.
    collection, terms
        The calendar.

    Returns
    -------
    What was read.
    """
    with lease.job.reading() as session:
        state = lease.state(session)
        token, tag = state.token, state.tag
    found = changes(collection, token, tag)
    done = Pulled()
    with lease.job.reading() as session:
        wanted, gone = _work(session, terms, found)
    for some in _batches(sorted(gone)):
        lease.keep()
        _apply(lease, terms, [_Told(href, None) for href in some], done)
    for some in _batches(sorted(wanted)):
        lease.keep()
        files = [_read(terms, href, file) for href, file in collection.read(some)]
        _apply(lease, terms, files, done)
    if (found.token, found.tag) != (token, tag):
        with lease.transaction() as session:
            state = lease.state(session)
            state.token, state.tag = found.token, found.tag
    return done


def _work(session: Session, terms: Terms, found: Changes) -> tuple[set[str], set[str]]:
    """Say which files are to be read, and which are gone: only what differs from what is known."""
    mine = select(CalendarObject.href, CalendarObject.etag).where(CalendarObject.integration_id == terms.integration)
    if found.complete:
        known = dict(session.execute(mine).all())
        gone = known.keys() - found.etags.keys()
    else:
        named = [*found.etags, *found.gone]
        known = {
            href: etag
            for some in _batches(named, 500)
            for href, etag in session.execute(mine.where(CalendarObject.href.in_(some)))
        }
        gone = known.keys() & found.gone
    wanted = {href for href, etag in found.etags.items() if not etag or known.get(href) != etag}
    if not terms.reads:
        wanted = {href for href in wanted if href in known}
    window = terms.window()
    halfway = window.start + (window.end - window.start) / 2
    again = mine.where(or_(CalendarObject.sent.is_not(None), CalendarObject.read_until < halfway))
    wanted |= {href for href, _ in session.execute(again) if href not in gone}
    return wanted, set(gone)


def _read(terms: Terms, href: str, file: File | None) -> _Told:
    """Understand a file; the transaction that stores it must not wait for this."""
    if file is None:
        return _Told(href, None)
    try:
        reading = read(file.content, terms.window(), terms.zone, terms.email)
    except Unreadable as error:
        return _Told(href, file, facts=facts_in(file.content), refused=(Refusal("", href[-100:], str(error)),))
    uids = [each.uid for each in reading.series] + [each.uid for each in reading.refused]
    ours = any(OURS.fullmatch(uid) for uid in uids)
    return _Told(
        href,
        file,
        _one(reading),
        facts_in(file.content) if ours else None,
        sequence_in(file.content) if ours else 0,
        tuple(reading.refused),
    )


def _one(reading: Reading) -> Series | None:
    return reading.series[0] if reading.series else None


def _apply(lease: Lease, terms: Terms, told: list[_Told], done: Pulled) -> None:
    """Store what some files say."""
    with lease.transaction() as session:
        hrefs = [each.href for each in told]
        rows = {
            row.href: row
            for row in session.scalars(
                select(CalendarObject).where(
                    CalendarObject.integration_id == terms.integration, CalendarObject.href.in_(hrefs)
                )
            )
        }
        here = entries(session, terms, [row.appointment_id for row in rows.values() if row.appointment_id is not None])
        changed = False
        for each in told:
            changed |= _store(session, terms, rows.get(each.href), each, here)
        if changed:
            follow(session, terms)
    done.files += sum(each.file is not None for each in told)
    done.refused += [refusal for each in told for refusal in each.refused]


def _store(session: Session, terms: Terms, row: CalendarObject | None, told: _Told, here: dict[int, Entry]) -> bool:
    """Store what one file says; tells whether absences changed."""
    since = terms.window().start
    if row is not None and row.appointment_id is not None:
        if told.file is not None:
            row.etag, row.altered = told.file.etag, True
            row.sequence = max(row.sequence, told.sequence)
        else:
            row.etag = ""
        entry = here.get(row.appointment_id)
        if entry is not None:
            settle(session, terms, row, entry, told.facts)
        return False
    if told.file is None:
        if row is None:
            return False
        changed = forget(session, terms, row, since)
        session.delete(row)
        return changed
    if row is None:
        row = CalendarObject(integration_id=terms.integration, href=told.href, organization_id=None)
        session.add(row)
    row.etag = told.file.etag
    return _note(session, terms, row, told, since)


def _note(session: Session, terms: Terms, row: CalendarObject, told: _Told, since: datetime) -> bool:
    series = told.series
    if series is None or not terms.reads:
        return False  # what cannot be understood keeps the time that it had
    changed = bool(row.uid) and row.uid != series.uid and forget(session, terms, row, since)
    if _is_ours(session, series.uid) or _is_elsewhere(session, row, series.uid):
        row.uid = series.uid
        return changed
    row.uid, row.sequence = series.uid, series.sequence
    row.read_until = terms.window().end if series.recurs else None
    return note(session, terms, row, series, since) or changed


def _is_ours(session: Session, uid: str) -> bool:
    """Tell whether an event shows one of our appointments, which takes its time already."""
    named = OURS.fullmatch(uid)
    return named is not None and int(named[1]) == caller_of(session).organization_id


def _is_elsewhere(session: Session, row: CalendarObject, uid: str) -> bool:
    """Tell whether another file of the same calendar says the same event: it takes its time once."""
    session.flush()
    other = select(CalendarObject.id).where(
        CalendarObject.integration_id == row.integration_id, CalendarObject.uid == uid, CalendarObject.id != row.id
    )
    return session.scalar(other.limit(1)) is not None


def _batches(items: list[str], size: int = AT_ONCE) -> Iterator[list[str]]:
    for first in range(0, len(items), size):
        yield items[first : first + size]
