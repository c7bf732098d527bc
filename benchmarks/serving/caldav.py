"""The soak of calendars: edits on both sides, faults on the way between them, and at the end both say the same."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from time import perf_counter
from typing import Any

import requests
from pydantic import SecretStr
from sqlalchemy import select

from benchmarks.serving.caldav_audit import differences
from benchmarks.serving.caldav_proxy import Proxy, proxied
from benchmarks.serving.caldav_server import Radicale, radicale
from benchmarks.serving.caldav_world import Calendar, World
from benchmarks.serving.server import SECRET
from models.enums import ConflictStatus
from models.errors import TidyplanError
from models.records import (
    CalendarState,
    ScheduleConflict,
    ScheduleIntegration,
)
from models.records.sealed import SealedText
from service import migrations
from service.calendars import dav
from service.calendars.review import RULE
from service.calendars.sync import Outcome, sync
from service.database import Database
from service.jobs.job import Interrupted, Job
from service.jobs.queue import make_tables
from service.keyring import Keyring
from service.runs.local import at_work
from service.settings import Settings

HASTE_SECONDS = 2.0
"""How long an answer is waited for while things go wrong."""

ROUNDS = 12
_MEDDLING = 0.04
_DYING = 0.01


@dataclass
class Soak:
    """How a soak went.

    Parameters
    ----------
    edits, faults, syncs
        What was done, what went wrong on the way, and how synchronizations ended; by kind.
    exchanged
        Files read, written and deleted.
    differences
        Where the two sides do not agree at the end, in sentences.
    seconds, quiet_requests
        How long it took; how many requests a synchronization without changes takes.
    """

    edits: Counter[str] = field(default_factory=Counter)
    faults: Counter[str] = field(default_factory=Counter)
    syncs: Counter[str] = field(default_factory=Counter)
    exchanged: Counter[str] = field(default_factory=Counter)
    differences: list[str] = field(default_factory=list)
    seconds: float = 0.0
    quiet_requests: float = 0.0

    @property
    def rows(self) -> list[tuple[str, str]]:
        """The figures."""
        told = [("edits", sum(self.edits.values())), *sorted(self.edits.items())]
        told += [*sorted(self.faults.items()), *sorted(self.syncs.items()), *sorted(self.exchanged.items())]
        rows = [(name, str(count)) for name, count in told]
        rows += [("requests of a sync without changes", f"{self.quiet_requests:g}"), ("seconds", f"{self.seconds:.0f}")]
        return [*rows, ("differences at the end", str(len(self.differences)))]


class Syncing:
    """Synchronizes the calendars of a world in this process, as workers do.

    Parameters
    ----------
    world
        Whose.
    settings
        That allow loopback.
    """

    def __init__(self, world: World, settings: Settings) -> None:
        self.world, self.settings = world, settings
        self.stopping = threading.Event()

    def once(self, calendar: Calendar) -> Outcome | None:
        """Synchronize one calendar."""
        with at_work(self.world.database, self.settings) as host:
            host = replace(host, stopping=self.stopping)
            job = Job("soak", "sync", self.world.organization, {}, host)
            with job.reading() as session:
                record = session.get_one(ScheduleIntegration, calendar.integration)
            return sync(job, record)

    def free(self, calendar: Calendar) -> None:
        """Let the lease of a worker that died run out."""
        with self.world.database.everywhere() as session:
            state = session.scalars(
                select(CalendarState).where(CalendarState.integration_id == calendar.integration)
            ).one_or_none()
            if state is not None:
                state.leased_until = None
            session.commit()


def soak(database: Database, server: Radicale, edits: int, seed: int = 0, *, restarts: int = 0, every: int = 6) -> Soak:
    """Edit both sides at random, synchronize over a faulty way, and compare.

    Parameters
    ----------
    database, server
        Migrated; started.
    edits, seed
        How many edits, and their chance.
    restarts
        How often the server is killed and started again.
    every
        After how many edits a calendar is synchronized.

    Returns
    -------
    How it went.
    """
    began, soaked = perf_counter(), Soak()
    with proxied(server.port, seed) as proxy:
        world = World(database, server, proxy.url, seed)
        syncing = Syncing(world, settings_for(database))
        with _hasty(), _meddled(proxy, world, syncing):
            for number in range(1, edits + 1):
                world.edit()
                if restarts and number % max(1, edits // (restarts + 1)) == 0:
                    server.stop()
                    _sync(syncing, world.chance.choice(world.calendars), soaked)
                    server.start()
                    soaked.faults["server restarts"] += 1
                if number % every == 0:
                    _sync(syncing, world.chance.choice(world.calendars), soaked)
        soaked.faults += proxy.happened
        _settle(syncing, soaked)
        before = proxy.happened["requests"]
        for calendar in world.calendars:
            _sync(syncing, calendar, soaked)
        soaked.quiet_requests = (proxy.happened["requests"] - before) / len(world.calendars)
    for calendar in world.calendars:
        soaked.differences += differences(world, calendar)
    soaked.edits, soaked.seconds = world.done, perf_counter() - began
    return soaked


def soak_alone(url: str, folder: Path, edits: int, seed: int) -> Soak:
    """Soak on an empty database, with a server of its own."""
    database = Database(url)
    SealedText.use(Keyring([SECRET]).seal())
    migrations.upgrade(database.engine)
    make_tables(database)
    try:
        with radicale(folder) as server:
            return soak(database, server, edits, seed, restarts=max(1, edits // 200))
    finally:
        database.close()


def settings_for(database: Database) -> Settings:
    """Settings under which loopback may be connected to."""
    url = database.url.render_as_string(hide_password=False)
    return Settings(database_url=url, secret_key=SecretStr(SECRET), outgoing_allow="127.0.0.1")


def _sync(syncing: Syncing, calendar: Calendar, soaked: Soak) -> bool:
    """Synchronize, and note how it ended; tells whether it ended well."""
    try:
        outcome = syncing.once(calendar)
    except TidyplanError as error:
        soaked.syncs[f"sync: {type(error).__name__}"] += 1
        return False
    except Interrupted:
        syncing.stopping.clear()
        syncing.free(calendar)
        soaked.syncs["sync: worker died"] += 1
        return False
    soaked.syncs["sync: done"] += 1
    if outcome is not None:
        soaked.exchanged.update(read=outcome.read, written=outcome.written, deleted=outcome.removed)
    return outcome is not None


def _settle(syncing: Syncing, soaked: Soak) -> None:
    """Synchronize and decide until nothing is left to do."""
    world = syncing.world
    for _ in range(ROUNDS):
        before = soaked.exchanged.total()
        done = [_sync(syncing, calendar, soaked) for calendar in world.calendars]
        with world.database.session(world.caller) as session:
            open_ = select(ScheduleConflict).where(
                ScheduleConflict.rule == RULE, ScheduleConflict.status != ConflictStatus.RESOLVED
            )
            conflicts = session.scalars(open_.order_by(ScheduleConflict.id)).all()
            for conflict in conflicts:
                world.decide(session, conflict)
            session.commit()
        if all(done) and not conflicts and soaked.exchanged.total() == before:
            return


@contextmanager
def _hasty() -> Iterator[None]:
    patient, dav.SECONDS = dav.SECONDS, HASTE_SECONDS
    try:
        yield
    finally:
        dav.SECONDS = patient


@contextmanager
def _meddled(proxy: Proxy, world: World, syncing: Syncing) -> Iterator[None]:
    """Let things go wrong, others edit between two requests, and workers die between them."""
    lock: Any = threading.Lock()

    def meddle() -> None:
        with lock:
            if world.chance.random() < _MEDDLING:
                with suppress(requests.ConnectionError):  # the server is down
                    world.outside()
            if world.chance.random() < _DYING:
                syncing.stopping.set()

    proxy.faulty, proxy.meddle = True, meddle
    try:
        yield
    finally:
        proxy.faulty, proxy.meddle = False, None
        syncing.stopping.clear()
