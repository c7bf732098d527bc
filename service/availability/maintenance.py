"""Maintenance that recurs: planned ahead by a resource's schedule, and told in its last and next maintenance."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.events import AbsenceDeleted, AbsenceSaved
from models.intervals import subtract, union
from models.records import Absence, Resource as ResourceRecord
from models.records.absences import AbsenceKind
from models.records.base import now
from models.records.occupancy import SubjectKind, subject_key
from models.records.resources import MaintenanceSchedule
from models.timegrid import local_date, minute_of, span_of_day
from models.zones import zone_of
from service import crud
from service.availability.reading import taken_in
from service.booking.subjects import moment_of
from service.bus import emit
from service.crud import Resource, Values
from service.jobs.job import Job
from service.locks import lock_subjects
from service.schemas import organization
from service.snapshot.weeks import Span

_PLANNED = "maintenance-schedule"
"""What marks maintenance that was planned here; whatever else was entered stays as it is."""

_DAY = timedelta(days=1)


def create_resource(session: Session, resource: Resource[ResourceRecord], values: Values) -> ResourceRecord:
    """Make a resource, and plan its maintenance."""
    record = crud.create_plainly(session, resource, values)
    if record.maintenance_schedule is not None:
        plan_ahead(session, record)
    return record


def update_resource(
    session: Session, resource: Resource[ResourceRecord], record: ResourceRecord, values: Values
) -> None:
    """Change a resource, and plan its maintenance anew if that is due otherwise."""
    due = ("maintenance_schedule", "last_maintenance", "is_active", "timezone")
    before = [getattr(record, name) for name in due]
    crud.update_plainly(session, resource, record, values)
    if [getattr(record, name) for name in due] != before:
        _forget_plans(session, record)
        plan_ahead(session, record)


def plan_ahead(session: Session, record: ResourceRecord) -> None:
    """Plan the maintenance of a resource as far ahead as its organization plans series.

    It is due `every_days` after the last one, and lies at the first time in its window when the resource is not
    booked, that day or as soon as possible after it; if it is booked through, at the beginning of the window, where
    the bookings show as conflicts.

    Parameters
    ----------
    session
        Bound to the organization.
    record
        Whose; plans that stand are kept, and gone on from.
    """
    schedule = record.maintenance_schedule
    if schedule is None or not record.is_active:
        note_maintenance(session, record.id)
        return
    lock_subjects(session, [subject_key(SubjectKind.RESOURCE, record.id)])
    zone = zone_of(record.timezone or organization(session).timezone)
    present = now()
    today = local_date(minute_of(present), zone)
    last = session.scalar(
        select(Absence.start)
        .where(Absence.resource_id == record.id, Absence.kind == AbsenceKind.MAINTENANCE)
        .order_by(Absence.start.desc())
        .limit(1)
    )
    known = [each for each in (last, record.last_maintenance) if each is not None]
    anchor = local_date(minute_of(max(known)), zone) if known else today
    due = max(anchor + schedule.every_days * _DAY, today)
    until = today + organization(session).policies.materialize_days * _DAY
    made: list[Absence] = []
    if due <= until:
        closed = _closed(session, record, Span(present, moment_of(span_of_day(until + 40 * _DAY, None, None, zone)[1])))
        while due <= until:
            start, end = _place(schedule, due, zone, closed, minute_of(present) + 1)
            made.append(_absence(record, start, end))
            due = local_date(start, zone) + schedule.every_days * _DAY
    session.add_all(made)
    session.flush()
    for absence in made:
        emit(session, AbsenceSaved(absence.id))
    note_maintenance(session, record.id)


def note_maintenance(session: Session, key: int | None, gone: datetime | None = None) -> None:
    """Let a resource tell of its last maintenance that is over, and of the next that is entered.

    Parameters
    ----------
    session
        Bound to the organization.
    key
        Of the resource; None does nothing.
    gone
        The start of maintenance that was taken back.
    """
    if key is None:
        return
    record = session.get_one(ResourceRecord, key)
    present = now()
    starts = select(Absence.start).where(Absence.resource_id == key, Absence.kind == AbsenceKind.MAINTENANCE)
    over = session.scalar(starts.where(Absence.end <= present).order_by(Absence.start.desc()).limit(1))
    if over is not None and (record.last_maintenance is None or record.last_maintenance < over):
        record.last_maintenance = over
    last = record.last_maintenance
    later = starts.where(Absence.end > present)
    coming = session.scalar(
        (later if last is None else later.where(Absence.start >= last)).order_by(Absence.start).limit(1)
    )
    if coming is not None or record.next_maintenance in (gone, last) or record.maintenance_schedule is not None:
        record.next_maintenance = coming
    session.flush()


def keep_maintained(job: Job) -> None:
    """Plan the maintenance of all resources of an organization ahead; each in a transaction of its own."""
    with job.reading() as session:
        statement = select(ResourceRecord.id).where(ResourceRecord.maintenance_schedule.is_not(None))
        keys = session.scalars(statement.order_by(ResourceRecord.id)).all()
    for key in keys:
        job.check()
        with job.transaction() as session:
            lock_subjects(session, [subject_key(SubjectKind.RESOURCE, key)])
            record = session.get(ResourceRecord, key)
            if record is not None:
                plan_ahead(session, record)


def _forget_plans(session: Session, record: ResourceRecord) -> None:
    lock_subjects(session, [subject_key(SubjectKind.RESOURCE, record.id)])
    statement = select(Absence).where(
        Absence.resource_id == record.id, Absence.external_uid == _PLANNED, Absence.start > now()
    )
    for absence in session.scalars(statement).all():
        if record.next_maintenance == absence.start:
            record.next_maintenance = None
        session.delete(absence)
        session.flush()
        emit(session, AbsenceDeleted(absence.id))


def _absence(record: ResourceRecord, start: int, end: int) -> Absence:
    return Absence(
        organization_id=record.organization_id,
        resource_id=record.id,
        kind=AbsenceKind.MAINTENANCE,
        start=moment_of(start),
        end=moment_of(end),
        reason="scheduled maintenance",
        external_uid=_PLANNED,
    )


def _closed(session: Session, record: ResourceRecord, span: Span) -> list[tuple[int, int]]:
    """List when a resource is booked or away: then it is not maintained."""
    subject = subject_key(SubjectKind.RESOURCE, record.id)
    taken = taken_in(session, [subject], span).get(subject, [])
    away = select(Absence.start, Absence.end).where(
        Absence.resource_id == record.id, Absence.start < span.end, Absence.end > span.start
    )
    rows = session.execute(away)
    return union(
        [
            *((each.start, each.end) for each in taken),
            *((minute_of(row.start), minute_of(row.end)) for row in rows),
        ]
    )


def _place(
    schedule: MaintenanceSchedule, due: date, zone: ZoneInfo, closed: list[tuple[int, int]], earliest: int
) -> tuple[int, int]:
    """Find the first time from a day on, within `every_days`, at which maintenance fits."""
    length = schedule.duration_minutes
    first: int | None = None
    for ahead in range(min(schedule.every_days, 31)):
        start, end = _window(schedule, due + ahead * _DAY, zone)
        end = max(end, start + length)
        start = max(start, earliest)
        if end - start < length:
            continue
        first = start if first is None else first
        for free, until in subtract([(start, end)], closed):
            if until - free >= length:
                return free, free + length
    if first is None:
        first = max(_window(schedule, due + _DAY, zone)[0], earliest)
    return first, first + length


def _window(schedule: MaintenanceSchedule, day: date, zone: ZoneInfo) -> tuple[int, int]:
    if schedule.window is None:
        return span_of_day(day, None, None, zone)
    return span_of_day(day, schedule.window.start, schedule.window.end, zone)
