import pytest
from fastapi import FastAPI

from service.database import Database
from service.errors import TooManyRequests
from service.rate_limits import spend
from tests.service.accounts import Client, account
from tests.service.api.conftest import SETTINGS


@pytest.fixture
def still(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """A clock that stands, at the start of a minute, until its first item changes."""
    clock = [6000.0]
    monkeypatch.setattr("time.time", lambda: clock[0])
    return clock


def test_more_than_the_limit_has_to_wait_for_the_next_minute(database: Database, still: list[float]) -> None:
    other_process = Database(database.url.render_as_string(hide_password=False))
    for one in (database, other_process, database):
        spend(one, "login", "ana", 3)
    still[0] += 45
    with pytest.raises(TooManyRequests) as caught:
        spend(other_process, "login", "ana", 3)
    assert caught.value.seconds == 15
    spend(database, "login", "bo", 3)
    spend(database, "write", "ana", 3)
    still[0] += 15
    spend(database, "login", "ana", 3)
    other_process.close()


def test_zero_is_no_limit(database: Database) -> None:
    for _ in range(3):
        spend(database, "login", "ana", 0)


def test_too_many_logins_are_429(app: FastAPI, database: Database, still: list[float]) -> None:
    app.state.settings = SETTINGS.model_copy(update={"logins_per_minute": 2})
    nobody = Client(app, None)
    body = {"email": "ana@example.com", "password": "wrong"}
    statuses = [nobody.post("auth/login/", body).status_code for _ in range(3)]
    assert statuses == [401, 401, 429]
    answer = nobody.post("auth/login/", body | {"email": "bo@example.com"})
    assert (answer.status_code, answer.json()["code"], answer.headers["Retry-After"]) == (
        429,
        "too_many_requests",
        "60",
    )


def test_too_many_writes_are_429_and_reads_are_not(app: FastAPI, database: Database, still: list[float]) -> None:
    app.state.settings = SETTINGS.model_copy(update={"writes_per_minute": 2})
    client, other = Client(app, account(database)), Client(app, account(database))
    assert [client.post("teams/", {"name": "a"}).status_code for _ in range(3)] == [201, 201, 429]
    assert client.get("teams/").json()["count"] == 2
    assert other.post("teams/", {"name": "a"}).status_code == 201
