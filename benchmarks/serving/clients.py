"""Clients that book, move, cancel and hold at random, all at once, over the same few people and things."""

from __future__ import annotations

import http.client
import json
import threading
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

from benchmarks.serving.world import World

START = datetime(2027, 3, 1, 8, tzinfo=UTC)
DAYS, SLOTS, STEP_MINUTES = 10, 96, 5
Json = dict[str, Any]


@dataclass
class Tally:
    """What clients were answered, shared by all of them.

    Parameters
    ----------
    left
        How many attempts may still begin.
    answers
        How often each action was answered with each status and code.
    faults
        Answers that must not be: a status of 500 or more, or a deadlock.
    booked
        Appointments that were made.
    """

    left: int
    answers: Counter[tuple[str, int, str]] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)
    booked: list[int] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def begin(self) -> bool:
        """Take one of the attempts that are left."""
        with self.lock:
            self.left -= 1
            return self.left >= 0

    def note(self, action: str, status: int, answer: Json, seconds: float) -> None:
        """Note an answer."""
        code = str(answer.get("code", ""))
        with self.lock:
            self.answers[action, status, code] += 1
            self.seconds.append(seconds)
            if status >= 500 or "deadlock" in str(answer.get("detail", "")).lower():
                self.faults.append(f"{action}: {status} {answer}")
            if status == 201:
                self.booked.append(answer["id"])

    def some(self, random: Random) -> int:
        """Choose one of the appointments that were made, 0 for none."""
        with self.lock:
            return random.choice(self.booked) if self.booked else 0


class Client:
    """One of them, with a connection of its own.

    Parameters
    ----------
    world, port
        Where it books.
    tally
        What it notes.
    seed
        Of its choices.
    """

    def __init__(self, world: World, port: int, tally: Tally, seed: int) -> None:
        self.world, self.tally, self.random = world, tally, Random(seed)
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=120)

    def run(self) -> None:
        """Go on until no attempts are left, or the server is gone."""
        actions: Sequence[tuple[int, Callable[[], None]]] = (
            (50, self.book),
            (20, self.move),
            (12, self.cancel),
            (18, self.hold),
        )
        weights = [weight for weight, _ in actions]
        try:
            while self.tally.begin():
                self.random.choices(actions, weights)[0][1]()
        except (OSError, http.client.HTTPException):
            return
        finally:
            self.connection.close()

    def book(self) -> None:
        """Book somebody or something for half an hour to two."""
        more = {"assigned_users": "users", "assigned_team": "team", "required_resources": "resources"}
        wanted = self.wanted()
        body = {name: wanted[short] for name, short in more.items() if short in wanted}
        needs: Json = {"buffer_after_minutes": self.random.choice([0, 0, 10])}
        if "units" in wanted:
            needs["resources"] = [{"resource": wanted["units"], "units": self.random.randint(1, 2)}]
        times = {"start_datetime": self.start(), "duration_minutes": self.random.choice([30, 60, 90, 120])}
        self.ask("book", "POST", "", {"title": "storm", "requirements": needs} | times | body)

    def move(self) -> None:
        """Move what was booked, perhaps to other people."""
        body: Json = {"start_datetime": self.start()}
        if self.random.random() < 0.3:
            body["assigned_users"] = self.random.sample(self.world.users, 1)
        if key := self.tally.some(self.random):
            self.ask("move", "POST", f"{key}/reschedule/", body)

    def cancel(self) -> None:
        """Cancel, unschedule or delete what was booked."""
        if key := self.tally.some(self.random):
            way = self.random.randrange(3)
            if way == 2:
                self.ask("delete", "DELETE", f"{key}/", None)
            else:
                self.ask("cancel", "POST", f"{key}/{('cancel', 'unschedule')[way]}/", {})

    def hold(self) -> None:
        """Request, hold, and mostly confirm."""
        body = {"title": "storm", "status": "requested", "duration_minutes": 60}
        status, made = self.ask("request", "POST", "", body)
        if status == 201:
            wanted = {name: key for name, key in self.wanted().items() if name != "units"}
            body = {"start": self.start(), "ttl": self.random.choice([1, 60])} | wanted
            status, _ = self.ask("hold", "POST", f"{made['id']}/hold/", body)
            if status == 200 and self.random.random() < 0.7:
                self.ask("confirm", "POST", f"{made['id']}/confirm/", {})

    def wanted(self) -> Json:
        """Choose people, a team or things."""
        way = self.random.randrange(5)
        if way == 0:
            return {"team": self.random.choice(self.world.teams)}
        if way == 1:
            return {"resources": [self.random.choice(self.world.rooms)]}
        if way == 2:
            return {"units": self.random.choice(self.world.carts)}
        users = self.random.sample(self.world.users, self.random.randint(1, 2))
        return {"users": users} | ({"resources": [self.random.choice(self.world.rooms)]} if way == 3 else {})

    def start(self) -> str:
        """Choose a start."""
        day, slot = self.random.randrange(DAYS), self.random.randrange(SLOTS)
        return (START + timedelta(days=day, minutes=slot * STEP_MINUTES)).isoformat()

    def ask(self, action: str, method: str, path: str, body: Json | None) -> tuple[int, Json]:
        """Send a request and note the answer."""
        headers = {"Authorization": f"Bearer {self.world.token}", "Content-Type": "application/json"}
        began = time.perf_counter()
        sent = None if body is None else json.dumps(body)
        self.connection.request(method, f"/api/scheduling/appointments/{path}", sent, headers)
        answer = self.connection.getresponse()
        content = answer.read()
        found: Json = json.loads(content) if content else {}
        self.tally.note(action, answer.status, found, time.perf_counter() - began)
        return answer.status, found


def unleash(world: World, ports: Sequence[int], tally: Tally, clients: int, seed: int = 0) -> list[threading.Thread]:
    """Start clients, each in a thread, spread over the servers.

    Parameters
    ----------
    world
        What they book.
    ports
        Of the servers.
    tally
        Whose attempts they use up.
    clients
        How many.
    seed
        Of their choices.

    Returns
    -------
    The threads, started.
    """
    made = [Client(world, ports[i % len(ports)], tally, seed * clients + i) for i in range(clients)]
    threads = [threading.Thread(target=client.run, daemon=True) for client in made]
    for thread in threads:
        thread.start()
    return threads
