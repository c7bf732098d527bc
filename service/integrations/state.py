"""How an integration is doing, as its record tells it; nobody's change, and so neither audited nor an event."""

from typing import Any

from sqlalchemy import update
from sqlalchemy.orm import Session

from models.enums import SyncStatus
from models.records import ScheduleIntegration
from models.records.base import now

_LONGEST = 10_000


def note(session: Session, integration: int, **values: Any) -> None:
    """Write some fields of an integration, whatever version it has.

    Parameters
    ----------
    session
        Bound to the organization.
    integration
        Its id.
    values
        By attribute.
    """
    statement = update(ScheduleIntegration).where(ScheduleIntegration.id == integration)
    session.execute(
        statement.values(version=ScheduleIntegration.version + 1, updated_at=now(), **values),
        execution_options={"synchronize_session": False},
    )


def note_connected(session: Session, integration: int, *, exchanged: bool, remark: str = "") -> None:
    """Note that the other system answered well, whether something was exchanged with it, and what could not be."""
    synced: dict[str, Any] = {"last_sync": now()} if exchanged else {}
    told = {"error_message": remark[:_LONGEST], "retry_count": 0, **synced}
    note(session, integration, sync_status=SyncStatus.CONNECTED, **told)


def note_failed(session: Session, integration: int, error: str, retries: int | None = None) -> None:
    """Note why the other system cannot be used, and which retry comes next, if that changes."""
    counted: dict[str, Any] = {} if retries is None else {"retry_count": retries}
    note(session, integration, sync_status=SyncStatus.ERROR, error_message=error[:_LONGEST], **counted)
