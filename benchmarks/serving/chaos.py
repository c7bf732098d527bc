"""Chaos: notifications are written while the processes that take and send them are killed, and all of them arrive.

Each is written once, however often its writer has to ask, and has a subject of its own: the mail server tells how often
it got that, and with which delivery headers.
"""

from __future__ import annotations

import http.client
import json
import threading
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import count
from typing import Any

from sqlalchemy import create_engine, text

from benchmarks.serving.killing import Process, Reaper, running
from benchmarks.serving.post import Post, open_post
from benchmarks.serving.server import SECRET
from benchmarks.serving.world import World, make_world

_BASE = "/api/scheduling"
_WRITERS = 4
Json = dict[str, Any]


@dataclass
class Chaos:
    """How it went.

    Parameters
    ----------
    asked, kills, seconds
        How many notifications, how many processes were killed, and how long it took until all had arrived.
    letters
        By subject, how often it came with each delivery header.
    statuses
        How many notifications have each status in the end.
    """

    asked: int
    kills: int = 0
    seconds: float = 0.0
    letters: dict[str, Counter[str]] = field(default_factory=dict)
    statuses: Counter[str] = field(default_factory=Counter)

    @property
    def twice(self) -> int:
        """How many letters came more than once, each time with the same header."""
        return sum(sum(keys.values()) - len(keys) for keys in self.letters.values())

    @property
    def faults(self) -> list[str]:
        """What must not be, in sentences."""
        missing = [name for number in range(self.asked) if not self.letters.get(name := subject(number))]
        found = [f"{name} did not arrive." for name in missing]
        found += [f"{name} came with several headers." for name, keys in self.letters.items() if len(keys) > 1]
        if self.statuses != Counter({"sent": self.asked}):
            found.append(f"Not all {self.asked} are sent: {dict(self.statuses)}.")
        if not self.kills and self.twice:
            found.append(f"{self.twice} came twice though nobody was killed.")
        return found

    @property
    def row(self) -> dict[str, str | int | float]:
        """The figures."""
        return {
            "notifications": self.asked,
            "arrived": len(self.letters),
            "kills": self.kills,
            "twice, same header": self.twice,
            "faults": len(self.faults),
            "seconds": round(self.seconds, 1),
        }


def subject(number: int) -> str:
    """Name a notification."""
    return f"notice {number}"


def chaos(
    url: str, notifications: int, *, kills: int, seed: int = 0, pairs: int = 2, every_seconds: float = 1.5
) -> Chaos:
    """Write notifications while processes are killed, and wait until all have arrived.

    Parameters
    ----------
    url
        An empty database.
    notifications
        How many.
    kills
        How often a process is killed at most; 0 for never.
    seed
        Of which and when.
    pairs
        How many servers there are, and as many workers.
    every_seconds
        How long it takes from one kill to the next, on average.

    Returns
    -------
    How it went.
    """
    world = make_world(url, SECRET, users=2)
    found = Chaos(notifications)
    processes = [Process(url, works=False, serves=True) for _ in range(pairs)]
    processes += [Process(url, works=True, serves=False) for _ in range(pairs)]
    with open_post() as post, running(processes):
        ports = [process.port for process in processes if process.port]
        _prepare(world, ports, post)
        began = time.perf_counter()
        reaper = Reaper(processes, seed, kills, every_seconds)
        if kills:
            reaper.start()
        _write_all(world, ports, notifications)
        _wait_until_sent(url, notifications)
        if kills:
            reaper.stop()
            _wait_until_sent(url, notifications)
        found.seconds, found.kills = time.perf_counter() - began, reaper.kills
        found.letters, found.statuses = post.letters(), _statuses(url)
    return found


def _prepare(world: World, ports: Sequence[int], post: Post) -> None:
    asker = _Asker(world, ports)
    asker.ask("PUT", f"users/{world.users[0]}/", {"email": "somebody@example.com"})
    channel = {"name": "Mail", "delivery_method": "email", "url": post.channel}
    asker.ask("POST", "notification-channels/", channel)


def _write_all(world: World, ports: Sequence[int], notifications: int) -> None:
    numbers = count()

    def write() -> None:
        asker = _Asker(world, ports)
        while (number := next(numbers)) < notifications:
            asker.write(number)

    writers = [threading.Thread(target=write) for _ in range(_WRITERS)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()


class _Asker:
    """Asks one of some servers after the other until one answers."""

    def __init__(self, world: World, ports: Sequence[int]) -> None:
        self.world, self.ports, self.turn = world, ports, 0

    def ask(self, method: str, path: str, body: Json | None = None, key: str = "") -> tuple[int, Json]:
        """Ask the server whose turn it is; status 0 if it was killed before it answered."""
        headers = {"Authorization": f"Bearer {self.world.token}", "Content-Type": "application/json"}
        headers |= {"Idempotency-Key": key} if key else {}
        connection = http.client.HTTPConnection("127.0.0.1", self.ports[self.turn % len(self.ports)], timeout=60)
        try:
            connection.request(method, f"{_BASE}/{path}", None if body is None else json.dumps(body), headers)
            answer = connection.getresponse()
            return answer.status, json.loads(answer.read() or b"{}")
        except (OSError, http.client.HTTPException, ValueError):
            self.turn += 1
            time.sleep(0.05)
            return 0, {}
        finally:
            connection.close()

    def write(self, number: int) -> None:
        """Write a notification once: after a kill, look whether it is there, and if not ask again by another key."""
        body = {
            "notification_type": "schedule_change",
            "delivery_method": "email",
            "recipients": [self.world.users[0]],
            "subject": subject(number),
            "message": "Look at the plan.",
        }
        for attempt in count():
            status, answer = self.ask("POST", "notifications/", body, f"{number}-{attempt}")
            if status == 201:
                return
            if status not in (0, 409, 503):
                raise RuntimeError(f"{status} {answer}")
            while True:
                status, answer = self.ask(
                    "GET", f"notifications/?search={subject(number).replace(' ', '%20')}&page_size=200"
                )
                if status == 200:
                    break
            if any(row["subject"] == subject(number) for row in answer["results"]):
                return


def _wait_until_sent(url: str, notifications: int, seconds: float = 600.0) -> None:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if _statuses(url)["sent"] >= notifications:
            return
        time.sleep(0.2)


def _statuses(url: str) -> Counter[str]:
    engine = create_engine(url)
    try:
        with engine.connect() as connection:
            rows = connection.execute(text("SELECT status, count(*) FROM schedule_notifications GROUP BY status"))
            return Counter({row[0]: row[1] for row in rows})
    finally:
        engine.dispose()
