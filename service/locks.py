"""Locks: whoever books, or changes what bookings are held to, has the subjects to itself until the transaction ends.

Everybody locks in the same order (the organization, teams, users, resources, each by id), so that nobody waits in a
circle. What is read here is read under the lock, whatever the session knew before. On SQLite a session that writes has
the database to itself anyway.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import inspect, or_, select
from sqlalchemy.orm import Session

from models.enums import RuleType
from models.records import Appointment, AppointmentLink, Organization, Resource, ScheduleRule, Team, User
from models.records.occupancy import SubjectKind, subject_of
from service.tenancy import caller_of

_COLUMNS: Mapping[SubjectKind, tuple[Any, ...]] = {
    SubjectKind.ORGANIZATION: (Organization.id, Organization.name),
    SubjectKind.TEAM: (Team.id, Team.name, Team.is_active, Team.max_concurrent),
    SubjectKind.USER: (User.id, User.name, User.is_active, User.skills, User.certifications),
    SubjectKind.RESOURCE: (
        Resource.id,
        Resource.name,
        Resource.is_active,
        Resource.is_available,
        Resource.capacity,
        Resource.resource_type,
        Resource.specifications,
    ),
}


@dataclass(slots=True)
class Locked:
    """The subjects that a transaction has locked, as they stand, with the columns that booking needs."""

    rows: dict[tuple[SubjectKind, int], Any] = field(default_factory=dict)

    def of(self, kind: SubjectKind) -> dict[int, Any]:
        """The locked rows of a kind by id."""
        return {key: row for (each, key), row in self.rows.items() if each is kind}


def lock_kind(session: Session, locked: Locked, kind: SubjectKind, keys: Collection[int]) -> None:
    """Lock subjects of one kind, in the order of their ids.

    Parameters
    ----------
    session
        Bound to a caller.
    locked
        What is locked already; it grows.
    kind, keys
        What is to be locked.
    """
    wanted = {key for key in keys if (kind, key) not in locked.rows}
    if not wanted:
        return
    columns = _COLUMNS[kind]
    # Others may refer to the rows meanwhile: a foreign key needs no more than that they stay.
    statement = select(*columns).where(columns[0].in_(wanted)).order_by(columns[0]).with_for_update(key_share=True)
    for row in session.execute(statement):
        locked.rows[kind, row.id] = row


def lock_subjects(session: Session, subjects: Iterable[int]) -> Locked:
    """Lock subjects of any kind, given as occupancies number them, in the one order.

    Parameters
    ----------
    session
        Bound to a caller; it must not have locked others before.
    subjects
        As of `models.records.occupancy.subject_key`.

    Returns
    -------
    Their rows.
    """
    locked = Locked()
    pairs = {subject_of(each) for each in subjects}
    for kind in _COLUMNS:
        lock_kind(session, locked, kind, [key for each, key in pairs if each is kind])
    return locked


def globally_limited(session: Session) -> list[int]:
    """Find out whether a limit applies to the whole organization: its bookings then wait for each other.

    Returns
    -------
    The id of the organization, or nothing.
    """
    limits = select(ScheduleRule.id).where(
        ScheduleRule.rule_type == RuleType.CAPACITY_LIMIT, ScheduleRule.is_global, ScheduleRule.is_active
    )
    return [caller_of(session).organization_id] if session.scalar(limits.limit(1)) is not None else []


def lock_linked(session: Session, appointment: Appointment) -> None:
    """Lock what an appointment follows and what follows it: each must stay where it is while the other is judged.

    Parameters
    ----------
    session
        Bound to a caller; it must not have locked a subject before.
    appointment
        Flushed or not.
    """
    needs, link = appointment.requirements, AppointmentLink
    others = {int(each.appointment) for each in (needs.after if needs is not None else ())}
    if inspect(appointment).has_identity:
        pairs = select(link.appointment_id, link.follows_id).where(
            or_(link.appointment_id == appointment.id, link.follows_id == appointment.id)
        )
        others.update(key for pair in session.execute(pairs) for key in pair)
    if others := others - {appointment.id}:
        statement = select(Appointment.id).where(Appointment.id.in_(others)).order_by(Appointment.id)
        session.execute(statement.with_for_update(key_share=True))
