"""Booking itself: lock, look, take."""

from datetime import datetime, timedelta

from sqlalchemy import inspect
from sqlalchemy.orm import Session

from models.lifecycle import BUSY
from models.records import Appointment
from models.records.base import ensure_fit, now
from models.records.occupancy import SubjectKind, subject_of
from service.auditing import because
from service.booking import crew
from service.booking.clashes import clashes
from service.booking.occupying import add_rows, remove_rows, subjects_taken
from service.booking.refusals import Override, ensure_allowed
from service.booking.rules import rule_breaches
from service.booking.subjects import ensure_in_reach, takes_of
from service.linking import ensure_known
from service.locks import Locked, globally_limited, lock_kind, lock_linked
from service.series.template_limits import template_breaches


def book(
    session: Session, appointment: Appointment, *, override: Override | None = None, stood: datetime | None = None
) -> None:
    """Take the time of all that an appointment needs, or refuse.

    The appointment may be new or changed, flushed or not; what it took before is freed. Its team's members, the
    positions of its users and the demands and units of its resources are fixed here. It is flushed; nothing is
    committed, and no event is emitted.

    Parameters
    ----------
    session
        Bound to a caller. A row of appointments may be locked already, but none of a subject.
    appointment
        With a busy status, a time, and its linking rows loaded.
    override
        The wish to store it although it breaks rules, if its caller may.
    stood
        Where it was booked before; None if it was not: then rules on notice bind it.

    Raises
    ------
    SlotTaken
        If somebody or something is booked at that time, with `violations` among its members.
    RuleViolated
        If it would break another hard rule, likewise.
    InvalidRecord
        If its fields do not fit together.
    """
    assert appointment.status in BUSY, appointment.status
    appointment.held_until = None
    _take(session, appointment, override, stood, None)


def rebook(
    session: Session, appointment: Appointment, *, override: Override | None = None, stood: datetime | None = None
) -> None:
    """Let what an appointment takes follow a change of its time, crew, resources or status.

    Parameters
    ----------
    session, appointment, override, stood
        As for `book`, but the status may be any: what is not busy takes nothing.
    """
    if appointment.status in BUSY:
        book(session, appointment, override=override, stood=stood)
    else:
        free(session, appointment)


def hold(session: Session, appointment: Appointment, length: timedelta) -> None:
    """Keep the time of a requested appointment from others for a while.

    Parameters
    ----------
    session, appointment
        As for `book`, with the status requested.
    length
        For how long; afterwards the time is free again by itself.

    Raises
    ------
    SlotTaken, RuleViolated, InvalidRecord
        As for `book`.
    """
    appointment.held_until = now() + length
    _take(session, appointment, None, None, appointment.held_until)


def free(session: Session, appointment: Appointment) -> None:
    """Give back all that an appointment takes, a hold as well.

    Parameters
    ----------
    session
        Bound to a caller.
    appointment
        Flushed or not; it is flushed.
    """
    appointment.held_until = None
    session.flush()
    remove_rows(session, appointment)


def _take(
    session: Session,
    appointment: Appointment,
    override: Override | None,
    stood: datetime | None,
    expires_at: datetime | None,
) -> None:
    new = inspect(appointment).identity is None
    ensure_fit(appointment)
    ensure_in_reach(appointment)
    with session.no_autoflush:
        lock_linked(session, appointment)
        before = [subject_of(each) for each in subjects_taken(session, appointment)]
        limited = globally_limited(session)
        locked = _lock(session, appointment, before, limited)
        _ensure_there(session, appointment, locked)
        crew.fill_demands(appointment, locked)
        crew.fill_positions(session, appointment, locked)
    if override is not None:
        because(session, override.reason)
    session.add(appointment)
    session.flush()
    takes = takes_of(appointment, limited)
    breaches = clashes(session, appointment, takes, locked) + template_breaches(session, appointment, stood)
    if not any(each.final for each in breaches):
        breaches += rule_breaches(session, appointment, stood, breaches)
    ensure_allowed(session, appointment, breaches, override, new=new, stood=stood)
    if before:
        remove_rows(session, appointment)
    add_rows(session, appointment, takes, expires_at)


def _ensure_there(session: Session, appointment: Appointment, locked: Locked) -> None:
    """Refuse ids of which there was nothing to lock; each is then named with its place."""
    wanted = {(SubjectKind.USER, key) for key in appointment.assigned_user_ids}
    wanted |= {(SubjectKind.RESOURCE, key) for key in appointment.required_resource_ids}
    if appointment.assigned_team_id is not None:
        wanted.add((SubjectKind.TEAM, appointment.assigned_team_id))
    if not wanted <= locked.rows.keys():
        named = {
            "assigned_team": appointment.assigned_team_id,
            "assigned_users": list(appointment.assigned_user_ids),
            "required_resources": list(appointment.required_resource_ids),
        }
        ensure_known(session, Appointment, named)


def _lock(
    session: Session, appointment: Appointment, before: list[tuple[SubjectKind, int]], limited: list[int]
) -> Locked:
    """Lock what an appointment takes and took; whom a team brings is known once the team is locked."""
    locked = Locked()

    def lock(kind: SubjectKind, keys: list[int]) -> None:
        lock_kind(session, locked, kind, [*keys, *(key for each, key in before if each is kind)])

    crew.choose_team(appointment)
    lock(SubjectKind.ORGANIZATION, limited)
    lock(SubjectKind.TEAM, [appointment.assigned_team_id] if appointment.assigned_team_id is not None else [])
    crew.take_members(session, appointment)
    lock(SubjectKind.USER, list(appointment.assigned_user_ids))
    crew.name_resources(appointment)
    lock(SubjectKind.RESOURCE, list(appointment.required_resource_ids))
    return locked
