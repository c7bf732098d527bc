"""A small company to look at: people, teams, vans, a full day and what waits, all made through the API."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import httpx2

Json = dict[str, Any]
BASE = "/api/scheduling/"
ZONE = ZoneInfo("America/Los_Angeles")
DAY = date(2027, 3, 2)
"""A Tuesday."""

PASSWORD = "correct horse battery"
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday")
PEOPLE = (
    ("Ana Ortiz", ["windows", "deep clean"], "07:30", "16:00"),
    ("Ben Carter", ["windows"], "08:00", "17:00"),
    ("Chloe Park", ["deep clean"], "08:00", "17:00"),
    ("Dario Russo", ["carpets"], "09:00", "18:00"),
    ("Emeka Obi", ["windows", "carpets"], "08:00", "17:00"),
    ("Freya Lund", ["deep clean"], "08:00", "14:00"),
    ("Grace Kim", ["carpets", "deep clean"], "08:00", "17:00"),
    ("Hugo Blanc", ["windows"], "10:00", "18:30"),
)
PLACES = ((37.7749, -122.4194), (37.7599, -122.4148), (37.7890, -122.4010), (37.7694, -122.4862), (37.7305, -122.3820))
CLIENTS = ("Alder Books", "Bayview Clinic", "Cole Studio", "Dogpatch Loft", "Elm & Co", "Fog Cafe", "Grove School")
WORK = ("Window cleaning", "Office clean", "Carpet wash", "Move-out clean", "Kitchen deep clean")


def at(clock: str, day: date = DAY) -> str:
    """The time of the API at a time of the company's wall."""
    return datetime.fromisoformat(f"{day}T{clock}").replace(tzinfo=ZONE).isoformat()


class Api:
    """Calls the API of a server in the name of a user.

    Parameters
    ----------
    url
        Of the server.
    email, password
        Of the user.
    """

    def __init__(self, url: str, email: str, password: str) -> None:
        self.http = httpx2.Client(base_url=url, timeout=30)
        answer = self.http.post(f"{BASE}auth/login/", json={"email": email, "password": password})
        assert answer.status_code == 200, answer.text
        self.http.headers["Authorization"] = f"Bearer {answer.json()['access_token']}"

    def get(self, path: str) -> Json:
        """Read something that is there."""
        answer = self.http.get(f"{BASE}{path}")
        assert answer.status_code == 200, answer.text
        return dict(answer.json())

    def make(self, path: str, **body: Any) -> Json:
        """Make something that must succeed."""
        answer = self.http.post(f"{BASE}{path}", json=body)
        assert answer.status_code in (200, 201, 204), answer.text
        return dict(answer.json()) if answer.content else {}

    def change(self, path: str, **body: Any) -> Json:
        """Change something that must succeed."""
        answer = self.http.patch(f"{BASE}{path}", json=body)
        assert answer.status_code == 200, answer.text
        return dict(answer.json())


@dataclass
class World:
    """What was made: ids by name."""

    api: Api
    users: dict[str, int] = field(default_factory=dict)
    teams: dict[str, int] = field(default_factory=dict)
    resources: dict[str, int] = field(default_factory=dict)

    def appointment(self, title: str, start: str | None, minutes: int = 60, **body: Any) -> Json:
        """Make an appointment, booked if it has a start."""
        times = {"status": "requested"} if start is None else {"start_datetime": start}
        return self.api.make("appointments/", title=title, duration_minutes=minutes, **times | body)

    def login(self, role: str) -> str:
        """Make a user who can log in with `PASSWORD`, and give the email."""
        email = f"{role}@example.com"
        user = self.api.make("users/", name=f"The {role}", email=email, role=role)
        self.api.make(f"users/{user['id']}/set-password/", password=PASSWORD)
        return email


def settle(api: Api) -> World:
    """Make people, teams, vans and rules."""
    world = World(api)
    api.change("organization/", name="Bay Cleaning", timezone=str(ZONE), travel={"speed_kmh": 35})
    for name, skills, start, end in PEOPLE:
        hours = {day: [{"start": start, "end": end}] for day in WEEKDAYS}
        world.users[name] = api.make("users/", name=name, skills=skills, availability=hours)["id"]
    for name, members in (("North", PEOPLE[:3]), ("South", PEOPLE[3:6]), ("Evening", PEOPLE[6:])):
        team = world.teams[name] = api.make("teams/", name=name, availability_schedule=None)["id"]
        for person in members:
            api.make(f"teams/{team}/add-member/", user=world.users[person[0]])
    for name, kind in (("Van 1", "vehicle"), ("Van 2", "vehicle"), ("Lift platform", "equipment")):
        world.resources[name] = api.make("resources/", name=name, resource_type=kind, location="Depot")["id"]
    api.make("rules/", name="Lunch", rule_type="break_time", is_global=True, start_time="12:00", end_time="12:30")
    sick = world.users["Freya Lund"]
    api.make("absences/", user=sick, kind="sickness", start=at("08:00"), end=at("18:00"))
    api.make(
        "absences/",
        user=world.users["Hugo Blanc"],
        kind="training",
        reason="first aid",
        start=at("15:00"),
        end=at("18:30"),
    )
    return world


def fill_day(world: World, day: date = DAY, *, offset: int = 0) -> list[Json]:
    """Fill a day, an appointment after the other for everybody, in many states."""
    made = []
    vans = [world.resources["Van 1"], world.resources["Van 2"]]
    for row, (name, _skills, start, _end) in enumerate(PEOPLE):
        if name == "Freya Lund" and day == DAY:
            continue
        clock = datetime.fromisoformat(f"{day}T{start}") + timedelta(minutes=30)
        for turn in range(4):
            minutes = (60, 75, 90, 45)[(row + turn + offset) % 4]
            noon = datetime.fromisoformat(f"{day}T12:00")
            if clock < noon + timedelta(minutes=30) and clock + timedelta(minutes=minutes + 15) > noon:
                clock = noon + timedelta(minutes=45)
            latest = datetime.fromisoformat(f"{day}T{'15:00' if name == 'Hugo Blanc' else _end}")
            if clock + timedelta(minutes=minutes + 15) > latest:
                break
            index = row * 4 + turn + offset
            latitude, longitude = PLACES[index % len(PLACES)]
            made.append(
                world.appointment(
                    WORK[index % len(WORK)],
                    clock.replace(tzinfo=ZONE).isoformat(),
                    minutes,
                    client_name=CLIENTS[index % len(CLIENTS)],
                    assigned_users=[world.users[name]],
                    required_resources=vans[:1] if row == 0 else vans[1:] if row == 3 else [],
                    priority=("normal", "normal", "high", "normal", "urgent", "low")[index % 6],
                    pinned=index % 11 == 5,
                    latitude=latitude,
                    longitude=longitude,
                    requirements={"buffer_after_minutes": 10} if index % 3 == 0 else None,
                )
            )
            clock += timedelta(minutes=minutes + (45, 60, 40)[index % 3])
    for index, each in enumerate(made):
        action = (None, "confirm", None, "confirm", None, "confirm", "start")[index % 7]
        if action:
            world.api.make(f"appointments/{each['id']}/{action}/")
    return made


def wait_for_time(world: World) -> list[Json]:
    """Make what has no time yet."""
    due = {"due": at("18:00", DAY + timedelta(days=2))}
    wishes: list[tuple[str, int, str, Json]] = [
        ("Graffiti removal", 60, "urgent", due),
        ("Spring clean", 120, "normal", {"crew": [{"count": 2, "skills": ["deep clean"]}]}),
        ("Stairwell", 45, "normal", {"crew": [{"count": 1}]}),
        ("Skylight windows", 90, "high", {"crew": [{"count": 1, "skills": ["windows"]}]}),
        ("Carpet touch-up", 30, "low", {"team": {"any_of": [world.teams["South"]]}}),
    ]
    return [
        world.appointment(
            title,
            None,
            minutes,
            priority=priority,
            client_name=CLIENTS[index],
            requirements={"crew": [{"count": 1}]} | needs,
        )
        for index, (title, minutes, priority, needs) in enumerate(wishes)
    ]
