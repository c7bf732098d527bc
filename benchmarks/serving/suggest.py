"""Slots over HTTP: how long they take while others book, and whether indexes that followed all of it answer right."""

from __future__ import annotations

import http.client
import json
import threading
import time
from collections.abc import Generator, Sequence
from datetime import timedelta
from random import Random
from typing import Any

from benchmarks.serving.filling import HOURS, Filled
from benchmarks.serving.load import Ask

DAYS, LIMIT = 5, 5
BOOKED_IN_TEN = 1
Json = dict[str, Any]


class Asker:
    """Asks for slots of the coming week, and now and then books a free hour, so that there is something to follow.

    Parameters
    ----------
    filled
        What there is to ask for.
    seed
        Of the choices.
    """

    def __init__(self, filled: Filled, seed: int = 0) -> None:
        self.filled, self.random = filled, Random(seed)
        hours = [(day, hour + 1, user) for day in filled.days for hour in HOURS[:-1] for user in filled.world.users]
        self.random.shuffle(hours)
        self.free = iter(hours)

    def next(self) -> Ask:
        """Make the next request."""
        if self.random.randrange(10) < BOOKED_IN_TEN:
            return Ask("book", "POST", "", self.booking())
        return Ask("suggest", "POST", "suggest-slots/", self.question())

    def question(self) -> Json:
        """Ask for somebody of all, for a member of a team, for a certain person, or for somebody and a room."""
        world, choice = self.filled.world, self.random.choice
        wanted: Json = choice(
            [
                {"requirements": {"crew": [{}]}},
                {"requirements": {"crew": [{"count": 2}]}},
                {"requirements": {"crew": [{}], "team": {"any_of": [str(choice(world.teams))]}}},
                {"assigned_users": [choice(world.users)]},
                {"assigned_users": [choice(world.users)], "requirements": {"resources": [{"resource_type": "room"}]}},
            ]
        )
        monday = self.filled.monday
        return {
            "request": {"duration_minutes": choice([30, 60, 90]), **wanted},
            "from": monday.isoformat(),
            "until": (monday + timedelta(days=DAYS)).isoformat(),
            "limit": LIMIT,
        }

    def booking(self) -> Json:
        """Book an hour that nobody has booked."""
        day, hour, user = next(self.free)
        start = (day + timedelta(hours=hour)).isoformat()
        return {"title": "Visit", "start_datetime": start, "duration_minutes": 60, "assigned_users": [user]}


class Caller:
    """A connection to a server.

    Parameters
    ----------
    port, token
        Of the server, and who asks.
    """

    def __init__(self, port: int, token: str) -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=300)
        self._headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}

    def call(self, method: str, path: str, body: Json | None = None) -> tuple[int, Json]:
        """Send a request; gives the status and what was answered."""
        sent = None if body is None else json.dumps(body)
        self._connection.request(method, f"/api/scheduling/appointments/{path}", sent, self._headers)
        answer = self._connection.getresponse()
        content = answer.read()
        return answer.status, json.loads(content) if content else {}


def first_answers(ports: Sequence[int], filled: Filled) -> list[float]:
    """Ask each server for the first time; gives the seconds until it answered, its index made meanwhile."""
    seconds = []
    for port in ports:
        began = time.perf_counter()
        status, found = Caller(port, filled.world.token).call("POST", "suggest-slots/", Asker(filled).question())
        assert status == 200, found
        seconds.append(time.perf_counter() - began)
    return seconds


def change(ports: Sequence[int], filled: Filled, changes: int, clients: int = 8, seed: int = 0) -> dict[int, int]:
    """Book, move, confirm, hold and cancel from many clients at once, with a question in between.

    Parameters
    ----------
    ports, filled
        Of the servers, and what they serve.
    changes
        How many there are to be; refused ones do not count.
    clients, seed
        How many clients, and their choices.

    Returns
    -------
    How often each status was answered.
    """
    statuses: dict[int, int] = {}
    done = iter(range(changes))
    lock = threading.Lock()

    def work(number: int) -> None:
        caller, asker = Caller(ports[number % len(ports)], filled.world.token), Asker(filled, seed * clients + number)
        attempts = _changes(asker)
        method, path, body = next(attempts)
        while True:
            status, found = caller.call(method, path, body)
            with lock:
                statuses[status] = statuses.get(status, 0) + 1
                if status < 300 and path != "suggest-slots/" and next(done, None) is None:
                    return
            method, path, body = attempts.send(found if status < 300 else {})

    threads = [threading.Thread(target=work, args=(number,), daemon=True) for number in range(clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return statuses


def _changes(asker: Asker) -> Generator[tuple[str, str, Json | None], Json, None]:
    """Make up what a client tries; what became of it is sent back, nothing if it was refused."""
    random, mine = asker.random, list[int]()
    while True:
        kind = random.choice(["book", "book", "request", "move", "confirm", "cancel", "suggest"])
        if kind == "suggest":
            yield "POST", "suggest-slots/", asker.question()
        elif kind in ("book", "request"):
            wanted = asker.booking()
            start, users = wanted["start_datetime"], wanted["assigned_users"]
            if kind == "request":
                wanted = {name: value for name, value in wanted.items() if name != "start_datetime"}
                wanted["status"] = "requested"
            made = yield "POST", "", wanted
            mine += [made["id"]] if made else []
            if made and kind == "request":
                yield "POST", f"{made['id']}/hold/", {"start": start, "users": users, "ttl": random.choice([1, 3600])}
        elif mine and kind == "move":
            yield "PATCH", f"{random.choice(mine)}/", {"start_datetime": asker.booking()["start_datetime"]}
        elif mine:
            yield "POST", f"{random.choice(mine)}/{kind}/", None


def disagreements(followed: Sequence[int], fresh: int, filled: Filled, questions: int = 40) -> list[str]:
    """Ask servers that followed all changes, and one that has just begun.

    Parameters
    ----------
    followed, fresh
        Ports.
    filled
        What they serve.
    questions
        How many each is asked.

    Returns
    -------
    A sentence for each answer that differs.
    """
    asker, token = Asker(filled, 99), filled.world.token
    found = []
    for _ in range(questions):
        question = asker.question() | {"limit": 100, "spread_minutes": 0}
        expected = Caller(fresh, token).call("POST", "suggest-slots/", question)
        found += [
            f"Port {port} answers otherwise than a new server: {question}"
            for port in followed
            if Caller(port, token).call("POST", "suggest-slots/", question) != expected
        ]
    return found
