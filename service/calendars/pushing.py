"""Writing: appointments that changed are written into a calendar, under the ETags that were read there.

What is sent is noted before it is sent, so that an answer that is lost, or a worker that dies, leaves no doubt: the
next reading finds out whether it arrived.
"""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.records import CalendarObject
from models.records.base import now
from service.calendars.dav import Collection, File, Gone, Overtaken, normal
from service.calendars.events import Facts
from service.calendars.leases import Lease
from service.calendars.review import GONE, decide, settle, stored
from service.calendars.shown import Entry, behind, entries
from service.calendars.terms import Terms
from service.calendars.writing import facts_in, rewritten, sequence_in, uid_of, written

AT_ONCE = 20
_TRIES = 4


@dataclass(slots=True)
class Pushed:
    """What was written into a calendar, and what was taken out of it."""

    written: int = 0
    removed: int = 0


@dataclass(slots=True)
class _Task:
    """One appointment to be written: as it was noted, then as it went."""

    row: int
    appointment: int
    href: str
    uid: str
    etag: str
    sequence: int
    altered: bool
    base: dict[str, Any] | None
    facts: Facts | None
    done: bool = False
    found: File | None = None
    missing: bool = False


def push(lease: Lease, collection: Collection, terms: Terms) -> Pushed:
    """Write what changed here.

    Parameters
    ----------
    lease
        Taken.
    collection, terms
        The calendar.

    Returns
    -------
    What was written.
    """
    _decide(lease, terms)
    pushed, last = Pushed(), 0
    while True:
        lease.keep()
        with lease.job.reading() as session:
            keys = behind(session, terms, terms.window().start, last, AT_ONCE)
        if not keys:
            return pushed
        last = keys[-1]
        tasks = _noted(lease, terms, collection, keys)
        try:
            for task in tasks:
                lease.keep()
                _send(collection, task)
        finally:
            _record(lease, terms, tasks, pushed)


def _decide(lease: Lease, terms: Terms) -> None:
    """Go through what is under review."""
    mine = select(CalendarObject).where(
        CalendarObject.integration_id == terms.integration, CalendarObject.outside.is_not(None)
    )
    with lease.job.reading() as session:
        if session.scalar(mine.limit(1)) is None:
            return
    with lease.transaction() as session:
        rows = list(session.scalars(mine.order_by(CalendarObject.id)))
        here = entries(session, terms, [row.appointment_id for row in rows if row.appointment_id is not None])
        for row in rows:
            if row.appointment_id in here:
                decide(session, terms, row, here[row.appointment_id])


def _noted(lease: Lease, terms: Terms, collection: Collection, keys: list[int]) -> list[_Task]:
    """Note what is about to be sent; what says the same already is not sent."""
    tasks = []
    with lease.transaction() as session:
        mine = select(CalendarObject).where(
            CalendarObject.integration_id == terms.integration, CalendarObject.appointment_id.in_(keys)
        )
        rows = {row.appointment_id: row for row in session.scalars(mine)}
        for key, entry in sorted(entries(session, terms, keys).items()):
            row = rows.get(key)
            if row is None:
                if entry.facts is None:
                    continue
                row = _new_row(terms, collection, entry)
                session.add(row)
            if row.outside is not None:
                continue
            row.appointment_version = entry.appointment.version
            if stored(entry.facts) == row.base:
                if entry.facts is None:
                    session.delete(row)
                continue
            row.sent = stored(entry.facts)
            session.flush()
            tasks.append(
                _Task(row.id, key, row.href, row.uid, row.etag, row.sequence, row.altered, row.base, entry.facts)
            )
    return tasks


def _new_row(terms: Terms, collection: Collection, entry: Entry) -> CalendarObject:
    uid = uid_of(entry.appointment)
    return CalendarObject(
        integration_id=terms.integration,
        organization_id=None,
        href=normal(f"{collection.path}{uid}.ics"),
        uid=uid,
        appointment_id=entry.appointment.id,
    )


def _send(collection: Collection, task: _Task) -> None:
    """Write or delete one file; what is not as expected is read again, and left alone if others have changed it."""
    for _ in range(_TRIES):
        try:
            if _sent(collection, task):
                task.done = True
                return
        except Gone:
            task.etag = ""
        except Overtaken:
            task.altered, task.etag = True, ""
        if not _reread(collection, task):
            return


def _sent(collection: Collection, task: _Task) -> bool:
    is_there = task.base is not None and task.base != GONE
    if task.found is None and is_there and (task.altered or not task.etag):
        return False  # to be read first: what others have added stays
    if task.facts is None:
        collection.remove(task.href, task.found.etag if task.found is not None else task.etag)
        return True
    stamp = now()
    if task.found is not None:
        content = rewritten(task.found.content, task.facts, task.sequence + 1, stamp)
        task.sequence = max(task.sequence + 1, sequence_in(content) if content is not None else 0)
        plain = written(task.facts, task.uid, task.sequence, stamp)
        task.etag = collection.write(task.href, content if content is not None else plain, task.found.etag)
        return True
    task.sequence += 1 if is_there else 0
    task.etag = collection.write(
        task.href, written(task.facts, task.uid, task.sequence, stamp), task.etag if is_there else None
    )
    task.altered = False
    return True


def _reread(collection: Collection, task: _Task) -> bool:
    """Read what stands there; tells whether it may be written over."""
    task.found = collection.read_one(task.href)
    task.missing = task.found is None
    there = None if task.found is None else facts_in(task.found.content)
    if stored(there) == stored(task.facts):
        task.done = True  # an earlier attempt arrived
        task.etag, task.altered = ("", True) if task.found is None else (task.found.etag, True)
        return False
    return stored(there) == (GONE if task.base is None else task.base)


def _record(lease: Lease, terms: Terms, tasks: list[_Task], pushed: Pushed) -> None:
    """Write down how it went; what was not tried, or went astray, is found out by the next reading."""
    over = [task for task in tasks if task.done or task.found is not None or task.missing]
    if not over:
        return
    with lease.transaction() as session:
        here = entries(session, terms, [task.appointment for task in over])
        for task in over:
            row = session.get(CalendarObject, task.row)
            if row is None:
                continue
            if task.done:
                _settled(session, row, task)
                pushed.written += task.facts is not None
                pushed.removed += task.facts is None
            elif task.appointment in here:
                there = None if task.found is None else facts_in(task.found.content)
                row.etag, row.altered = ("" if task.found is None else task.found.etag), True
                settle(session, terms, row, here[task.appointment], there)


def _settled(session: Session, row: CalendarObject, task: _Task) -> None:
    row.base, row.sent = stored(task.facts), None
    row.etag, row.sequence, row.altered = task.etag, task.sequence, task.altered
    if task.facts is None:
        session.delete(row)
