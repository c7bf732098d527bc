"""Every minute: what has become due, reminders above all, and what should have left long ago."""

from datetime import timedelta

from sqlalchemy import select

from models.enums import NotificationStatus
from models.records import ScheduleNotification
from models.records.base import now
from service.jobs import enqueue
from service.jobs.job import Job
from service.notices.outbox import JOB, key_of

_LATE = timedelta(minutes=15)
"""After this a job that was asked for has failed in some way that nobody foresaw, and another one is asked for."""

_AT_ONCE = 1000


def ask_for_due(job: Job) -> None:
    """Ask for the jobs of all notifications that are due; one that was asked for already, by whomever, is the same."""
    present = now()
    after = 0
    while True:
        job.check()
        statement = select(
            ScheduleNotification.id, ScheduleNotification.organization_id, ScheduleNotification.due_at
        ).where(
            ScheduleNotification.status == NotificationStatus.PENDING,
            ScheduleNotification.due_at <= present,
            ScheduleNotification.id > after,
        )
        with job.transaction() as session:
            rows = session.execute(statement.order_by(ScheduleNotification.id).limit(_AT_ONCE)).all()
            for key, owner, due in rows:
                assert due is not None
                late = f":{int((present - due) / _LATE)}" if present - due >= _LATE else ""
                enqueue(session, JOB, key=f"{key_of(key, due)}{late}", organization=owner, notification=key)
        if len(rows) < _AT_ONCE:
            return
        after = rows[-1][0]
