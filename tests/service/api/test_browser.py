from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy import select

from models.records import RefreshSession, Role, User
from service.database import Database
from service.passwords import hashed
from service.sessions import COOKIE, CSRF_HEADER
from tests.service.accounts import BASE, account

EMAIL, PASSWORD = "ana@example.com", "correct horse battery"
SESSION = f"{BASE}/auth/session/"


def browser(app: FastAPI, database: Database, role: Role = Role.PLANNER) -> TestClient:
    who = account(database, role)
    with database.everywhere() as session:
        user = session.get_one(User, who.user)
        user.email, user.password_hash = EMAIL, hashed(PASSWORD)
        session.commit()
    return TestClient(app, base_url="https://testserver")


def logged_in(client: TestClient) -> dict[str, Any]:
    answer = client.post(SESSION, json={"email": EMAIL, "password": PASSWORD})
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


def test_login_gives_a_cookie_that_scripts_and_other_sites_do_not_get(app: FastAPI, database: Database) -> None:
    client = browser(app, database)
    answer = client.post(SESSION, json={"email": EMAIL, "password": PASSWORD})
    cookie = answer.headers["Set-Cookie"]
    assert cookie.startswith(f"{COOKIE}=")
    assert {"HttpOnly", "Secure", "SameSite=strict", f"Path={BASE}"} <= set(cookie.split("; "))
    assert answer.headers["Cache-Control"] == "no-store"
    body = answer.json()
    assert (body["role"], body["organization"]["timezone"]) == ("planner", "America/Los_Angeles")
    assert body["rights"]["appointments"] == ["*"]
    assert body["rights"]["audit-log"] == ["read"]
    assert client.get(SESSION).json() == body


def test_wrong_password_gives_nothing(app: FastAPI, database: Database) -> None:
    client = browser(app, database)
    answer = client.post(SESSION, json={"email": EMAIL, "password": "wrong"})
    assert answer.status_code == 401
    assert "Set-Cookie" not in answer.headers
    assert client.get(SESSION).status_code == 401


def test_changes_by_cookie_need_the_token_that_other_sites_do_not_know(app: FastAPI, database: Database) -> None:
    client = browser(app, database)
    csrf = logged_in(client)["csrf_token"]
    body = {"name": "here", "latitude": 0, "longitude": 0}
    at = f"{BASE}/locations/"
    assert client.get(at).status_code == 200
    for sent in ({}, {CSRF_HEADER: ""}, {CSRF_HEADER: csrf[:-1] + "?"}):
        refused = client.post(at, json=body, headers=sent)
        assert (refused.status_code, refused.json()["code"]) == (403, "forbidden")
    assert client.get(at).json()["count"] == 0
    assert client.post(at, json=body, headers={CSRF_HEADER: csrf}).status_code == 201


def test_token_goes_before_a_cookie(app: FastAPI, database: Database) -> None:
    client = browser(app, database)
    logged_in(client)
    other = account(database, Role.VIEWER)
    claims = {"sub": str(other.user), "org": str(other.organization), "use": "access"}
    bearer = {"Authorization": f"Bearer {app.state.keyring.sign(claims, 600)}"}
    seen = client.get(SESSION, headers=bearer).json()
    assert (seen["user"], seen["csrf_token"]) == (other.user, None)


def test_logout_ends_the_login(app: FastAPI, database: Database) -> None:
    client = browser(app, database)
    csrf = logged_in(client)["csrf_token"]
    cookie = client.cookies[COOKIE]
    assert client.delete(SESSION).status_code == 403
    assert client.delete(SESSION, headers={CSRF_HEADER: csrf}).status_code == 204
    assert COOKIE not in client.cookies
    assert client.get(SESSION, headers={"Cookie": f"{COOKIE}={cookie}"}).status_code == 401
    assert client.delete(SESSION).status_code == 204


def test_new_password_ends_the_logins_of_browsers(app: FastAPI, database: Database) -> None:
    client = browser(app, database)
    login = logged_in(client)
    body = {"password": "another horse", "current_password": PASSWORD}
    changed = client.post(
        f"{BASE}/users/{login['user']}/set-password/", json=body, headers={CSRF_HEADER: login["csrf_token"]}
    )
    assert changed.status_code == 204
    assert client.get(SESSION).status_code == 401


@pytest.mark.parametrize("change", ["expired", "inactive"])
def test_login_does_not_outlive_its_time_or_its_user(app: FastAPI, database: Database, change: str) -> None:
    client = browser(app, database)
    login = logged_in(client)
    with database.everywhere() as session:
        if change == "expired":
            found = session.scalars(select(RefreshSession)).one()
            found.expires_at = found.created_at
        else:
            session.get_one(User, login["user"]).is_active = False
        session.commit()
    assert client.get(SESSION).status_code == 401


def test_cookie_is_no_refresh_token(app: FastAPI, database: Database) -> None:
    client = browser(app, database)
    logged_in(client)
    refused = client.post(f"{BASE}/auth/refresh/", json={"refresh_token": client.cookies[COOKIE]})
    assert refused.status_code == 401
    assert client.get(SESSION).status_code == 200
