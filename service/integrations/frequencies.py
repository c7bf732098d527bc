"""When integrations are synchronized by the clock."""

from collections.abc import Mapping
from datetime import timedelta

from sqlalchemy import select

from models.cron import last_due
from models.enums import SyncFrequency
from models.records import Organization, ScheduleIntegration
from models.records.base import now
from models.zones import zone_of
from service.integrations.connectors import CONNECTORS
from service.integrations.syncing import SYNC
from service.jobs import enqueue
from service.jobs.job import Job

CRONS: Mapping[SyncFrequency, str] = {
    SyncFrequency.REALTIME: "*/5 * * * *",
    SyncFrequency.HOURLY: "0 * * * *",
    SyncFrequency.DAILY: "0 2 * * *",
    SyncFrequency.WEEKLY: "0 2 * * 1",
}
"""What each frequency means on the organization's wall; a `cron` in the configuration goes before it."""

LATE = timedelta(hours=1)
"""So much later a synchronization that was due is still begun; then the next one will do."""


def ask(job: Job) -> None:
    """Ask for the synchronizations that are due, each once."""
    moment = now()
    enabled = (ScheduleIntegration.is_active, ScheduleIntegration.sync_enabled)
    statement = select(
        ScheduleIntegration.id,
        ScheduleIntegration.organization_id,
        ScheduleIntegration.sync_frequency,
        ScheduleIntegration.configuration,
        ScheduleIntegration.created_at,
        Organization.timezone,
    ).join(Organization, Organization.id == ScheduleIntegration.organization_id)
    statement = statement.where(*enabled, ScheduleIntegration.integration_type.in_(CONNECTORS))
    with job.transaction() as session:
        for row in session.execute(statement.order_by(ScheduleIntegration.id)).all():
            cron = row.configuration.get("cron") or CRONS[row.sync_frequency]
            after = max(moment - LATE, row.created_at)
            due = last_due(cron, zone_of(row.timezone), after, moment)
            if due is not None:
                key = f"{row.id}:{due.isoformat()}"
                enqueue(session, SYNC, key=key, organization=row.organization_id, integration=row.id)
