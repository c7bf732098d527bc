"""What an organization has decided about its conflicts: the best way out applied by itself, what waits handed up."""

from datetime import timedelta
from typing import Any

import structlog
from sqlalchemy import select
from sqlalchemy.orm import Session

from models.enums import AppointmentStatus as Status, ConflictStatus, ImpactLevel
from models.errors import TidyplanError
from models.records import AuditEntry, ScheduleConflict
from models.records.base import now
from service.conflicts import resolving
from service.conflicts.mirror import AT_BOOKING
from service.conflicts.ways.applying import apply
from service.conflicts.ways.options import Way, WayKind
from service.conflicts.ways.settling import Offered, close, subject_of, ways_of
from service.jobs.job import Job
from service.linking import load_links
from service.schemas import organization
from service.snapshot.reading import bookings_of
from service.suggesting.asking import MOVABLE

log = structlog.get_logger(__name__)

BY_ITSELF = frozenset({WayKind.MOVE, WayKind.REASSIGN, WayKind.MAKE_WAY, WayKind.PLACE})
"""What may be done without asking: nobody comes back from an absence, works shorter or loses a time."""
TRIES = 3
AT_ONCE = 50
_IMPACT = list(ImpactLevel)


def resolve(job: Job, conflict: int) -> None:
    """Apply the best way out of a conflict, if the policy is for it and there is one that nobody has to be asked for.

    Parameters
    ----------
    job
        Of an organization.
    conflict
        Its id.
    """
    for _ in range(TRIES):
        job.check()
        with job.reading() as session:
            found = _wanted(session, conflict)
            offered = ways_of(session, found) if found is not None else None
            way = _best(session, offered) if offered is not None else None
        if way is None or offered is None:
            return
        try:
            with job.transaction() as session:
                _apply(session, conflict, way, offered)
        except TidyplanError as error:
            log.info("way out no longer fits", conflict=conflict, why=str(error))
        else:
            return


def escalate(job: Job) -> None:
    """Hand up what has been pending for longer than the policy allows.

    Parameters
    ----------
    job
        Of an organization.
    """
    with job.reading() as session:
        hours = organization(session).policies.escalate_conflicts_after_hours
        if hours is None:
            return
        late = ScheduleConflict.pending_since <= now() - timedelta(hours=hours)
        pending = ScheduleConflict.status == ConflictStatus.PENDING
        keys = session.scalars(select(ScheduleConflict.id).where(pending, late).order_by(ScheduleConflict.id)).all()
    for first in range(0, len(keys), AT_ONCE):
        job.check()
        with job.transaction() as session:
            for key in keys[first : first + AT_ONCE]:
                conflict = _pending(session, key, lock=True)
                if conflict is not None:
                    resolving.escalate(session, conflict, f"Pending for {hours} hours: escalated by policy.")


def _apply(session: Session, key: int, way: Way, offered: Offered) -> None:
    conflict = _wanted(session, key)
    if conflict is not None:
        apply(session, f"By policy, {subject_of(conflict)}", way, offered.read)
        close(session, conflict, way, "Applied by policy.")


def _wanted(session: Session, key: int) -> ScheduleConflict | None:
    """Read a conflict that is still pending, and within what the policy is for."""
    policies, conflict = organization(session).policies, _pending(session, key)
    if conflict is None or not policies.auto_resolve_conflicts or conflict.identity is None:
        return None
    if _IMPACT.index(conflict.impact_level) > _IMPACT.index(policies.auto_resolve_up_to):
        return None
    return None if conflict.rule in AT_BOOKING or _is_meant(session, conflict) else conflict


def _pending(session: Session, key: int, *, lock: bool = False) -> ScheduleConflict | None:
    statement = select(ScheduleConflict).where(
        ScheduleConflict.id == key, ScheduleConflict.status == ConflictStatus.PENDING
    )
    statement = statement.options(*load_links(ScheduleConflict)).execution_options(populate_existing=True)
    return session.scalars(statement.with_for_update(of=ScheduleConflict) if lock else statement).one_or_none()


def _is_meant(session: Session, conflict: ScheduleConflict) -> bool:
    """Tell whether somebody has overridden just this rule for one of the appointments: then it is as it is wanted."""
    entries = select(AuditEntry.after).where(
        AuditEntry.action == "overridden",
        AuditEntry.record_type == "appointment",
        AuditEntry.record.in_(list(conflict.involved_appointment_ids)),
    )
    overridden: list[Any] = [each for after in session.scalars(entries) for each in _violations(after)]
    return any(each["rule"] == conflict.rule for each in overridden)


def _violations(after: Any) -> list[Any]:
    return list((after or {}).get("violations", ()))


def _best(session: Session, offered: Offered) -> Way | None:
    """Choose the first that changes nothing confirmed, pinned or under way."""
    keys = {change.appointment for way in offered.ways for change in way.changes}
    bookings = {each.id: each for each in bookings_of(session, keys)}
    free = {key for key, each in bookings.items() if each.status in MOVABLE | {Status.REQUESTED} and not each.pinned}
    return next(
        (
            way
            for way in offered.ways
            if way.kind in BY_ITSELF and all(change.appointment in free for change in way.changes)
        ),
        None,
    )
