"""Indexes are made once, followed cheaply, bounded in number, and never behind."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from time import sleep

import pytest
from fastapi import FastAPI

from models.records.base import now
from models.suggestion import SlotQuery
from service.callers import the_service
from service.database import Database
from service.snapshot import Booking
from service.snapshot.bookings import Seat
from service.suggesting import Keeping, keeping as module
from service.suggesting.keeping import Found, following
from service.suggesting.kept import Kept
from tests.service.accounts import Client, Json, Statements, account
from tests.service.booking.visits import request, user_of

MOST_STATEMENTS = 12
"""Who asks, the limit on requests, ids in the request, what has changed, and the few tables of an appointment."""


ONE_DATABASE = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


@pytest.fixture
def morning() -> datetime:
    """Of the day after tomorrow."""
    return now().replace(hour=8, minute=0, second=0, microsecond=0) + timedelta(days=2)


def book(client: Client, start: datetime, *users: int) -> int:
    body = {"title": "visit", "start_datetime": start.isoformat(), "duration_minutes": 60, "assigned_users": users}
    return int(client.made("appointments/", body)["id"])


def slots(client: Client, morning: datetime, **wish: object) -> list[Json]:
    span = {"from": morning.isoformat(), "until": (morning + timedelta(hours=3)).isoformat(), "spread_minutes": 0}
    answer = client.post("appointments/suggest-slots/", span | {"limit": 50} | wish)
    assert answer.status_code == 200, answer.text
    return list(answer.json()["suggestions"])


def test_a_question_reads_what_has_changed_and_nothing_else(
    database: Database, owner: Client, morning: datetime
) -> None:
    ana = user_of(owner, "Ana")
    wish = {"request": {"duration_minutes": 60, "assigned_users": [ana]}}
    visit = book(owner, morning, ana)
    counts = []
    for day in range(1, 4):
        slots(owner, morning, **wish)
        statements = Statements(database.engine)
        slots(owner, morning, **wish)
        slots(owner, morning, appointment=visit)
        counts.append(len(statements.seen))
        assert not [each for each in statements.seen if "absences" in each or "schedule_rules" in each]
        for hour in range(day):
            book(owner, morning + timedelta(days=day, hours=hour), ana)
    assert counts[0] == counts[2] <= 2 * MOST_STATEMENTS


def test_held_slots_can_always_be_confirmed(app: FastAPI, owner: Client, morning: datetime) -> None:
    users = [user_of(owner, name) for name in ("Ana", "Bo")]
    wanted: Json = {"requirements": {"crew": [{}], "users": {"allowed": [str(key) for key in users]}}}
    keys = [owner.made("appointments/", request(**wanted))["id"] for _ in range(6)]

    def get(key: int) -> tuple[str, int]:
        client = Client(app, owner.who)
        while True:
            slot = slots(client, morning, appointment=key)[0]
            held = client.post(f"appointments/{key}/hold/", {"start": slot["start"], "users": slot["users"]})
            if held.status_code == 200:
                confirmed = client.post(f"appointments/{key}/confirm/")
                assert confirmed.status_code == 200, confirmed.text
                return slot["start"], slot["users"][0]
            assert held.json()["code"] == "slot_taken", held.text

    with ThreadPoolExecutor(3) as pool:
        found = list(pool.map(get, keys))
    assert len(set(found)) == len(keys)
    left = slots(owner, morning, request={"duration_minutes": 60, **wanted})
    assert not {(each["start"], each["users"][0]) for each in left}.intersection(found)


def test_a_hold_that_is_over_frees_its_time(database: Database, owner: Client, morning: datetime) -> None:
    ana = user_of(owner, "Ana")
    key = owner.made("appointments/", request(assigned_users=[ana]))["id"]
    owner.post(f"appointments/{key}/hold/", {"start": morning.isoformat(), "users": [ana], "ttl": 60})
    query = SlotQuery.model_validate({"from": morning, "until": morning + timedelta(hours=1)})
    wish = Booking(minutes=60, seats=(Seat(ana),))
    moment = now()
    with database.moment(the_service(owner.organization)) as session:
        kept = Kept(session, moment.replace(second=0, microsecond=0), morning + timedelta(days=1), moment)
        assert kept.follow(session, moment + timedelta(seconds=30))
        assert kept.suggest(wish, query).possible == 0
        assert kept.follow(session, moment + timedelta(seconds=90))
        assert kept.suggest(wish, query).possible == 1


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Organizations of which an index was made."""
    found, make = list[int](), Keeping._made

    def note(self: Keeping, session: object, moment: datetime) -> Kept:
        kept = make(self, session, moment)  # type: ignore[arg-type]  # a session
        found.append(kept._owner)
        return kept

    monkeypatch.setattr(Keeping, "_made", note)
    return found


def ask(keeping: Keeping, database: Database, organization: int, days: int = 1) -> object:
    with database.moment(the_service(organization)) as session:
        until = now().replace(second=0, microsecond=0) + timedelta(days=days)
        return keeping.find(session, Booking(minutes=60), SlotQuery(until=until))


@ONE_DATABASE
def test_indexes_are_kept_for_those_who_asked_last(database: Database, made: list[int]) -> None:
    one, two, three = (account(database).organization for _ in range(3))
    keeping = Keeping(2, 14)
    for organization in (one, two, one, three, one, two):
        assert isinstance(ask(keeping, database, organization), Found)
    assert made == [one, two, three, two]
    assert not isinstance(ask(Keeping(0, 14), database, one), Found)


@ONE_DATABASE
def test_what_lies_beyond_the_horizon_is_read_for_the_question(database: Database, made: list[int]) -> None:
    organization = account(database).organization
    keeping = Keeping(2, 3)
    assert not isinstance(ask(keeping, database, organization, days=4), Found)
    assert made == []
    assert isinstance(ask(keeping, database, organization, days=3), Found)


@ONE_DATABASE
def test_changed_rules_make_an_index_anew_before_the_next_question(
    database: Database, owner: Client, made: list[int]
) -> None:
    keeping = Keeping(2, 14)
    ask(keeping, database, owner.organization)
    user_of(owner, "Ana")
    keeping.catch_up(database)
    ask(keeping, database, owner.organization)
    keeping.catch_up(database)
    assert len(made) == 2


@ONE_DATABASE
def test_an_old_index_gets_a_successor_before_its_horizon_is_reached(
    database: Database, made: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    organization, keeping = account(database).organization, Keeping(2, 14)
    ask(keeping, database, organization)
    for hours in (11, 13, 14):
        later = now() + timedelta(hours=hours)
        monkeypatch.setattr(module, "present", lambda later=later: later)
        keeping.catch_up(database)
    assert len(made) == 2


@ONE_DATABASE
def test_indexes_follow_by_themselves_while_a_server_runs(
    database: Database, owner: Client, made: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "POLL_SECONDS", 0.02)
    keeping = Keeping(2, 14)
    ask(keeping, database, owner.organization)
    user_of(owner, "Ana")
    with following(keeping, database):
        until = now() + timedelta(seconds=60)
        while len(made) < 2 and now() < until:
            sleep(0.01)
    assert len(made) == 2
