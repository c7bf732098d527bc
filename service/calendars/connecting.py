"""What an integration of type `calendar` can do, as `service.integrations` asks for it."""

from models.records import ScheduleIntegration
from models.records.base import now
from service.calendars.dav import Unwilling
from service.calendars.discovery import calendars_at
from service.calendars.sync import sync as sync_calendar
from service.calendars.terms import collection_of
from service.integrations.connectors import Exchanged
from service.jobs import enqueue
from service.jobs.job import Job
from service.outgoing import Guard

AGAIN_SECONDS = 5.0


def test(guard: Guard, integration: ScheduleIntegration) -> str:
    """Connect to a calendar, and tell what it is called; where there is none, which ones there are.

    Raises
    ------
    TidyplanError
        If the integration says too little, or there is no calendar at its address.
    """
    collection = collection_of(guard, integration)
    name = collection.name()
    if name is None:
        found = "; ".join(f'"{called}" at {url}' for called, url in calendars_at(collection))
        advice = f"Choose one of these: {found}" if found else "Give the address of a calendar."
        raise Unwilling(f"{integration.provider_url} is no calendar. {advice}")
    return f'The calendar "{name}" answers.' if name else "The calendar answers."


def sync(job: Job, integration: ScheduleIntegration) -> Exchanged | None:
    """Synchronize a calendar, and tell what was exchanged; one that is being synchronized is asked for again.

    Raises
    ------
    TidyplanError
        As `service.calendars.sync.sync`.
    """
    outcome = sync_calendar(job, integration)
    if outcome is None:
        key = f"{integration.id}:{int(now().timestamp() / AGAIN_SECONDS)}"  # many who come too early ask once
        with job.transaction() as session:
            enqueue(session, job.kind, key=key, after_seconds=AGAIN_SECONDS, integration=integration.id)
        return None
    return Exchanged(f"{outcome.read} read, {outcome.written} written, {outcome.removed} deleted.", outcome.remark)
