"""Regular work on what no request looks after."""

from datetime import timedelta

from sqlalchemy import delete

from models.records import Occupancy, RefreshSession
from models.records.base import now
from service.changes import forget_changes
from service.idempotency import forget_old_keys
from service.jobs.job import Job
from service.webhooks.upkeep import forget_webhooks

KEPT_SESSIONS = timedelta(days=7)
"""So long a refresh token is remembered after its end: its use then still ends its login."""

KEPT_CHANGES = timedelta(hours=2)
"""So long changes are noted for those who follow them."""

KEPT_JOBS = timedelta(days=30)
"""So long a job that is over is remembered, and its key with it."""

_OVER = ["SUCCESS", "ERROR", "CANCELLED", "MAX_RECOVERY_ATTEMPTS_EXCEEDED"]
_AT_ONCE = 500


def forget(job: Job) -> None:
    """Delete old idempotency keys, changes, expired holds, and refresh tokens, webhooks and jobs that are long over."""
    with job.transaction() as session:
        forget_old_keys(session)
        forget_changes(session, now() - KEPT_CHANGES)
        session.execute(delete(Occupancy).where(Occupancy.expires_at <= now()))
        forget_webhooks(session)
        session.execute(delete(RefreshSession).where(RefreshSession.expires_at < now() - KEPT_SESSIONS))
    _forget_jobs(job)


def _forget_jobs(job: Job) -> None:
    from dbos import DBOS

    until = (now() - KEPT_JOBS).isoformat()
    while over := DBOS.list_workflows(
        status=_OVER, end_time=until, limit=_AT_ONCE, load_input=False, load_output=False
    ):
        job.check()
        DBOS.delete_workflows([each.workflow_id for each in over])
