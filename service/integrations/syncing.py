"""The jobs that test and synchronize an integration."""

import structlog
from sqlalchemy.orm import Session

from models.enums import SyncStatus
from models.errors import TidyplanError
from models.records import ScheduleIntegration
from service.integrations.connectors import connector_of
from service.integrations.pauses import pause_seconds
from service.integrations.state import note, note_connected, note_failed
from service.jobs import enqueue
from service.jobs.job import Job
from service.keyring import digest

log = structlog.get_logger(__name__)

SYNC, TEST = "sync", "test-connection"


def ask_for_sync(session: Session, integration: int) -> str:
    """Ask for a synchronization, and give the id of its job."""
    return enqueue(session, SYNC, integration=integration)


def perform(job: Job, integration: int, retry: int = 0) -> None:
    """Synchronize an integration; where that fails, again later, as often as it allows.

    Parameters
    ----------
    job
        Of its organization.
    integration
        Its id.
    retry
        Which retry this is; 0 for the first try.
    """
    record = _loaded(job, integration)
    if record is None or not record.is_active:
        return
    with job.transaction() as session:
        note(session, integration, sync_status=SyncStatus.SYNCING)
    try:
        exchanged = connector_of(record).synced(job, record)
    except TidyplanError as error:
        log.warning("synchronization failed", integration=integration, retry=retry, error=str(error))
        _again(job, record, str(error), retry)
        return
    with job.transaction() as session:
        if exchanged is None:
            note(session, integration, sync_status=_calm(record.sync_status))
        else:
            note_connected(session, integration, exchanged=True, remark=exchanged.remark)
            log.info("synchronized", integration=integration, exchanged=exchanged.told)


def test(job: Job, integration: int) -> None:
    """Connect to the other system, and note how that went."""
    record = _loaded(job, integration)
    if record is None or not record.is_active:
        return
    try:
        connector_of(record).tested(job.host.settings.guard, record)
    except TidyplanError as error:
        with job.transaction() as session:
            note_failed(session, integration, str(error))
        return
    with job.transaction() as session:
        note_connected(session, integration, exchanged=False)


def _again(job: Job, record: ScheduleIntegration, error: str, retry: int) -> None:
    again = retry < record.max_retries
    with job.transaction() as session:
        note_failed(session, record.id, error, retry + 1 if again else retry)
        if again:
            pause = pause_seconds(retry + 1)
            enqueue(session, SYNC, key=digest(job.id), after_seconds=pause, integration=record.id, retry=retry + 1)


def _calm(before: SyncStatus) -> SyncStatus:
    """What it is after nothing was exchanged: a job that was interrupted has left it syncing."""
    return SyncStatus.DISCONNECTED if before is SyncStatus.SYNCING else before


def _loaded(job: Job, key: int) -> ScheduleIntegration | None:
    with job.reading() as session:
        return session.get(ScheduleIntegration, key)
