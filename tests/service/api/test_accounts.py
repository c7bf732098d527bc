from datetime import timedelta
from typing import Any

import pytest
from fastapi import FastAPI

from models.records import ApiKey, User
from models.records.base import now
from service.bootstrap import ensure_owner
from service.database import Database
from service.keyring import Keyring
from tests.service.accounts import Client, account


@pytest.fixture
def nobody(app: FastAPI) -> Client:
    return Client(app, None)


def login(client: Client, **more: Any) -> Any:
    return client.post("auth/login/", {"email": "OWNER@example.com", "password": "correct horse", **more})


@pytest.fixture
def password(owner: Client) -> Client:
    """The owner with a password."""
    owner.patch(f"users/{owner.user}/", {"email": "owner@example.com"})
    answer = owner.post(f"users/{owner.user}/set-password/", {"password": "correct horse"})
    assert answer.status_code == 204
    return owner


def test_login_gives_a_token_that_works(password: Client, nobody: Client) -> None:
    answer = login(nobody)
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "no-store"
    nobody.http.headers["Authorization"] = f"Bearer {answer.json()['access_token']}"
    assert nobody.get("organization/").json()["id"] == answer.json()["organization"]


@pytest.mark.parametrize("wrong", [{"password": "wrong"}, {"email": "nobody@example.com"}, {"organization": 99}])
def test_login_tells_nothing_about_what_was_wrong(password: Client, nobody: Client, wrong: dict[str, Any]) -> None:
    answer = login(nobody, **wrong)
    assert (answer.status_code, answer.json()["detail"]) == (401, "The email or the password is wrong.")


def test_user_who_is_no_longer_active_is_out_at_once(
    app: FastAPI, database: Database, password: Client, nobody: Client
) -> None:
    other = Client(app, account(database, organization=password.organization))
    other.patch(f"users/{password.user}/", {"is_active": False})
    assert password.get("teams/").status_code == 401
    assert login(nobody).status_code == 401


def test_login_asks_which_organization(app: FastAPI, database: Database, password: Client, nobody: Client) -> None:
    second = account(database)
    with database.everywhere() as session:
        user = session.get_one(User, second.user)
        user.email = "owner@example.com"
        user.password_hash = session.get_one(User, password.user).password_hash
        session.commit()
    assert login(nobody).json()["errors"][0]["field"] == "organization"
    assert login(nobody, organization=second.organization).json()["user"] == second.user


def test_refresh_token_is_good_for_one_use_and_a_second_one_ends_the_login(password: Client, nobody: Client) -> None:
    first = login(nobody).json()["refresh_token"]
    second = nobody.post("auth/refresh/", {"refresh_token": first})
    assert second.status_code == 200
    assert nobody.post("auth/refresh/", {"refresh_token": first}).status_code == 401
    assert nobody.post("auth/refresh/", {"refresh_token": second.json()["refresh_token"]}).status_code == 401


def test_logout_ends_the_login(password: Client, nobody: Client) -> None:
    token = login(nobody).json()["refresh_token"]
    assert nobody.post("auth/logout/", {"refresh_token": token}).status_code == 204
    assert nobody.post("auth/refresh/", {"refresh_token": token}).status_code == 401


def test_new_password_ends_all_logins(password: Client, nobody: Client) -> None:
    token = login(nobody).json()["refresh_token"]
    at = f"users/{password.user}/set-password/"
    assert password.post(at, {"password": "another horse"}).status_code == 403
    change = {"password": "another horse", "current_password": "correct horse"}
    assert password.post(at, change).status_code == 204
    assert nobody.post("auth/refresh/", {"refresh_token": token}).status_code == 401
    assert login(nobody).status_code == 401


@pytest.mark.parametrize("token", ["", "nonsense", "tp_nonsense", "a.b.c", "é"])
def test_wrong_token_is_401(nobody: Client, token: str) -> None:
    headers = [(b"Authorization", f"Bearer {token}".encode())]
    assert nobody.get("teams/", headers=headers).status_code == 401


def test_old_token_and_one_signed_by_another_key_are_401(app: FastAPI, owner: Client, nobody: Client) -> None:
    claims = {"sub": str(owner.user), "org": str(owner.organization), "use": "access"}
    for token in (app.state.keyring.sign(claims, -10), Keyring(["other"]).sign(claims, 600)):
        nobody.http.headers["Authorization"] = f"Bearer {token}"
        assert nobody.get("teams/").status_code == 401


def test_keyring_reads_what_an_older_key_signed() -> None:
    old, rotated = Keyring(["old"]), Keyring(["new", "old"])
    assert rotated.read(old.sign({"sub": "1"}, 60)) is not None
    assert old.read(rotated.sign({"sub": "1"}, 60)) is None
    sealed = old.seal().close("hush")
    assert rotated.seal().open(sealed) == "hush"
    assert Keyring(["new"]).seal().open(rotated.resealed(sealed)) == "hush"


def test_api_key_acts_within_its_scopes_until_it_is_revoked(owner: Client, nobody: Client) -> None:
    made = owner.made("api-keys/", {"name": "site", "scopes": ["teams:read"]})
    nobody.http.headers["Authorization"] = f"Bearer {made['key']}"
    assert nobody.get("teams/").status_code == 200
    assert nobody.post("teams/", {"name": "a"}).status_code == 403
    assert nobody.get("users/").status_code == 403
    read = owner.get(f"api-keys/{made['id']}/")
    assert made["key"] not in read.text
    assert read.json()["prefix"] == made["key"][:11]
    assert owner.post(f"api-keys/{made['id']}/revoke/").status_code == 200
    assert owner.post(f"api-keys/{made['id']}/revoke/").status_code == 409
    assert nobody.get("teams/").status_code == 401


def test_expired_api_key_is_401(owner: Client, nobody: Client, database: Database) -> None:
    made = owner.made("api-keys/", {"name": "site", "scopes": ["*"]})
    nobody.http.headers["Authorization"] = f"Bearer {made['key']}"
    assert nobody.get("teams/").status_code == 200
    with database.everywhere() as session:
        session.get_one(ApiKey, made["id"]).expires_at = now() - timedelta(seconds=1)
        session.commit()
    assert nobody.get("teams/").status_code == 401


@pytest.mark.parametrize("scope", ["everything", "teams", "moon:read"])
def test_unknown_scope_is_422(owner: Client, scope: str) -> None:
    assert owner.post("api-keys/", {"name": "a", "scopes": [scope]}).json()["errors"][0]["field"] == "scopes[0]"


def test_first_owner_is_made_once_and_can_log_in(database: Database, nobody: Client) -> None:
    made = ensure_owner(database)
    assert made is not None
    answer = nobody.post("auth/login/", {"email": made.email, "password": made.password})
    assert answer.status_code == 200
    assert ensure_owner(database) is None
