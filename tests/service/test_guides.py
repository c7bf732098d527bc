"""What the guides ask the service is answered as they say.

A guide's `http` blocks are sent in order, on a database of their own. The `json` block that follows one is a part of
its answer: "…" stands for anything. `<!-- 409 -->` before a block names its status where it is no success, and
`<!-- before … -->` holds requests that are sent unseen. `console` blocks are commands on the same database, with what
they print.
"""

import json
import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from typer.testing import CliRunner

from service.cli import app as commands
from service.database import Database
from tests.service.accounts import Client, account
from tests.service.api.conftest import SETTINGS

DOCS = Path(__file__).parents[2] / "docs"
GUIDES = sorted(path.name for path in DOCS.glob("*.md") if "```http\n" in path.read_text())
METHODS = "GET|POST|PUT|PATCH|DELETE"
PARTS = re.compile(
    r"<!-- before\n(?P<unseen>.*?)-->"
    r"|(?:<!-- (?P<status>\d{3}) -->\n)?```http\n(?P<request>.*?)```"
    r"|```json\n(?P<answer>.*?)```"
    r"|```console\n(?P<console>.*?)```",
    re.DOTALL,
)


@dataclass
class Exchange:
    """A request of a guide, and what the guide says of its answer."""

    method: str
    path: str
    headers: dict[str, str]
    body: str
    status: int | None = None
    answer: Any = None


@dataclass
class Command:
    """A command of a guide, and what it prints."""

    words: list[str]
    output: str


def exchanges(text: str) -> list[Exchange | Command]:
    """Read the requests and commands of a guide, in order."""
    found: list[Exchange | Command] = []
    for part in PARTS.finditer(text):
        if part["unseen"] is not None:
            requests = re.split(rf"\n+(?=(?:{METHODS}) )", part["unseen"].strip())
            found += (read(request, "application/json") for request in requests)
        elif part["request"] is not None:
            asked = read(part["request"])
            asked.status = int(part["status"]) if part["status"] else None
            found.append(asked)
        elif part["console"] is not None:
            for entry in re.split(r"^\$ tidyplan ", part["console"], flags=re.MULTILINE)[1:]:
                line, _, output = entry.partition("\n")
                found.append(Command(shlex.split(line), output))
        elif found and isinstance(found[-1], Exchange) and found[-1].answer is None:
            found[-1].answer = json.loads(part["answer"])
    return found


def read(request: str, content: str = "") -> Exchange:
    """Read a request: its line, headers and body."""
    head, _, body = request.strip().partition("\n")
    method, _, path = head.partition(" ")
    headers = {"Content-Type": content} if content else {}
    while match := re.match(r"([A-Za-z-]+): (.*)\n?", body):
        headers[match[1]] = match[2]
        body = body[match.end() :]
    return Exchange(method, path.removesuffix(" HTTP/1.1"), headers, body.strip())


def differences(told: Any, true: Any, where: str = "answer") -> Iterator[str]:
    """Find where an answer is not what a guide says."""
    if told == "…":
        return
    if isinstance(told, str) and "…" in told and isinstance(true, str):
        if not re.fullmatch(".*".join(map(re.escape, told.split("…"))), true, re.DOTALL):
            yield f"{where}: {true!r} is not {told!r}"
    elif isinstance(told, dict) and isinstance(true, dict):
        for key, value in told.items():
            if key in true:
                yield from differences(value, true[key], f"{where}.{key}")
            else:
                yield f"{where}.{key}: there is none among {sorted(true)}"
    elif isinstance(told, list) and isinstance(true, list):
        some = told[:-1] if told and told[-1] == "…" else None
        if some is None and len(told) != len(true):
            yield f"{where}: {len(true)} instead of {len(told)}: {true!r}"
        for i, (value, other) in enumerate(zip(told if some is None else some, true, strict=False)):
            yield from differences(value, other, f"{where}[{i}]")
    elif told != true or type(told) is not type(true):
        yield f"{where}: {true!r} is not {told!r}"


def send(http: TestClient, asked: Exchange) -> None:
    """Send a request, and compare its answer."""
    answer = http.request(asked.method, asked.path, content=asked.body or None, headers=asked.headers)
    said = f"{asked.method} {asked.path}: {answer.status_code} {answer.text[:2000]}"
    if asked.status is None:
        assert answer.is_success, said
    else:
        assert answer.status_code == asked.status, said
    if asked.answer is not None:
        assert list(differences(asked.answer, answer.json())) == [], said


def run(command: Command) -> None:
    """Run a command, and compare what it prints: lines may be left out, blanks do not count."""
    answer = CliRunner().invoke(commands, command.words)
    assert answer.exit_code == 0, answer.output
    true = " ".join(answer.output.split())
    told = [" ".join(line.split()) for line in command.output.splitlines() if line.strip()]
    pattern = ".*".join(".*".join(map(re.escape, line.split("…"))) for line in told)
    assert re.search(pattern, true), f"{command.words}: {answer.output}"


@pytest.mark.parametrize("guide", GUIDES)
@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_guide_is_true(
    app: FastAPI, database: Database, guide: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("TIDYPLAN_DATABASE_URL", database.url.render_as_string(hide_password=False))
    monkeypatch.setenv("TIDYPLAN_SECRET_KEY", ",".join(SETTINGS.keys))
    http = Client(app, account(database)).http
    asked = exchanges((DOCS / guide).read_text())
    assert asked
    for each in asked:
        if isinstance(each, Command):
            run(each)
        else:
            send(http, each)


def test_differences_are_found() -> None:
    true = {"id": 1, "names": ["a", "b"], "text": "one two", "open": True}
    for same in ({}, {"id": 1}, {"names": ["a", "…"]}, {"text": "one…"}, {"names": "…"}, {"names": ["a", "b"]}):
        assert list(differences(same, true)) == []
    for other in ({"id": 2}, {"ids": 1}, {"names": ["a"]}, {"names": ["b", "…"]}, {"text": "…three"}, {"open": 1}):
        assert list(differences(other, true)) != []
