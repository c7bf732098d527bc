"""From the demo problem to records: people, teams, things, rules, absences, places, and work requested and booked."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.plan import AssignedResource, Assignment, Plan
from models.problem import Appointment as ProblemAppointment, Problem
from models.records import Absence, Appointment, Organization, Role, User
from models.records.absences import AbsenceKind
from service.booking.occupying import add_rows
from service.booking.subjects import takes_of
from service.callers import the_service
from service.database import Database
from service.demo.shifting import shifted, weeks_until
from service.keyring import random_token
from service.locks import globally_limited
from service.passwords import hashed
from service.snapshot.storing import Stored, store
from service.tenancy import settle

DEMO = Path(__file__).parent / "bay-area-week.json"
COMPANY = "Bay Area Cleaning"
_AT = "bay-area-cleaning.example"
_PASSWORD_LENGTH = 16
_MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Login:
    """Who can log in to the demo; the password is told this once."""

    role: Role
    email: str
    password: str


def demo_problem(at: datetime | None = None) -> Problem:
    """Read the demo week.

    Parameters
    ----------
    at
        The present; a week that is over is moved to the next one. None leaves it where it is.

    Returns
    -------
    The problem.
    """
    document = json.loads(DEMO.read_text())
    weeks = 0 if at is None else _weeks_off(document, at)
    return Problem.parse(shifted(document, weeks, ZoneInfo(document["timezone"])) if weeks else document)


def demo_plan(plan: Plan, at: datetime) -> Plan:
    """Move a plan of the demo week, as the file has it, to where `demo_problem` has the week.

    Parameters
    ----------
    plan
        Of the demo week.
    at
        The present.

    Returns
    -------
    The same plan of that week.
    """
    document = json.loads(DEMO.read_text())
    weeks = _weeks_off(document, at)
    moved = shifted(plan.model_dump(mode="json"), weeks, ZoneInfo(document["timezone"]))
    return Plan.model_validate(moved) if weeks else plan


def standing_plan(problem: Problem) -> Plan:
    """Put everything where it stands today."""
    return Plan(assignments=tuple(_assignment(each) for each in problem.appointments if each.current is not None))


def seed(database: Database, problem: Problem, plan: Plan | None = None) -> list[Login] | None:
    """Store the demo company as an organization, once.

    Parameters
    ----------
    database
        Migrated.
    problem
        What is stored.
    plan
        What is booked, and how; None books what stands in the problem already. The rest is requested.

    Returns
    -------
    A login for each role; None if the company is there already.
    """
    with database.everywhere() as session:
        if session.scalar(select(Organization.id).where(Organization.name == COMPANY)) is not None:
            return None
        company = Organization(name=COMPANY, timezone=problem.timezone, currency="USD")
        session.add(company)
        session.flush()
        settle(session, the_service(company.id))
        stored = store(session, problem, plan or standing_plan(problem))
        _name_places(problem, stored)
        _enter_absences(session, stored)
        _occupy(session, [each for each in stored.appointments.values() if each.start_datetime is not None])
        logins = _let_in(session, stored)
        session.commit()
    return logins


def _weeks_off(document: dict[str, Any], at: datetime) -> int:
    start, end = (datetime.fromisoformat(document["horizon"][name]) for name in ("start", "end"))
    return weeks_until(start, end, at)


def _assignment(appointment: ProblemAppointment) -> Assignment:
    current = appointment.current
    assert current is not None
    minutes = appointment.duration_minutes
    return Assignment(
        appointment=appointment.id,
        start=current.start,
        end=current.start + minutes * _MINUTE,
        team=current.team,
        users=current.users,
        resources=tuple(
            AssignedResource(resource=use.resource, demand=i, units=use.units)
            for i, use in enumerate(current.resources)
        ),
    )


def _name_places(problem: Problem, stored: Stored) -> None:
    """Write places the way people do."""
    for key, location in stored.locations.items():
        location.name = key.replace("-", " ").title()
    for appointment in problem.appointments:
        if appointment.location in stored.locations:
            stored.appointments[appointment.id].location = stored.locations[appointment.location].name


def _enter_absences(session: Session, stored: Stored) -> None:
    """Enter what makes people and things unavailable as absences, where it can be seen and taken back."""
    for user in stored.users.values():
        for away in user.unavailable:
            session.add(Absence(user_id=user.id, kind=AbsenceKind.LEAVE, start=away.start, end=away.end))
        user.unavailable = ()
    for thing in stored.resources.values():
        for away in thing.unavailable:
            session.add(Absence(resource_id=thing.id, start=away.start, end=away.end))
        thing.unavailable = ()
    session.flush()


def _occupy(session: Session, booked: Sequence[Appointment]) -> None:
    limited = globally_limited(session)
    for appointment in booked:
        needs = appointment.requirements
        appointment.whole_team = appointment.assigned_team_id is not None and (needs is None or not needs.crew)
        add_rows(session, appointment, takes_of(appointment, limited))


def _let_in(session: Session, stored: Stored) -> list[Login]:
    """Give each role a login: people of the office, who are in no plan, and one who does the work."""
    made: list[Login] = []
    worker = next(iter(stored.users.values()), None)
    for role in Role:
        if role is Role.MEMBER and worker is not None:
            person = worker
        else:
            person = User(name=f"The {role}", role=role, availability={})
            session.add(person)
        password = random_token()[:_PASSWORD_LENGTH]
        person.email, person.password_hash = f"{role}@{_AT}", hashed(password)
        made.append(Login(role, person.email, password))
    session.flush()
    return made
