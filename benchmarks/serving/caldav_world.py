"""An organization whose people and rooms have calendars on a server, and the edits that are made on both sides."""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from benchmarks.serving.caldav_server import PASSWORD, USER, Person, Radicale
from models.enums import AppointmentStatus, ConflictStatus, IntegrationType
from models.errors import TidyplanError
from models.lifecycle import BUSY
from models.records import Appointment, Organization, Resource, Role, ScheduleConflict, ScheduleIntegration, User
from models.records.base import now
from service.api.appointments import APPOINTMENTS
from service.booking import change
from service.booking.changing import create, hide
from service.calendars.review import RULE, take
from service.callers import Caller
from service.conflicts.resolving import resolve
from service.crud import find
from service.database import Database

DAYS = 30
TITLES = ("Visit", "Windows", "Handover; keys, alarm", "Überprüfung", "清掃", "A title\twith a tab")
PLACES = ("", "1 Market St, San Francisco", "Halle 7")
ZONES = ("Europe/Berlin", "America/New_York", "W. Europe Standard Time")
ALARM = "BEGIN:VALARM\r\nACTION:DISPLAY\r\nTRIGGER:-PT15M\r\nDESCRIPTION:Go\r\nEND:VALARM\r\n"


@dataclass
class Calendar:
    """A calendar of somebody, and what others have put into it.

    Parameters
    ----------
    person
        Who edits it outside.
    integration, kind, subject
        Of the service.
    files
        What others have put there, by name.
    alarmed
        Events of ours to which somebody has added an alarm.
    """

    person: Person
    integration: int
    kind: str
    subject: int
    files: dict[str, str] = field(default_factory=dict)
    alarmed: set[str] = field(default_factory=set)


class World:
    """An organization, its calendars, and a source of chance.

    Parameters
    ----------
    database
        Migrated.
    server
        Where the calendars are made.
    address
        At which the service finds the server.
    seed
        Of all edits.
    """

    def __init__(self, database: Database, server: Radicale, address: str, seed: int) -> None:
        self.database, self.chance, self.done = database, random.Random(seed), Counter[str]()
        self.origin = now().replace(minute=0, second=0, microsecond=0) + timedelta(hours=2)
        with database.everywhere() as session:
            organization = Organization(name="Soak", timezone="Europe/Berlin")
            session.add(organization)
            session.flush()
            own = {"organization_id": organization.id}
            owner = User(name="Owner", role=Role.OWNER, **own)
            users = [User(name=f"user {i}", **own) for i in range(2)]
            room = Resource(name="room", **own)
            session.add_all([owner, *users, room])
            session.flush()
            self.organization, self.owner = organization.id, owner.id
            self.users, self.rooms = [each.id for each in users], [room.id]
            self.calendars: list[Calendar] = []
            for kind, key in [*(("user", key) for key in self.users), ("resource", room.id)]:
                person = Person(server, f"{organization.id}-{kind}-{key}-{seed}-{random.getrandbits(32)}")
                record = ScheduleIntegration(
                    name=f"{kind} {key}",
                    integration_type=IntegrationType.CALENDAR,
                    provider_url=f"{address}{person.path}",
                    api_secret=PASSWORD,
                    configuration={"username": USER, kind: key},
                    **own,
                )
                session.add(record)
                session.flush()
                self.calendars.append(Calendar(person, record.id, kind, key))
            session.commit()

    @property
    def caller(self) -> Caller:
        """Who edits here."""
        return Caller(self.organization, self.owner, "Owner", Role.OWNER)

    def edit(self) -> None:
        """Make one edit, on whichever side."""
        self.here() if self.chance.random() < 0.5 else self.outside()

    def here(self) -> None:
        """Make, change, cancel or delete an appointment, or decide a conflict."""
        kinds = {"make": 4, "move": 4, "say": 3, "cancel": 1, "delete": 1, "reassign": 2, "decide": 2}
        kind = self.chance.choices(list(kinds), list(kinds.values()))[0]
        try:
            with self.database.session(self.caller) as session:
                self._here(session, kind)
                session.commit()
        except TidyplanError:
            kind = "refused"
        self.done[f"here: {kind}"] += 1

    def outside(self) -> None:
        """Make, change or delete a file of a calendar with another program."""
        calendar = self.chance.choice(self.calendars)
        if self.chance.random() < 0.55:
            self._foreign(calendar)
        else:
            self._ours(calendar)

    def decide(self, session: Session, conflict: ScheduleConflict) -> None:
        """Let either side have its way."""
        if self.chance.random() < 0.5:
            try:
                with session.begin_nested():
                    take(session, conflict)
                return
            except (TidyplanError, ValueError):
                session.refresh(conflict)
        if conflict.status is not ConflictStatus.RESOLVED:
            resolve(session, conflict)

    def _here(self, session: Session, kind: str) -> None:
        if kind == "decide":
            open_ = select(ScheduleConflict).where(
                ScheduleConflict.rule == RULE, ScheduleConflict.status == ConflictStatus.PENDING
            )
            found = session.scalars(open_).all()
            if found:
                self.decide(session, self.chance.choice(found))
            return
        busy = sorted(session.scalars(select(Appointment.id).where(Appointment.status.in_(BUSY))))
        if kind == "make" or not busy:
            create(session, APPOINTMENTS, self._values())
            return
        appointment = find(session, APPOINTMENTS, self.chance.choice(busy), lock=True)
        if kind == "move":
            change(session, appointment, {"start_datetime": self._start()})
        elif kind == "say":
            change(session, appointment, {"title": self._title(), "location": self.chance.choice(PLACES)})
        elif kind == "cancel":
            change(session, appointment, {"status": AppointmentStatus.CANCELLED})
        elif kind == "delete":
            hide(session, appointment)
        else:
            change(session, appointment, {"assigned_users": self._people()})

    def _values(self) -> dict[str, object]:
        rooms = self.rooms if self.chance.random() < 0.4 else []
        return {
            "title": self._title(),
            "location": self.chance.choice(PLACES),
            "start_datetime": self._start(),
            "duration_minutes": self.chance.choice((15, 30, 60)),
            "assigned_users": self._people(),
            "required_resources": rooms,
        }

    def _people(self) -> list[int]:
        return self.chance.sample(self.users, self.chance.choice((0, 1, 1, 1, 2)))

    def _title(self) -> str:
        return f"{self.chance.choice(TITLES)} {self.chance.randrange(1000)}"

    def _start(self) -> datetime:
        return self.origin + timedelta(minutes=15 * self.chance.randrange(DAYS * 96))

    def _foreign(self, calendar: Calendar) -> None:
        names = sorted(calendar.files)
        kind = self.chance.choice(("make", "make", "change", "delete")) if names else "make"
        if kind == "delete":
            name = self.chance.choice(names)
            calendar.person.delete(name)
            del calendar.files[name]
        else:
            name = f"f{self.chance.getrandbits(40)}.ics" if kind == "make" else self.chance.choice(names)
            calendar.files[name] = self._event(name.removesuffix(".ics"))
            calendar.person.put(name, calendar.files[name])
        self.done[f"outside: {kind}"] += 1

    def _event(self, uid: str) -> str:
        start, length = self._start(), self.chance.choice((10, 25, 60))
        day, clock = f"{start:%Y%m%d}", f"{start:%Y%m%dT%H%M%S}"
        kind = self.chance.choice(("plain", "zoned", "floating", "day", "series", "series", "free"))
        zone = self.chance.choice(ZONES)
        if kind == "series":
            moved = start + timedelta(days=2, minutes=45)
            dropped = start + timedelta(days=3)
            lines = [
                *(
                    f"DTSTART:{clock}Z",
                    f"DURATION:PT{length}M",
                    f"RRULE:FREQ=DAILY;COUNT={self.chance.randrange(3, 9)}",
                ),
                *(f"EXDATE:{dropped:%Y%m%dT%H%M%S}Z", "END:VEVENT", "BEGIN:VEVENT", f"UID:{uid}"),
                f"RECURRENCE-ID:{start + timedelta(days=2):%Y%m%dT%H%M%S}Z",
                *(f"DTSTART:{moved:%Y%m%dT%H%M%S}Z", f"DURATION:PT{length}M"),
            ]
        else:
            begins = {
                "day": f"DTSTART;VALUE=DATE:{day}",
                "floating": f"DTSTART:{clock}",
                "zoned": f"DTSTART;TZID={zone}:{clock}",
            }
            lines = [begins.get(kind, f"DTSTART:{clock}Z"), *([] if kind == "day" else [f"DURATION:PT{length}M"])]
            lines += ["TRANSP:TRANSPARENT"] if kind == "free" else []
        return _file("\r\n".join(["BEGIN:VEVENT", f"UID:{uid}", *lines, "END:VEVENT", ""]))

    def _ours(self, calendar: Calendar) -> None:
        names = [each for each in calendar.person.names() if each.startswith("tidyplan-")]
        if not names:
            return
        name = self.chance.choice(names)
        kind = self.chance.choice(("move ours", "rename ours", "remind of ours", "delete ours"))
        if kind == "delete ours":
            calendar.person.delete(name)
            calendar.alarmed.discard(name)
        else:
            content = calendar.person.get(name)
            if kind == "move ours":
                start = self._start()
                content = _with(content, "DTSTART", f"{start:%Y%m%dT%H%M%S}Z")
                content = _with(content, "DTEND", f"{start + timedelta(minutes=30):%Y%m%dT%H%M%S}Z")
            elif kind == "rename ours":
                content = _with(content, "SUMMARY", f"Renamed {self.chance.randrange(1000)}")
            elif "VALARM" not in content:
                content = content.replace("END:VEVENT", f"{ALARM}END:VEVENT")
                calendar.alarmed.add(name)
            calendar.person.put(name, content)
        self.done[f"outside: {kind}"] += 1


def _with(content: str, name: str, value: str) -> str:
    lines = content.replace("\r\n ", "").splitlines()
    return (
        "\r\n".join(f"{name}:{value}" if line.startswith((f"{name}:", f"{name};")) else line for line in lines) + "\r\n"
    )


def _file(body: str) -> str:
    stamp = f"DTSTAMP:{datetime.now(UTC):%Y%m%dT%H%M%SZ}"
    body = body.replace("BEGIN:VEVENT\r\n", f"BEGIN:VEVENT\r\n{stamp}\r\n")
    return f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Soak//Soak//EN\r\n{body}END:VCALENDAR\r\n"
