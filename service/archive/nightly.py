"""The nightly job: what an organization's retention says, done."""

from datetime import date, timedelta
from pathlib import Path

import structlog
from sqlalchemy import delete

from models.enums import NotificationStatus
from models.records import Organization, ScheduleAnalytics, ScheduleNotification
from models.records.base import now
from models.zones import zone_of
from service.archive.choosing import latest_day, midnight
from service.archive.files import ArchiveFile
from service.archive.moving import count, move
from service.jobs.job import Job
from service.schemas import organization as organization_of

log = structlog.get_logger(__name__)


def archive(job: Job) -> None:
    """Archive the appointments of an organization, and delete its notifications and figures, when they are old enough.

    Appointments go only where the settings name a folder for archives.
    """
    with job.reading() as session:
        organization = organization_of(session)
    today = now().astimezone(zone_of(organization.timezone)).date()
    retention, folder = organization.retention, job.host.settings.archive_folder
    if retention.appointments_days is not None and folder is not None:
        day = min(today - timedelta(days=retention.appointments_days), latest_day(organization))
        _move(job, organization, day, folder)
    if retention.notifications_days is not None:
        until = midnight(organization, today - timedelta(days=retention.notifications_days))
        with job.transaction() as session:
            table = ScheduleNotification
            session.execute(delete(table).where(table.status != NotificationStatus.PENDING, table.scheduled_at < until))
    if retention.analytics_days is not None:
        with job.transaction() as session:
            last = today - timedelta(days=retention.analytics_days)
            session.execute(delete(ScheduleAnalytics).where(ScheduleAnalytics.period_end < last))


def _move(job: Job, organization: Organization, day: date, folder: Path) -> None:
    database = job.host.database
    if not count(database, organization, day):
        return
    folder.mkdir(parents=True, exist_ok=True)
    file = ArchiveFile(folder / f"organization-{organization.id}-{day}.jsonl.gz", head_of(organization, day))
    try:
        moved = move(database, organization, day, file, pause=job.check)
    finally:
        file.close()
    log.info("archived", organization=organization.id, before=str(day), appointments=moved.appointments)


def head_of(organization: Organization, day: date) -> dict[str, object]:
    """What the first line of an archive says of it."""
    return {"organization": organization.id, "before": str(day)}
