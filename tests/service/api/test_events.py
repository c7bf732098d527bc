import asyncio
import json
from collections.abc import AsyncIterator

import pytest
from fastapi import FastAPI

from models.records import Role
from service.api.events import _stream
from service.callers import Caller
from service.database import Database
from service.live import Feed, feed as feeding
from tests.service.accounts import Client, Json, account

HERE = {"latitude": 0, "longitude": 0}


def caller(client: Client, role: Role = Role.OWNER) -> Caller:
    return Caller(client.organization, client.user, "", role)


async def told(stream: AsyncIterator[str], most: int) -> list[Json]:
    found: list[Json] = []
    async for text in stream:
        found += [json.loads(line[6:]) for line in text.splitlines() if line.startswith("data: ")]
        if len(found) == most:
            break
    return found


def test_stream_ends_by_itself(owner: Client) -> None:
    answer = owner.get("events/")
    assert answer.headers["Content-Type"].startswith("text/event-stream")
    assert answer.text.startswith("retry: 2000\n")


def test_what_was_missed_is_told(owner: Client) -> None:
    owner.made("locations/", {"name": "a"} | HERE)
    first = owner.get("audit-log/?ordering=-id").json()["results"][0]["id"]
    place = owner.made("locations/", {"name": "b"} | HERE)["id"]
    text = owner.get("events/", headers={"Last-Event-ID": str(first)}).text
    (data,) = (line[6:] for line in text.splitlines() if line.startswith("data: "))
    assert json.loads(data) == {"kind": "location", "id": place, "action": "created", "actor": owner.user}


def test_changes_arrive_once_and_only_those_of_the_organization(
    app: FastAPI, database: Database, owner: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(feeding, "POLL_SECONDS", 0.05)
    stranger = Client(app, account(database))
    owner.made("locations/", {"name": "before"} | HERE)

    async def listen() -> list[Json]:
        feed = Feed(lambda: database)
        stream = _stream(feed, caller(owner), None, 20.0)
        assert (await anext(stream)).startswith("retry")
        await asyncio.sleep(0.5)
        stranger.made("locations/", {"name": "theirs"} | HERE)
        owner.made("api-keys/", {"name": "not told"})
        for name in ("b", "c"):
            owner.made("locations/", {"name": name} | HERE)
        found = await told(stream, 2)
        assert not [each async for each in _closing(feed, stream)]
        return found

    found = asyncio.run(listen())
    names = {each["id"]: each["name"] for each in owner.get("locations/").json()["results"]}
    assert [(each["action"], names[each["id"]]) for each in found] == [("created", "b"), ("created", "c")]


async def _closing(feed: Feed, stream: AsyncIterator[str]) -> AsyncIterator[str]:
    feed.close()
    async for text in stream:
        yield text


def test_member_is_not_told_what_changed(app: FastAPI, database: Database, owner: Client) -> None:
    member = Client(app, account(database, Role.MEMBER, owner.organization))
    first = owner.get("audit-log/?ordering=-id").json()["results"][0]["id"]
    owner.made("locations/", {"name": "a"} | HERE)
    text = member.get("events/", headers={"Last-Event-ID": str(first)}).text
    assert [json.loads(line[6:]) for line in text.splitlines() if line.startswith("data: ")] == [{"kind": "location"}]
