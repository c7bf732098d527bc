"""Runs by the clock: what an organization's policy asks for, each night or whenever."""

from datetime import datetime, timedelta

import structlog
from sqlalchemy import select
from sqlalchemy.orm import Session

from models.cron import last_due
from models.problem import Horizon
from models.records import Organization, Run, RunDraft
from models.records.base import now
from models.records.organizations import AutoSchedule
from models.timegrid import day_start, instant, local_date, minute_of
from models.zones import zone_of
from service.jobs import enqueue
from service.jobs.job import Job
from service.runs.asking import KIND

log = structlog.get_logger(__name__)

LATE = timedelta(hours=1)
"""So much later a run that was due is still begun; then the next one will do."""


def ask(job: Job) -> None:
    """Ask for the runs that are due, each once."""
    moment = now()
    with job.transaction() as session:
        for organization in session.scalars(select(Organization).order_by(Organization.id)):
            policy = organization.policies.auto_schedule
            if policy is not None:
                _ask(session, organization, policy, moment)


def horizon_of(zone: str, moment: datetime, first_day: int, days: int) -> Horizon:
    """Make a horizon of whole local days.

    Parameters
    ----------
    zone
        On whose wall the days are.
    moment
        From whose day is counted.
    first_day, days
        How many days later it begins, and how long it is.

    Returns
    -------
    The horizon, in the zone.
    """
    wall = zone_of(zone)
    first = local_date(minute_of(moment.replace(second=0, microsecond=0)), wall) + timedelta(days=first_day)
    start, end = (instant(day_start(day, wall), wall) for day in (first, first + timedelta(days=days)))
    return Horizon(start=start, end=end)


def _ask(session: Session, organization: Organization, policy: AutoSchedule, moment: datetime) -> None:
    after = max(moment - LATE, organization.updated_at)
    due = last_due(policy.cron, zone_of(organization.timezone), after, moment)
    if due is None:
        return
    known = select(Run.id).where(Run.organization_id == organization.id, Run.scheduled_for == due)
    if session.scalar(known.limit(1)) is not None:
        return
    run = Run(
        organization_id=organization.id,
        mode=policy.mode,
        horizon=horizon_of(organization.timezone, due, policy.first_day, policy.days),
        time_limit_seconds=policy.time_limit_seconds,
        publishes=policy.publishes,
        scheduled_for=due,
    )
    session.add(run)
    session.flush()
    session.add(RunDraft(organization_id=organization.id, run_id=run.id))
    session.flush()
    enqueue(session, KIND, key=str(run.id), organization=organization.id, run=run.id)
    log.info("run is due", organization=organization.id, run=run.id)
