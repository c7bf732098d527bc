"""What follows when an integration is saved: its connection is tested, in a job."""

from sqlalchemy.orm import Session

from models.enums import SyncStatus
from models.events import IntegrationSaved
from models.records import ScheduleIntegration
from service.integrations.connectors import CONNECTORS
from service.integrations.syncing import TEST
from service.jobs import enqueue


def test_connection(session: Session, event: IntegrationSaved) -> None:
    """Ask for a test of what is in use, and note that what is not is disconnected."""
    record = session.get_one(ScheduleIntegration, event.id)
    if not record.is_active:
        record.sync_status = SyncStatus.DISCONNECTED
        session.flush()
    elif record.integration_type in CONNECTORS:
        enqueue(session, TEST, integration=record.id)
