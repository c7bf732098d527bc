"""Many clients book the same few at once: nobody is booked twice, whatever happens to the server."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from benchmarks.serving.audit import audit
from benchmarks.serving.clients import Client, Tally, unleash
from benchmarks.serving.server import SECRET, Server
from benchmarks.serving.storm import storm
from benchmarks.serving.world import World, make_world
from models.records import Appointment, AppointmentResource, AppointmentUser
from models.records.requirements import Requirements
from service.database import Database

KINDS = ("sqlite", "postgresql")


@pytest.mark.parametrize(("kind", "processes"), [("sqlite", 1), ("postgresql", 2)])
def test_storm_books_nobody_twice(migrated_url: Callable[[str], str], kind: str, processes: int) -> None:
    found = storm(migrated_url(kind), 500, processes=processes)
    assert found.audit.twice == []
    assert found.audit.halves == []
    assert found.tally.faults == []
    answers = found.tally.answers
    assert found.audit.busy > 30
    assert answers["book", 201, ""] > 30
    assert answers["book", 409, "slot_taken"] > 10
    assert answers["confirm", 200, ""] > 5


@pytest.mark.parametrize("kind", KINDS)
def test_killed_server_leaves_nothing_half_written(migrated_url: Callable[[str], str], kind: str) -> None:
    url = migrated_url(kind)
    world, server, tally = make_world(url, SECRET), Server(url), Tally(10**6)
    server.start()
    threads = unleash(world, [server.port], tally, 8)
    until = time.monotonic() + 40
    while len(tally.booked) < 30 and time.monotonic() < until:
        time.sleep(0.02)
    server.kill()
    for thread in threads:
        thread.join(30)
    assert len(tally.booked) >= 30
    after = audit(url)
    assert (after.twice, after.halves, tally.faults) == ([], [], [])
    server.start()
    try:
        again = Tally(20)
        for thread in unleash(world, [server.port], again, 2, seed=1):
            thread.join(60)
        assert again.faults == []
        assert len(again.booked) > 3
    finally:
        server.stop()
    assert audit(url).twice == []


@pytest.fixture
def world_of(migrated_url: Callable[[str], str]) -> tuple[str, World]:
    url = migrated_url("sqlite")
    return url, make_world(url, SECRET)


def insert(url: str, *rows: Appointment) -> None:
    """Write appointments past the service: nobody checks them, and nothing is taken for them."""
    database = Database(url)
    with database.everywhere() as session:
        session.add_all(rows)
        session.commit()
    database.close()


def appointment(world: World, start: int, end: int, **more: Any) -> Appointment:
    times = (datetime(2027, 3, 1, hour, tzinfo=UTC) for hour in (start, end))
    return Appointment(
        organization_id=world.organization,
        title="a",
        start_datetime=next(times),
        end_datetime=next(times),
        duration_minutes=(end - start) * 60,
        **more,
    )


def test_audit_finds_who_is_booked_twice_and_what_is_half_written(world_of: tuple[str, World]) -> None:
    url, world = world_of
    assert audit(url).twice == []
    user = [AppointmentUser(user_id=world.users[0])]
    buffer = Requirements(buffer_after_minutes=5)
    insert(url, appointment(world, 9, 10, user_links=user, requirements=buffer))
    insert(url, appointment(world, 10, 11, user_links=[AppointmentUser(user_id=world.users[0])]))
    insert(url, appointment(world, 9, 11, user_links=[AppointmentUser(user_id=world.users[0])], status="cancelled"))
    found = audit(url)
    assert found.busy == 2
    assert [line.partition(":")[0] for line in found.twice] == [f"user {world.users[0]}"]
    assert len(found.halves) == 2


def test_audit_counts_units_and_teams(world_of: tuple[str, World]) -> None:
    url, world = world_of
    cart, team = world.carts[0], world.teams[0]
    for units in (1, 2, 1):
        links = [AppointmentResource(resource_id=cart, units=units)]
        insert(url, appointment(world, 9, 10, resource_links=links, assigned_team_id=team))
    assert sorted(line.partition(":")[0] for line in audit(url).twice) == [f"resource {cart}", f"team {team}"]


def test_clients_differ_and_repeat(world_of: tuple[str, World]) -> None:
    first, same, other = (Client(world_of[1], 1, Tally(0), seed) for seed in (1, 1, 2))
    starts = [[client.start() for _ in range(5)] for client in (first, same, other)]
    assert starts[0] == starts[1] != starts[2]
