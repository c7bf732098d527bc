"""Credentials go in and never come out: not in an answer, not in a log, not in the database."""

from __future__ import annotations

import base64
import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast
from urllib.parse import quote

import httpx2
from sqlalchemy import text

from models.records.fields import Access
from models.records.stored import stored_fields
from service.database import Database
from tests.service.accounts import BASE, Client, Json
from tests.service.api.filling import PATHS, fill

WORD = "hush{}and{}whisper"
PASSWORD, NEW_PASSWORD = WORD.format("pass", 1), WORD.format("pass", 2)
SEEN_NAME, SEEN_PATH = "LoudAndClear", "shout-from-the-roof"


@dataclass
class Ears:
    """All that was said, by place."""

    heard: dict[str, str] = field(default_factory=dict)

    def places_of(self, words: str) -> set[str]:
        """Where words were heard, as they are, in base64 or escaped."""
        spelled = {words, quote(words, safe=""), base64.b64encode(words.encode()).decode().rstrip("=")}
        return {place for place, said in self.heard.items() if any(each in said for each in spelled)}


@contextmanager
def served(database: Database, log: Path, *, runs_jobs: bool) -> Iterator[str]:
    """The service as a process of its own, saying all that it can; gives its address."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    settings = {
        "DATABASE_URL": database.url.render_as_string(hide_password=False),
        "SECRET_KEY": "of no use to anybody",
        "LOG_LEVEL": "debug",
        "LOG_JSON": str(not database.is_sqlite),
        "WORKER": str(runs_jobs),
        "WRITES_PER_MINUTE": "0",
        "LOGINS_PER_MINUTE": "0",
    }
    environment = os.environ | {f"TIDYPLAN_{name}": value for name, value in settings.items()}
    command = [sys.executable, "-m", "service.cli", "serve", "--port", str(port)]
    with log.open("a") as file:
        process = subprocess.Popen(command, stdout=file, stderr=subprocess.STDOUT, env=environment)
        try:
            base = f"http://127.0.0.1:{port}"
            for _ in range(300):
                try:
                    assert httpx2.get(f"{base}/readyz").status_code == 200
                    break
                except httpx2.TransportError:
                    time.sleep(0.1)
            yield base
        finally:
            process.terminate()
            process.wait(30)


def dumped(database: Database) -> str:
    """Everything that the database holds, as text."""
    if database.is_sqlite:
        path = Path(database.url.database or "")
        files = [file for file in path.parent.iterdir() if file.suffix != ".key"]
        assert path in files
        return "".join(file.read_bytes().decode("latin-1") for file in files)
    said = []
    with database.engine.connect() as connection:
        tables = connection.execute(
            text("SELECT schemaname, tablename FROM pg_tables WHERE schemaname IN ('public', 'dbos')")
        ).all()
        for schema, table in tables:
            rows = connection.execute(text(f'SELECT t::text FROM "{schema}"."{table}" t'))
            said += [row[0] for row in rows]
    return "\n".join(said)


def logged_in(base: str, log: Path) -> tuple[Client, Json, str]:
    """A client for the first owner, the tokens of its login, and the password that was printed for it."""
    found = re.search(r"first owner: (\S+) with the password (\S+)", log.read_text())
    assert found is not None
    body = {"email": found[1], "password": found[2]}
    tokens = httpx2.post(f"{base}{BASE}/auth/login/", json=body).json()
    client = Client.__new__(Client)
    headers = {"Authorization": f"Bearer {tokens['access_token']}"}
    client.http = cast(Any, httpx2.Client(base_url=base, headers=headers, timeout=60))
    return client, tokens, found[2]


def whisper(client: Client) -> list[str]:
    """Fill every field that is only written, when it is made and when it is changed; gives what they hold."""
    words: list[str] = []
    for path, record in PATHS.items():
        fields = [each.name for each in stored_fields(record).values() if each.access is Access.WRITE_ONLY]
        for method in ("put", "patch"):
            body = {name: WORD.format(name.replace("_", ""), len(words) + i) for i, name in enumerate(fields)}
            if body:
                words += body.values()
                body |= {name: f"json://mail.example.com/{body[name]}" for name in body.keys() & {"url"}}
                answer = getattr(client, method)(f"{path}/1/", body)
                assert answer.status_code == 200, answer.text
    return words


def mistake(client: Client, ears: Ears) -> list[str]:
    """Send credentials in bodies that are wrong in some way; gives the credentials."""
    words = [WORD.format("mistake", number) for number in range(7)]
    bodies: list[Any] = [
        {"name": "a", "api_key": words[0]},
        {"name": "a", "integration_type": "crm", "api_key": [words[1]]},
        {"name": "a", "integration_type": "crm", "api_key": words[2] * 200},
        {"name": "a", "integration_type": "crm", "access_token": {"token": words[3]}},
        {"name": 5, "integration_type": "crm", "api_secret": words[4]},
        {"name": "a", "integration_type": "crm", "api_secret": words[5], "sync_frequency": "often"},
        {"name": "a", "integration_type": "crm", "refresh_token": words[6] + "\0"},
    ]
    for body in bodies:
        answer = client.post("integrations/", body)
        assert answer.status_code == 422, answer.text
        ears.heard[f"mistake {body.keys()}"] = answer.text
    long = WORD.format("password", 0) * 20
    ears.heard["too long a password"] = client.post("users/1/set-password/", {"password": long}).text
    ears.heard["no password"] = client.post("auth/login/", {"email": "a@b.example", "password": [long]}).text
    return [*words, WORD.format("password", 0)]


def ask_everything(client: Client, ears: Ears) -> int:
    """Call every operation, those that delete last; gives how many answered as they should."""
    document = client.http.get("/openapi.json").json()
    good = 0
    operations = [
        (method, path, each) for path, methods in document["paths"].items() for method, each in methods.items()
    ]
    for method, path, operation in sorted(operations, key=lambda each: each[0] == "delete"):
        if "/auth/" in path:
            continue
        address = re.sub(r"\{.*?\}", "1", path)
        body = _example(document, operation)
        with client.http.stream(method.upper(), address, json=body) as answer:
            if "event-stream" in answer.headers.get("content-type", ""):
                continue
            answer.read()
        assert answer.status_code < 500, (method, path, answer.text)
        good += answer.status_code < 300
        ears.heard[f"{method} {path}"] = f"{answer.headers} {answer.text}"
    return good


def _example(document: Json, operation: Json) -> Any:
    content = operation.get("requestBody", {}).get("content", {}).get("application/json", {})
    name = content.get("schema", {}).get("$ref", "").rpartition("/")[2]
    examples = document["components"]["schemas"].get(name, {}).get("examples", [{}])
    return examples[0] if content else None


def test_stored_credentials_are_nowhere_to_be_found(database: Database, tmp_path: Path) -> None:
    ears, log = Ears(), tmp_path / "log"
    with served(database, log, runs_jobs=False) as base:
        client, tokens, first_password = logged_in(base, log)
        assert client.patch("organization/", {"timezone": "America/Los_Angeles"}).status_code == 200
        fill(client)
        words = whisper(client)
        assert len(words) >= 10
        words += mistake(client, ears)
        key = client.made("api-keys/", {"name": "key", "scopes": ["*"]})["key"]
        assert client.get("users/", headers={"Authorization": f"Bearer {key}"}).status_code == 200
        for old, new in ((first_password, PASSWORD), (PASSWORD, NEW_PASSWORD)):
            body = {"password": new, "current_password": old}
            assert client.post(f"users/{tokens['user']}/set-password/", body).status_code == 204
        assert client.post("auth/login/", {"email": "owner@example.com", "password": PASSWORD}).status_code == 401
        fresh = client.post("auth/login/", {"email": "owner@example.com", "password": NEW_PASSWORD}).json()
        client.patch("teams/1/", {"name": SEEN_NAME})
        client.get(f"{SEEN_PATH}/")
    with served(database, log, runs_jobs=True) as base:
        client.http.base_url = base
        assert ask_everything(client, ears) > 60
        client.http.close()
        ears.heard["database"] = dumped(database)
    ears.heard["log"] = re.sub(r"The first owner: .*", "", log.read_text())

    assert {"database", "get /api/scheduling/teams/{id}/"} <= ears.places_of(SEEN_NAME)
    assert ears.places_of(SEEN_PATH) == {"log"}
    for secret in (*words, PASSWORD, NEW_PASSWORD, first_password, key):
        assert ears.places_of(secret) == set(), secret
    for token in (tokens, fresh):
        assert ears.places_of(token["refresh_token"]) == set()
        assert ears.places_of(token["access_token"]) == set()
