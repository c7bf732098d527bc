"""What an organization's policy decides about a conflict that was found."""

from sqlalchemy.orm import Session

from models.events import ConflictDetected
from models.records import ScheduleConflict
from service.jobs import enqueue
from service.schemas import organization


def decide_conflict(session: Session, event: ConflictDetected) -> None:
    """Ask for the job that applies the best way out, if the organization wants it for conflicts like this one."""
    policies = organization(session).policies
    if not policies.auto_resolve_conflicts:
        return
    conflict = session.get(ScheduleConflict, event.id)
    if conflict is not None and conflict.identity is not None:
        enqueue(session, "resolve-conflict", conflict=event.id)
