"""Requests that stand in each other's way are tried again, and nobody notices."""

import threading
from collections.abc import Iterator

import pytest
from fastapi import APIRouter, FastAPI
from sqlalchemy import select
from sqlalchemy.exc import OperationalError

from models.records import Team
from service.attempts import TRIES
from service.database import Database
from service.dependencies import Transaction
from service.idempotency import OnceRoute, once
from tests.service.accounts import Client


@pytest.fixture
def router(app: FastAPI) -> Iterator[APIRouter]:
    """A router whose routes are gone after the test."""
    before = list(app.router.routes)
    yield APIRouter(prefix="/api/scheduling", route_class=OnceRoute)
    app.router.routes[:] = before


def fails(tries: list[int], most: int, state: str) -> None:
    """Fail as the database does when it gives a transaction up, so many times."""
    tries.append(1)
    if len(tries) <= most:
        cause = Exception("deadlock detected")
        cause.sqlstate = state  # type: ignore[attr-defined]  # as psycopg does
        raise OperationalError("UPDATE", {}, cause)


@pytest.mark.parametrize("state", ["40P01", "40001"])
def test_given_up_transaction_is_tried_again_from_the_start(
    app: FastAPI, owner: Client, router: APIRouter, state: str
) -> None:
    tries: list[int] = []

    @router.post("/try/", dependencies=[once])
    def endpoint(session: Transaction, body: dict[str, str]) -> int:
        session.add(Team(name=body["name"]))
        session.flush()
        fails(tries, 2, state)
        return len(tries)

    app.include_router(router)
    for _ in range(2):
        answer = owner.post("try/", {"name": "once"}, headers={"Idempotency-Key": "a"})
        assert (answer.status_code, answer.json()) == (200, 3)
    assert owner.get("teams/").json()["count"] == 1


def test_after_the_last_try_it_is_busy_and_the_key_is_free(app: FastAPI, owner: Client, router: APIRouter) -> None:
    tries: list[int] = []

    @router.post("/try/", dependencies=[once])
    def endpoint(session: Transaction) -> int:
        fails(tries, TRIES, "40P01")
        return len(tries)

    app.include_router(router)
    answer = owner.post("try/", headers={"Idempotency-Key": "a"})
    assert (answer.status_code, answer.json()["code"], len(tries)) == (503, "busy", TRIES)
    assert owner.post("try/", headers={"Idempotency-Key": "a"}).json() == TRIES + 1


def test_other_faults_are_not_tried_again(app: FastAPI, owner: Client, router: APIRouter) -> None:
    tries: list[int] = []

    @router.post("/try/")
    def endpoint(session: Transaction) -> int:
        fails(tries, 1, "23P01")
        return len(tries)

    app.include_router(router)
    answer = owner.post("try/")
    assert (answer.status_code, answer.json()["code"], len(tries)) == (409, "slot_taken", 1)


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_real_deadlock_is_not_shown(app: FastAPI, database: Database, owner: Client, router: APIRouter) -> None:
    teams = [owner.made("teams/", {"name": name})["id"] for name in "ab"]
    both = threading.Barrier(2, timeout=20)
    waited: list[int] = []

    @router.post("/try/{first}/{second}/")
    def endpoint(session: Transaction, first: int, second: int) -> int:
        for i, key in enumerate((first, second)):
            session.scalars(select(Team.id).where(Team.id == key).with_for_update()).one()
            if not i and len(waited) < 2:
                waited.append(key)
                both.wait()
        return second

    app.include_router(router)
    answers: dict[int, int] = {}

    def ask(first: int, second: int) -> None:
        answers[first] = Client(app, owner.who).post(f"try/{first}/{second}/").status_code

    threads = [threading.Thread(target=ask, args=pair) for pair in (teams, teams[::-1])]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert answers == dict.fromkeys(teams, 200)
