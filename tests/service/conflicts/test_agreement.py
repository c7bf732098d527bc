"""Stored conflicts are what the rules say of the whole organization, however they came about."""

import random
from datetime import timedelta
from threading import Event
from time import monotonic, sleep
from uuid import uuid4

import pytest
from pydantic import SecretStr
from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from models.enums import AppointmentStatus, RuleType
from models.events import UserSaved
from models.problem import Problem
from models.records import Appointment, AppointmentUser, Executor, ScheduleConflict, ScheduleRule, User
from models.records.base import now
from service.bus import emit
from service.callers import the_service
from service.conflicts import recheck_appointments, scope
from service.conflicts.job import recheck
from service.conflicts.mirror import OPEN, distinct
from service.conflicts.scope import differences
from service.database import Database
from service.jobs.job import Host, Job
from service.settings import Settings
from service.snapshot import problem_of, unsettled
from service.snapshot.judging import PLANNED, found
from service.snapshot.weeks import Span
from tests.service.accounts import account
from tests.service.jobs.test_jobs import worker_of
from tests.service.snapshot.worlds import AROUND, random_world

SEEDS = range(10)


def stored(session: Session) -> dict[str | None, tuple[str, list[int]]]:
    """What is open: rule and appointments by identity."""
    rows = session.scalars(
        select(ScheduleConflict)
        .where(ScheduleConflict.status.in_(OPEN))
        .options(selectinload(ScheduleConflict.appointment_links))
        .execution_options(populate_existing=True)
    )
    return {row.identity: (row.rule or "", sorted(row.involved_appointment_ids)) for row in rows}


def broken(session: Session, problem: Problem) -> dict[str | None, tuple[str, list[int]]]:
    """What the whole organization breaks."""
    around = problem.horizon.start - AROUND, problem.horizon.end + AROUND
    snapshot = problem_of(session, *around, free=unsettled)
    every = distinct(found(snapshot, PLANNED), snapshot.problem)
    return {each.identity: (each.violation.rule, sorted(each.appointments)) for each, _ in every}


def loaded(session: Session) -> list[Appointment]:
    links = (selectinload(Appointment.user_links), selectinload(Appointment.resource_links))
    statement = select(Appointment).where(Appointment.start_datetime.is_not(None)).options(*links)
    return list(session.scalars(statement.order_by(Appointment.id)))


def changed(session: Session, appointment: Appointment, rng: random.Random) -> None:
    """Do something to an appointment."""
    what = rng.choice(["hide", "cancel", "move", "crew", "longer"])
    assert appointment.start_datetime is not None
    if what == "hide":
        appointment.hidden_at = now()
    elif what == "cancel":
        appointment.status = AppointmentStatus.CANCELLED
    elif what == "move":
        appointment.assign(
            {"start_datetime": appointment.start_datetime + timedelta(minutes=rng.choice([-45, 30, 1440]))}
        )
    elif what == "longer":
        appointment.assign({"duration_minutes": (appointment.duration_minutes or 0) + 60})
    else:
        users = session.scalars(select(User.id)).all()
        appointment.user_links[:] = [AppointmentUser(user_id=rng.choice(users))]
    session.flush()


@pytest.mark.parametrize("seed", SEEDS)
def test_conflicts_found_one_by_one_are_all_there_are(database: Database, seed: int) -> None:
    rng = random.Random(seed)
    with database.session(the_service(account(database).organization)) as session:
        problem, _, _ = random_world(session, seed)
        appointments = loaded(session)
        rng.shuffle(appointments)
        for appointment in appointments:
            recheck_appointments(session, [appointment.id])
        assert stored(session) == broken(session, problem)
        for appointment in rng.sample(appointments, min(6, len(appointments))):
            changed(session, appointment, rng)
            recheck_appointments(session, [appointment.id])
            assert stored(session) == broken(session, problem)


@pytest.mark.parametrize("seed", SEEDS)
def test_differences_are_all_that_has_to_be_looked_at(database: Database, seed: int) -> None:
    with database.session(the_service(account(database).organization)) as session:
        problem, _, _ = random_world(session, seed)
        span = Span(problem.horizon.start - AROUND, problem.horizon.end + AROUND)
        for _ in range(2):
            recheck_appointments(session, differences(session, span))
            assert stored(session) == broken(session, problem)
            assert differences(session, span) == []
            rules = session.scalars(select(ScheduleRule))
            for rule in rules:
                rule.is_active = not rule.is_active
            limit = {"max_minutes_per_week": 60, "max_per_day": 1}
            session.add(ScheduleRule(name="Few", rule_type=RuleType.CAPACITY_LIMIT, is_global=True, parameters=limit))
            session.flush()


def test_job_rechecks_everything_that_lies_ahead(database: Database) -> None:
    who = the_service(account(database).organization)
    start = now().replace(minute=0, second=0, microsecond=0) + timedelta(days=2)
    with database.session(who) as session:
        ana, bo = User(name="Ana"), User(name="Bo", is_active=False)
        session.add_all([ana, bo])
        session.flush()
        for day in (0, 40):
            for user in (ana, bo):
                session.add(
                    Appointment(
                        title="visit",
                        start_datetime=start + timedelta(days=day),
                        duration_minutes=60,
                        user_links=[AppointmentUser(user_id=user.id)],
                    )
                )
        session.add(Executor(key="worker", place="here"))
        session.commit()
        people = ana.id, bo.id
    settings = Settings(secret_key=SecretStr("x"))
    host = Host(database, settings, "worker", Event())
    job = Job(uuid4().hex, "recheck", who.organization_id, {}, host)
    for users in (people, ()):
        recheck(job, users=users, everything=not users)
        with database.session(who, writes=False) as session:
            rows = session.scalars(select(ScheduleConflict)).all()
            assert [(row.rule, row.subject, row.status) for row in rows] == [
                ("availability", f"user:{people[1]}", "pending")
            ] * 2


def test_change_that_reaches_far_is_left_to_a_job(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scope, "AT_ONCE", 1)
    who = the_service(account(database).organization)
    with database.session(who) as session:
        ana = User(name="Ana", is_active=False)
        session.add(ana)
        session.flush()
        for day in (2, 3):
            start = now().replace(second=0, microsecond=0) + timedelta(days=day)
            link = AppointmentUser(user_id=ana.id)
            session.add(Appointment(title="visit", start_datetime=start, duration_minutes=60, user_links=[link]))
        session.flush()
        emit(session, UserSaved(ana.id))
        assert session.scalars(select(ScheduleConflict)).all() == []
        session.commit()
    with worker_of(database):
        limit = monotonic() + 20
        while monotonic() < limit:
            with database.session(who, writes=False) as session:
                if len(session.scalars(select(ScheduleConflict)).all()) == 2:
                    return
            sleep(0.1)
    raise AssertionError("nothing was found")
