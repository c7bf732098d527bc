"""Somebody who uses the pages without a browser."""

from __future__ import annotations

import re
from html import unescape
from typing import Any

from fastapi import FastAPI
from fastapi.testclient import TestClient

from models.records import User
from service import passwords
from service.database import Database

PASSWORD = "correct horse battery"


class Visitor:
    """Asks for pages and sends forms, with the token that the page gave."""

    def __init__(self, app: FastAPI) -> None:
        self.http = TestClient(app, raise_server_exceptions=False, follow_redirects=False)

    @property
    def token(self) -> str:
        """The token against forged requests."""
        return self.http.cookies.get("starlette_admin_csrftoken") or ""

    def get(self, path: str, **query: Any) -> Any:
        return self.http.get(f"/admin/{path}", params=query)

    def post(self, path: str, data: dict[str, Any] | None = None, **query: Any) -> Any:
        headers = {"X-CSRFToken": self.token}
        return self.http.post(f"/admin/{path}", data=data or {}, params=query, headers=headers)

    def form(self, path: str, **query: Any) -> dict[str, str]:
        """What a form holds when it is opened."""
        page = self.get(path, **query)
        assert page.status_code == 200, page.text
        return inputs(page.text)


def inputs(html: str) -> dict[str, str]:
    """The inputs of a page by name, checked boxes and chosen options among them."""
    found: dict[str, str] = {}
    for tag in re.findall(r"<input\b[^>]*>", html):
        said = dict(re.findall(r'([\w-]+)="([^"]*)"', tag))
        if "name" in said and (said.get("type") != "checkbox" or re.search(r"\bchecked\b", tag)):
            found[said["name"]] = unescape(said.get("value", "on"))
    for name, text in re.findall(r'<textarea[^>]*\bname="([^"]+)"[^>]*>(.*?)</textarea>', html, re.DOTALL):
        found[name] = unescape(text).removeprefix("\n")
    for attributes, options in re.findall(r"<select([^>]*)>(.*?)</select>", html, re.DOTALL):
        said = dict(re.findall(r'([\w-]+)="([^"]*)"', attributes))
        chosen = re.search(r'<option[^>]*value="([^"]*)"[^>]*\bselected\b', options)
        if "name" in said and chosen:
            found[said["name"]] = unescape(chosen.group(1))
        elif "name" in said and "data-initial" in said and "multiple" not in attributes.replace("data-", ""):
            found[said["name"]] = unescape(said["data-initial"]).strip("[]")
    return found


def allow(database: Database, user: int) -> str:
    """Give a user an email and a password."""
    email = f"user{user}@example.com"
    with database.everywhere() as session:
        record = session.get_one(User, user)
        record.email, record.password_hash = email, passwords.hashed(PASSWORD)
        session.commit()
    return email


def enter(app: FastAPI, database: Database, user: int) -> Visitor:
    """Log a user in."""
    visitor = Visitor(app)
    visitor.get("login")
    answer = visitor.post("login", {"username": allow(database, user), "password": PASSWORD})
    assert answer.status_code == 303, answer.text
    return visitor
