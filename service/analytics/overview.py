"""What there is now: counts, and the first rows of short lists."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from models.enums import AppointmentStatus as Status, ConflictStatus, ImpactLevel
from models.records import Appointment, Resource, ScheduleConflict, Team, User
from service.own import limited_to_own

FEW = 5
_BRIEF = (
    Appointment.id,
    Appointment.title,
    Appointment.client_name,
    Appointment.status,
    Appointment.priority,
    Appointment.start_datetime,
    Appointment.end_datetime,
    Appointment.assigned_team_id.label("assigned_team"),
    Appointment.updated_at,
)
_CONFLICT = (
    ScheduleConflict.id,
    ScheduleConflict.conflict_type,
    ScheduleConflict.status,
    ScheduleConflict.impact_level,
    ScheduleConflict.conflict_datetime,
    ScheduleConflict.conflict_description,
    ScheduleConflict.primary_appointment_id.label("primary_appointment"),
)


def statuses(session: Session) -> dict[Status, int]:
    """Count the appointments that the caller sees by status."""
    statement: Any = select(Appointment.status, func.count(Appointment.id)).group_by(Appointment.status)
    counts: dict[Status, int] = dict(session.execute(limited_to_own(session, statement, Appointment)).all())
    return {status: counts[status] for status in Status if status in counts}


def totals(session: Session) -> dict[str, int]:
    """Count the active users, teams and resources."""
    kinds: dict[str, type[User | Team | Resource]] = {"users": User, "teams": Team, "resources": Resource}
    counts = (
        select(func.count(record.id)).where(record.is_active).scalar_subquery().label(name)
        for name, record in kinds.items()
    )
    return dict(zip(kinds, session.execute(select(*counts)).one(), strict=True))


def appointments(session: Session, *conditions: ColumnElement[bool], latest: bool = False) -> dict[str, Any]:
    """Count appointments and read the first few.

    Parameters
    ----------
    session
        Bound to a caller, who sees perhaps only its own.
    conditions
        Which ones.
    latest
        Whether those that were changed last come first, instead of those that start first.

    Returns
    -------
    `count` and `results`.
    """
    brief: Any = select(*_BRIEF).where(*conditions)
    chosen = limited_to_own(session, brief, Appointment)
    count = session.scalar(chosen.with_only_columns(func.count(Appointment.id)))
    by = Appointment.updated_at.desc() if latest else Appointment.start_datetime
    rows = session.execute(chosen.order_by(by, Appointment.id).limit(FEW))
    return {"count": count, "results": [dict(row) for row in rows.mappings()]}


def conflicts(session: Session, wanted: Sequence[ConflictStatus]) -> dict[str, Any]:
    """Count the conflicts of some statuses by impact, and read the latest.

    Parameters
    ----------
    session
        Bound to an organization.
    wanted
        The statuses.

    Returns
    -------
    `count`, `by_impact` and `results`.
    """
    table = ScheduleConflict
    counted = select(table.impact_level, func.count(table.id)).where(table.status.in_(wanted))
    counts: dict[ImpactLevel, int] = dict(session.execute(counted.group_by(table.impact_level)).all())
    rows = session.execute(
        select(*_CONFLICT).where(table.status.in_(wanted)).order_by(table.created_at.desc(), table.id.desc()).limit(FEW)
    )
    return {
        "count": sum(counts.values()),
        "by_impact": {level.value: count for level, count in sorted(counts.items())},
        "results": [dict(row) for row in rows.mappings()],
    }
