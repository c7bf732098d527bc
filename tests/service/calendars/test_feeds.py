from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from fastapi import FastAPI

from models.records import Role
from service.calendars.events import Window
from service.calendars.reading import read
from service.database import Database
from tests.service.accounts import Client, Json, account
from tests.service.calendars.diaries import at

FOREVER = Window(datetime(2020, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC))
pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


def visit(client: Client, **more: object) -> Json:
    body = {
        "title": "Visit, of Bo; the dog",
        "description": "Line one\nline two",
        "location": "1 Market St",
        "client_name": "Bo",
        "start_datetime": at(0).isoformat(),
        "duration_minutes": 60,
    }
    return client.made("appointments/", body | more)


def shown(client: Client, url: str) -> list[tuple[str, str, str]]:
    answer = client.http.get(url, headers={"Authorization": ""})
    assert answer.status_code == 200, answer.text
    assert answer.headers["Content-Type"] == "text/calendar; charset=utf-8"
    found = read(answer.content, FOREVER, ZoneInfo("UTC"))
    assert found.refused == []
    events = [each for series in found.series for each in series.occurrences]
    return [(each.title, each.location, each.description) for each in events]


@pytest.mark.parametrize(
    ("details", "said"),
    [
        ("full", ("Visit, of Bo; the dog", "1 Market St", "Line one\nline two")),
        ("title", ("Visit, of Bo; the dog", "", "")),
        ("busy", ("Busy", "", "")),
    ],
)
def test_feed_shows_as_much_as_it_may(owner: Client, details: str, said: tuple[str, str, str]) -> None:
    visit(owner, assigned_users=[owner.user])
    feed = owner.made("calendar-feeds/", {"name": "Mine", "user": owner.user, "details": details})
    assert shown(owner, feed["url"]) == [said]


def test_feed_shows_what_its_user_team_or_resource_has(owner: Client) -> None:
    room = owner.made("resources/", {"name": "Room"})["id"]
    team = owner.made("teams/", {"name": "Team"})["id"]
    visit(owner, title="user", assigned_users=[owner.user])
    visit(owner, title="room", required_resources=[room])
    visit(owner, title="team", assigned_team=team, start_datetime=at(0, 11).isoformat(), status="requested")
    visit(owner, title="nobody")
    for title, subject in (("user", {"user": owner.user}), ("room", {"resource": room})):
        feed = owner.made("calendar-feeds/", {"name": "Feed", **subject})
        assert [each for each, *_ in shown(owner, feed["url"])] == [title]
    feed = owner.made("calendar-feeds/", {"name": "Feed", "team": team})
    assert shown(owner, feed["url"]) == [], "what is requested has no time"


def test_feed_that_says_the_same_is_not_sent_again(owner: Client) -> None:
    made = visit(owner, assigned_users=[owner.user])
    url = owner.made("calendar-feeds/", {"name": "Mine", "user": owner.user})["url"]
    first = owner.http.get(url)
    again = owner.http.get(url, headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert owner.patch(f"appointments/{made['id']}/", {"title": "Other"}).status_code == 200
    changed = owner.http.get(url, headers={"If-None-Match": first.headers["ETag"]})
    assert changed.status_code == 200
    assert b"SUMMARY:Other" in changed.content
    assert owner.post(f"appointments/{made['id']}/cancel/").status_code == 200
    assert b"VEVENT" not in owner.http.get(url).content


def test_address_of_a_feed_is_shown_once_and_can_be_changed_and_revoked(owner: Client) -> None:
    feed = owner.made("calendar-feeds/", {"name": "Mine", "user": owner.user})
    path = f"calendar-feeds/{feed['id']}/"
    assert "url" not in owner.get(path).json()
    other = owner.post(f"{path}rotate/").json()["url"]
    assert owner.http.get(feed["url"]).status_code == 404
    assert owner.http.get(other).status_code == 200
    assert owner.post(f"{path}revoke/").status_code == 200
    assert owner.http.get(other).status_code == 404
    assert owner.post(f"{path}rotate/").status_code == 409
    assert owner.http.get(other.replace(".ics", "x.ics")).json()["code"] == "not_found"


def test_feed_of_nobody_and_of_two_is_refused(owner: Client) -> None:
    room = owner.made("resources/", {"name": "Room"})["id"]
    for subject in ({}, {"user": owner.user, "resource": room}):
        answer = owner.post("calendar-feeds/", {"name": "Feed", **subject})
        assert answer.status_code == 422
        assert answer.json()["errors"][0]["expected"] == "one of user, team and resource"


def test_member_has_feeds_of_its_own_alone(app: FastAPI, database: Database, owner: Client) -> None:
    member = Client(app, account(database, Role.MEMBER, owner.organization))
    member.made("calendar-feeds/", {"name": "Mine", "user": member.user})
    assert member.post("calendar-feeds/", {"name": "Yours", "user": owner.user}).status_code == 403
    owner.made("calendar-feeds/", {"name": "Mine", "user": owner.user})
    assert member.get("calendar-feeds/").json()["count"] == 1


def test_feed_ends_with_the_account_of_its_user(app: FastAPI, database: Database, owner: Client) -> None:
    member = account(database, Role.MEMBER, owner.organization)
    url = owner.made("calendar-feeds/", {"name": "Mine", "user": member.user})["url"]
    assert owner.http.get(url).status_code == 200
    assert owner.patch(f"users/{member.user}/", {"is_active": False}).status_code == 200
    assert owner.http.get(url).status_code == 404
