"""Organizations and users for tests of the service, and clients that act for them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy import Engine, event

from models.records import Organization, Role, User
from service.database import Database

BASE = "/api/scheduling"
Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Account:
    """A user of an organization."""

    organization: int
    user: int
    role: Role


def account(database: Database, role: Role = Role.OWNER, organization: int | None = None) -> Account:
    """Make a user, in a new organization unless one is given."""
    with database.everywhere() as session:
        if organization is None:
            made = Organization(name="Bay Cleaning", timezone="America/Los_Angeles", currency="EUR")
            session.add(made)
            session.flush()
            organization = made.id
        user = User(name=f"The {role}", role=role, organization_id=organization)
        session.add(user)
        session.commit()
        return Account(organization, user.id, role)


class Client:
    """Calls the API in the name of an account, with addresses relative to its base."""

    def __init__(self, app: FastAPI, who: Account | None) -> None:
        self.who = who
        self.http = TestClient(app, raise_server_exceptions=False)
        if who is not None:
            claims = {"sub": str(who.user), "org": str(who.organization), "use": "access"}
            token = app.state.keyring.sign(claims, 600)
            self.http.headers["Authorization"] = f"Bearer {token}"

    @property
    def organization(self) -> int:
        """The organization of the account."""
        assert self.who is not None
        return self.who.organization

    @property
    def user(self) -> int:
        """The user of the account."""
        assert self.who is not None
        return self.who.user

    def get(self, path: str, **more: Any) -> Any:
        return self.http.get(f"{BASE}/{path}", **more)

    def post(self, path: str, body: Any = None, **more: Any) -> Any:
        return self.http.post(f"{BASE}/{path}", json=body, **more)

    def put(self, path: str, body: Any = None, **more: Any) -> Any:
        return self.http.put(f"{BASE}/{path}", json=body, **more)

    def patch(self, path: str, body: Any = None, **more: Any) -> Any:
        return self.http.patch(f"{BASE}/{path}", json=body, **more)

    def delete(self, path: str, **more: Any) -> Any:
        return self.http.delete(f"{BASE}/{path}", **more)

    def made(self, path: str, body: Json) -> Json:
        """Create something that must succeed."""
        answer = self.post(path, body)
        assert answer.status_code == 201, answer.text
        return dict(answer.json())


class Statements:
    """Counts the statements that an engine is sent."""

    def __init__(self, engine: Engine) -> None:
        self.seen: list[str] = []
        event.listen(engine, "before_cursor_execute", self._note)

    def _note(self, _connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        self.seen.append(statement)
