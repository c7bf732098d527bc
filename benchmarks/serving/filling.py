"""A large organization that has been busy for weeks: people booked five times a day, with an hour free after each.

Rows go straight into the tables, many at a time; they are what the service would have written.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from itertools import count, islice
from typing import Any

from sqlalchemy import insert, text
from sqlalchemy.orm import Session

from benchmarks.serving.world import TOKEN_SECONDS, World
from models.enums import AppointmentStatus, Priority, ResourceType, RuleType
from models.records import (
    Appointment,
    AppointmentResource,
    AppointmentUser,
    Base,
    Occupancy,
    Organization,
    Resource,
    Role,
    ScheduleRule,
    Team,
    TeamMember,
    User,
)
from models.records.base import now
from models.records.occupancy import SubjectKind, subject_key
from models.records.sealed import SealedText
from models.timegrid import minute_of
from service import migrations
from service.database import Database
from service.keyring import Keyring

HOURS = (8, 10, 12, 14, 16)
BATCH = 5000
PAST_WEEKS = 4
TEAM_SIZE = 10


@dataclass(frozen=True, slots=True)
class Filled:
    """What was made.

    Parameters
    ----------
    world
        Ids and a token.
    monday
        The first day that is wholly ahead.
    days
        The working days that are booked from there on.
    """

    world: World
    monday: datetime
    days: tuple[datetime, ...]


def fill(
    url: str, secret: str, *, appointments: int = 100_000, users: int = 500, past_weeks: int = PAST_WEEKS
) -> Filled:
    """Fill a database.

    Parameters
    ----------
    url, secret
        Of the database, and the key its server signs tokens with.
    appointments, users
        How many. Every fifth appointment has a room, every tenth a share of a cart.
    past_weeks
        How many weeks before the coming Monday the first ones lie.

    Returns
    -------
    What was made.
    """
    database, keyring = Database(url), Keyring([secret])
    SealedText.use(keyring.seal())
    migrations.upgrade(database.engine)
    try:
        with database.everywhere() as session:
            world = _people(session, keyring, users)
            today = now().replace(hour=0, minute=0, second=0, microsecond=0)
            monday = today + timedelta(days=7 - today.weekday())
            days = _working_days(monday - timedelta(weeks=past_weeks), -(-appointments // (users * len(HOURS))))
            first = (session.execute(text("SELECT max(id) FROM appointments")).scalar() or 0) + 1
            rows = _rows(world, days, first, appointments)
            while batch := list(islice(rows, BATCH)):
                _write(session, batch)
            if not database.is_sqlite:
                session.execute(text("SELECT setval('appointments_id_seq', :last)"), {"last": first + appointments})
            session.commit()
        with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("ANALYZE"))
        return Filled(world, monday, tuple(day for day in days if day >= monday))
    finally:
        database.close()


def _people(session: Session, keyring: Keyring, users: int) -> World:
    organization = Organization(name="Large", timezone="UTC")
    session.add(organization)
    session.flush()
    own = {"organization_id": organization.id}
    people = [User(name=f"user {i}", role=Role.OWNER, max_hours_per_week=45, **own) for i in range(users)]
    crews = [Team(name=f"team {i}", max_concurrent=TEAM_SIZE, **own) for i in range(max(1, users // TEAM_SIZE))]
    rooms = [Resource(name=f"room {i}", resource_type=ResourceType.ROOM, **own) for i in range(max(1, users // 5))]
    carts = [Resource(name=f"cart {i}", capacity=10, **own) for i in range(max(1, users // 50))]
    hours = ScheduleRule(
        name="hours", rule_type=RuleType.WORKING_HOURS, is_global=True, start_time=time(7), end_time=time(19), **own
    )
    session.add_all([*people, *crews, *rooms, *carts, hours])
    session.flush()
    session.add_all(
        TeamMember(team_id=crews[i // TEAM_SIZE % len(crews)].id, user_id=user.id, **own)
        for i, user in enumerate(people)
    )
    session.flush()
    claims = {"sub": str(people[0].id), "org": str(organization.id), "use": "access"}
    ids = (tuple(each.id for each in kind) for kind in (people, crews, rooms, carts))
    return World(organization.id, keyring.sign(claims, TOKEN_SECONDS), *ids)


def _working_days(first: datetime, many: int) -> list[datetime]:
    days = (first + timedelta(days=i) for i in count())
    found: list[datetime] = []
    while len(found) < many:
        if (day := next(days)).weekday() < 5:
            found.append(day)
    return found


Rows = dict[type[Base], list[dict[str, Any]]]


def _rows(world: World, days: Iterable[datetime], first: int, many: int) -> Iterator[Rows]:
    """Make appointments one by one, day after day, with all that belongs to each."""
    key = first
    for day in days:
        for hour in HOURS:
            for i, user in enumerate(world.users):
                if key >= first + many:
                    return
                yield _one(world, key, day + timedelta(hours=hour), i, user)
                key += 1


def _one(world: World, key: int, start: datetime, i: int, user: int) -> Rows:
    end, done = start + timedelta(hours=1), start < datetime.now(UTC)
    own, present = {"organization_id": world.organization}, now()
    uses: list[tuple[int, int | None]] = [(world.rooms[i // 5], None)] if i % 5 == 0 else []
    uses += [(world.carts[i // 10 % len(world.carts)], 1)] if i % 10 == 1 else []
    busy = {"appointment_id": key, "start_minute": minute_of(start), "end_minute": minute_of(end), **own}
    taken = [{"subject": subject_key(SubjectKind.USER, user), "exclusive": True, "units": None}]
    taken += [
        {"subject": subject_key(SubjectKind.RESOURCE, thing), "exclusive": units is None, "units": units}
        for thing, units in uses
    ]
    return {
        Appointment: [
            {
                "id": key,
                "title": f"Visit {key}",
                "start_datetime": start,
                "end_datetime": end,
                "duration_minutes": 60,
                "status": AppointmentStatus.COMPLETED if done else AppointmentStatus.SCHEDULED,
                "priority": Priority.NORMAL,
                "client_name": f"Client {i}",
                "created_at": present,
                "updated_at": present,
                "version": 1,
                **own,
            }
        ],
        AppointmentUser: [{"appointment_id": key, "user_id": user, "position": None}],
        AppointmentResource: [
            {"appointment_id": key, "resource_id": thing, "demand": None, "units": units} for thing, units in uses
        ],
        Occupancy: [] if done else [busy | {"expires_at": None} | each for each in taken],
    }


def _write(session: Session, batch: Sequence[Rows]) -> None:
    for kind in (Appointment, AppointmentUser, AppointmentResource, Occupancy):
        if rows := [row for each in batch for row in each[kind]]:
            session.execute(insert(kind), rows)
