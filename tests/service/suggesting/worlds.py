"""A busy organization in the days to come, random changes of it, and processes that share its database."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

from fastapi import FastAPI

from service.database import Database
from service.suggesting import Keeping
from tests.service.accounts import Client, Json
from tests.service.booking.visits import resource_of, team_of, user_of

DAYS = 5
PLACES = ((37.77, -122.42), (37.80, -122.27), (37.87, -122.27), (37.34, -121.89))


class Process:
    """A server as far as slots go: its own connections, and its own indexes.

    Only one answers at a time, since they share an application.
    """

    def __init__(self, app: FastAPI, database: Database, keeping: Keeping) -> None:
        self.app, self.database, self.keeping = app, database, keeping

    @contextmanager
    def serving(self) -> Iterator[None]:
        state = self.app.state
        database, keeping = state.database, state.keeping
        state.database, state.keeping = self.database, self.keeping
        try:
            yield
        finally:
            state.database, state.keeping = database, keeping


class Busy:
    """People, things and places, and what happens to them."""

    def __init__(self, client: Client, seed: int) -> None:
        self.client, self.random = client, Random(seed)
        self.morning = datetime.now(UTC).replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)
        client.patch("organization/", {"travel": {"speed_kmh": 40}, "weights": {"travel": 2, "workload_balance": 1}})
        end = self.morning + timedelta(days=DAYS)
        self.span = {"start": self.morning.isoformat(), "end": end.isoformat()}
        self.team, members = team_of(client, 2)
        skilled = [user_of(client, name, skills=["windows"]) for name in ("Ana", "Bo")]
        self.users = [*members, *skilled, user_of(client, "Cy", max_hours_per_week=12)]
        self.rooms = [resource_of(client, name=f"room {i}", resource_type="room") for i in range(2)]
        self.cart = resource_of(client, name="cart", capacity=3)
        self.keys: list[int] = []
        self.absences: list[int] = []

    def moment(self) -> datetime:
        """Some time of the days that are looked at."""
        return self.morning + timedelta(days=self.random.randrange(DAYS), minutes=15 * self.random.randrange(32, 68))

    def values(self) -> Json:
        """What somebody wants."""
        choice = self.random.choice
        needs: Json = {"buffer_after_minutes": choice([0, 15]), "windows": [self.span]}
        some: Json = choice(
            [
                {"assigned_users": [choice(self.users)]},
                {"assigned_users": self.random.sample(self.users, 2), "required_resources": [choice(self.rooms)]},
                {"assigned_team": self.team},
            ]
        )
        if self.random.random() < 0.3:
            needs["resources"] = [{"resource": self.cart, "units": choice([1, 2])}]
        if self.random.random() < 0.2 and self.keys:
            needs["after"] = [{"appointment": choice(self.keys), "min_gap_minutes": 30}]
        where = dict(zip(("latitude", "longitude"), choice(PLACES), strict=True)) if self.random.random() < 0.4 else {}
        return {"title": "visit", "duration_minutes": choice([30, 60, 90]), "requirements": needs, **some, **where}

    def book(self) -> None:
        made = self.client.post("appointments/", self.values() | {"start_datetime": self.moment().isoformat()})
        if made.status_code == 201:
            self.keys.append(made.json()["id"])

    def request(self) -> None:
        made = self.client.post("appointments/", self.values() | {"status": "requested"})
        if made.status_code == 201:
            self.keys.append(made.json()["id"])
            self.hold()

    def hold(self) -> None:
        where = {"start": self.moment().isoformat(), "users": [self.random.choice(self.users)]}
        self.post("hold/", where | {"ttl": 600})

    def move(self) -> None:
        self.patch(start_datetime=self.moment().isoformat())

    def lead(self) -> None:
        if self.keys:
            first = {"appointment": self.random.choice(self.keys), "min_gap_minutes": 0}
            self.patch(requirements={"windows": [self.span], "after": [first]})

    def leave(self) -> None:
        start = self.moment()
        subject = self.random.choice([{"user": key} for key in self.users] + [{"resource": key} for key in self.rooms])
        body = {"start": start.isoformat(), "end": (start + timedelta(hours=3)).isoformat(), **subject}
        made = self.client.post("absences/", body)
        if made.status_code == 201:
            self.absences.append(made.json()["id"])

    def return_(self) -> None:
        if self.absences:
            self.client.delete(f"absences/{self.absences.pop()}/")

    def learn(self) -> None:
        skills = self.random.choice([["windows"], []])
        self.client.patch(f"users/{self.random.choice(self.users)}/", {"skills": skills})

    def retire(self) -> None:
        self.client.patch(f"users/{self.users[0]}/", {"is_active": self.random.random() < 0.5})

    def end(self) -> None:
        self.post(self.random.choice(["cancel/", "confirm/", "unschedule/", "complete/"]))

    def delete(self) -> None:
        if self.keys:
            self.client.delete(f"appointments/{self.keys.pop(self.random.randrange(len(self.keys)))}/")

    def patch(self, **values: Any) -> None:
        if self.keys:
            self.client.patch(f"appointments/{self.random.choice(self.keys)}/", values)

    def post(self, action: str, body: Json | None = None) -> None:
        if self.keys:
            self.client.post(f"appointments/{self.random.choice(self.keys)}/{action}", body)

    def change(self) -> None:
        """Let something happen, which may be refused."""
        usual = [self.book] * 8 + [self.move] * 5 + [self.request, self.hold, self.lead, self.leave, self.return_]
        rare = self.random.choice([self.learn, self.retire, self.leave])
        self.random.choice([*usual, self.end, self.end, self.end, self.delete, rare])()

    def questions(self) -> list[Json]:
        """What somebody could ask."""
        span = {"from": self.span["start"], "until": self.span["end"]}
        crew = {"duration_minutes": 60, "requirements": {"crew": [{"skills": ["windows"]}]}}
        room = {
            "duration_minutes": 90,
            "requirements": {"crew": [{"count": 2}], "resources": [{"resource_type": "room"}]},
        }
        there = dict(zip(("latitude", "longitude"), (37.6, -122.1), strict=True))
        team = {"duration_minutes": 45, "assigned_team": self.team, **there}
        wishes: list[Json] = [{"request": each} for each in (crew, room, team)]
        wishes += [{"appointment": key} for key in self.random.sample(self.keys, min(2, len(self.keys)))]
        day = {"until": (self.morning + timedelta(hours=20)).isoformat(), "with_moves": True}
        more = {"limit": 8, "spread_minutes": 0}
        return [span | more | wish for wish in wishes] + [
            span | more | day | wishes[self.random.randrange(len(wishes))]
        ]
