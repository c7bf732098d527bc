"""The open loop: requests arrive at their own pace, whether the service keeps up or not.

Each is timed from the moment at which it should have been sent, so that waiting for a slow one counts, too.
"""

from __future__ import annotations

import http.client
import json
import os
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from queue import Queue
from random import Random
from typing import Any

import numpy as np

from benchmarks.serving.filling import HOURS, Filled

WORKERS = 32
WARM_UP = 40
"""Requests that are not counted: the first ones fill caches and prepare statements."""


@dataclass(frozen=True, slots=True)
class Ask:
    """A request."""

    kind: str
    method: str
    path: str
    body: dict[str, Any] | None = None


@dataclass
class Times:
    """Milliseconds by kind of request, and what was answered."""

    by_kind: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    statuses: dict[str, set[int]] = field(default_factory=lambda: defaultdict(set))
    lock: threading.Lock = field(default_factory=threading.Lock)

    def note(self, kind: str, status: int, milliseconds: float) -> None:
        """Note an answer."""
        with self.lock:
            self.by_kind[kind].append(milliseconds)
            self.statuses[kind].add(status)

    def rows(self) -> list[dict[str, str | int | float]]:
        """A row for each kind."""
        return [
            {
                "request": kind,
                "count": len(times),
                "median ms": round(float(np.median(times)), 1),
                "p95 ms": round(float(np.percentile(times, 95)), 1),
                "p99 ms": round(float(np.percentile(times, 99)), 1),
                "answers": " ".join(map(str, sorted(self.statuses[kind]))),
            }
            for kind, times in sorted(self.by_kind.items())
        ]


class Asker:
    """Makes requests: two lists, one check and two bookings in five.

    Parameters
    ----------
    filled
        What there is to ask for.
    seed
        Of the choices; bookings never repeat an hour that was booked before.
    """

    def __init__(self, filled: Filled, seed: int = 0) -> None:
        self.filled, self.random = filled, Random(seed)
        hours = [(day, hour + 1, user) for day in filled.days for hour in HOURS[:-1] for user in filled.world.users]
        self.random.shuffle(hours)
        self.free = iter(hours)

    def next(self) -> Ask:
        """Make the next one."""
        return self.random.choice([self.page, self.page, self.check, self.book, self.book])()

    def page(self) -> Ask:
        """A page of a day of somebody."""
        day, user = self.random.choice(self.filled.days), self.random.choice(self.filled.world.users)
        query = f"start_datetime_after={_text(day)}&start_datetime_before={_text(day + timedelta(days=1))}"
        mine = f"&assigned_user={user}" if self.random.random() < 0.5 else "&ordering=-start_datetime"
        return Ask("list", "GET", f"?{query}{mine}&page_size=50")

    def check(self) -> Ask:
        """What a booking would break."""
        day, user = self.random.choice(self.filled.days), self.random.choice(self.filled.world.users)
        start = day + timedelta(hours=self.random.choice(HOURS), minutes=30)
        span = f"start_datetime={_text(start)}&end_datetime={_text(start + timedelta(hours=1))}"
        return Ask("check", "GET", f"conflicts/?{span}&users={user}")

    def book(self) -> Ask:
        """Book an hour that is free, half of the time with a share of a cart."""
        day, hour, user = next(self.free)
        body = {
            "title": "Visit",
            "start_datetime": (day + timedelta(hours=hour)).isoformat(),
            "duration_minutes": 60,
            "assigned_users": [user],
        }
        if self.random.random() < 0.5:
            cart = self.random.choice(self.filled.world.carts)
            body["requirements"] = {"resources": [{"resource": cart, "units": 1}]}
        return Ask("book", "POST", "", body)


def _text(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def load(
    ports: Sequence[int],
    filled: Filled,
    *,
    rate: float,
    seconds: float,
    seed: int = 0,
    ask: Callable[[], Ask] | None = None,
) -> Times:
    """Send requests at a rate, and wait for all answers.

    Parameters
    ----------
    ports
        Of the servers.
    filled
        What they serve.
    rate
        Requests a second, evenly.
    seconds
        For how long, the warm-up aside.
    seed
        Of what is asked.
    ask
        Makes the next request; by default an `Asker` does.

    Returns
    -------
    How long they took.
    """
    queue, times = Queue[tuple[float, Ask, bool] | None](), Times()
    ask = ask or Asker(filled, seed).next
    workers = [
        threading.Thread(target=_work, args=(ports[i % len(ports)], filled.world.token, queue, times), daemon=True)
        for i in range(WORKERS)
    ]
    for worker in workers:
        worker.start()
    began = time.perf_counter()
    for i in range(WARM_UP + int(rate * seconds)):
        due = began + i / rate
        time.sleep(max(0.0, due - time.perf_counter()))
        queue.put((due, ask(), i >= WARM_UP))
    for _ in workers:
        queue.put(None)
    for worker in workers:
        worker.join(120)
    return times


def _work(port: int, token: str, queue: Queue[tuple[float, Ask, bool] | None], times: Times) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
    while (item := queue.get()) is not None:
        due, ask, counts = item
        sent = None if ask.body is None else json.dumps(ask.body)
        connection.request(ask.method, f"/api/scheduling/appointments/{ask.path}", sent, headers)
        answer = connection.getresponse()
        answer.read()
        if counts:
            times.note(ask.kind, answer.status, (time.perf_counter() - due) * 1000)
    connection.close()


def process_seconds(process: int) -> float:
    """Tell how much time of a processor a process has taken."""
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
