"""What others have put into a calendar takes the time of whose calendar it is: as absences, one for each time."""

from datetime import datetime
from hashlib import sha256

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.records import Absence, CalendarObject
from models.records.absences import AbsenceKind
from models.records.base import now
from models.records.occupancy import SubjectKind, subject_key
from service.calendars.events import Occurrence, Series
from service.calendars.terms import Terms
from service.conflicts import Scope, recheck
from service.locks import lock_subjects

LONGEST_UID = 200
SILENT = "Busy elsewhere"


def note(session: Session, terms: Terms, row: CalendarObject, series: Series, since: datetime) -> bool:
    """Let absences follow an event.

    Parameters
    ----------
    session
        Bound to the organization.
    terms
        Whose calendar it is.
    row
        The file that says it.
    series
        The event, with its times.
    since
        What ended before needs no absence.

    Returns
    -------
    Whether anything changed.
    """
    wanted = {each.recurrence_id: each for each in series.occurrences if each.blocks and each.end > since}
    present = {each.recurrence_id or "": each for each in _absences(session, terms, row)}
    changed = False
    for key, known in present.items():
        if key not in wanted and known.end > since:
            session.delete(known)
            changed = True
    for key, each in wanted.items():
        absence = present.get(key)
        says = (each.start, each.end, _reason(terms, each))
        if absence is None:
            session.add(_made(terms, row, each))
            changed = True
        elif (absence.start, absence.end, absence.reason) != says:
            absence.start, absence.end, absence.reason = says
            changed = True
    return changed


def forget(session: Session, terms: Terms, row: CalendarObject, since: datetime) -> bool:
    """Take back the absences of an event that is no more; those that are over stay.

    Returns
    -------
    Whether there were any.
    """
    absences = [each for each in _absences(session, terms, row) if each.end > since]
    for absence in absences:
        session.delete(absence)
    return bool(absences)


def follow(session: Session, terms: Terms) -> None:
    """Let bookings wait, and conflicts follow, after absences have changed: once for many of them."""
    session.flush()
    if terms.kind == "user":
        lock_subjects(session, [subject_key(SubjectKind.USER, terms.subject)])
        recheck(session, Scope(users=[terms.subject]))
    elif terms.kind == "resource":
        lock_subjects(session, [subject_key(SubjectKind.RESOURCE, terms.subject)])
        recheck(session, Scope(resources=[terms.subject]))


def leave(session: Session, integration: int) -> None:
    """Take back all that a calendar blocks from now on: its integration goes."""
    blocking = select(Absence).where(Absence.integration_id == integration, Absence.end > now())
    absences = list(session.scalars(blocking))
    for absence in absences:
        session.delete(absence)
    session.flush()
    users = sorted({each.user_id for each in absences if each.user_id is not None})
    things = sorted({each.resource_id for each in absences if each.resource_id is not None})
    if absences:
        recheck(session, Scope(users=users, resources=things))


def short_uid(uid: str) -> str:
    """Write a UID as absences have room for it."""
    return uid if len(uid) <= LONGEST_UID else f"sha256:{sha256(uid.encode()).hexdigest()}"


def _absences(session: Session, terms: Terms, row: CalendarObject) -> list[Absence]:
    mine = select(Absence).where(
        Absence.integration_id == terms.integration, Absence.external_uid == short_uid(row.uid)
    )
    return list(session.scalars(mine))


def _made(terms: Terms, row: CalendarObject, each: Occurrence) -> Absence:
    return Absence(
        organization_id=None,
        kind=AbsenceKind.EXTERNAL,
        start=each.start,
        end=each.end,
        reason=_reason(terms, each),
        external_uid=short_uid(row.uid),
        integration_id=terms.integration,
        recurrence_id=each.recurrence_id,
        **{f"{terms.kind}_id": terms.subject},
    )


def _reason(terms: Terms, each: Occurrence) -> str:
    return (each.title or SILENT) if terms.configuration.keep_titles else SILENT
