"""What clients get by mail, and what they can do with the links in it."""

from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from html.parser import HTMLParser
from typing import Any

import icalendar
import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from models.records import Role
from service.database import Database
from service.notices.links import Purpose, Visit, read
from tests.service.accounts import Client, Json, account
from tests.service.notices.posting import Post, deliver
from tests.service.series.calendar_of import at, visit

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)

CLIENT = "jo@example.com"


def booked(client: Client, **more: Any) -> Json:
    body = {"client_name": "Jo", "client_email": CLIENT, "location": "1 Market St"}
    return client.made("appointments/", visit() | body | more)


def event_in(letter: EmailMessage) -> tuple[icalendar.Calendar, Any]:
    (part,) = letter.iter_attachments()
    assert part.get_content_type() == "text/calendar"
    content = part.get_payload(decode=True)
    assert isinstance(content, bytes)
    calendar = icalendar.Calendar.from_ical(content)
    assert part.get_param("method") == calendar["METHOD"]
    (event,) = calendar.walk("VEVENT")
    return calendar, event


def text_of(letter: EmailMessage) -> str:
    body = letter.get_body(("plain",))
    assert body is not None
    return str(body.get_content())


def links_in(letter: EmailMessage) -> dict[str, str]:
    """The paths of the links in a letter, by purpose."""
    names = {"Confirm": "confirm", "Choose another time": "reschedule", "Cancel": "cancel"}
    lines = (line.partition(": https://plan.example.com") for line in text_of(letter).splitlines())
    return {names[name]: path for name, _, path in lines if path}


@pytest.fixture
def browser(app: FastAPI) -> TestClient:
    """A client's browser, which is logged in nowhere."""
    return TestClient(app, raise_server_exceptions=False)


def test_client_hears_of_a_booking_a_move_and_the_end(owner: Client, database: Database, post: Post) -> None:
    made = booked(owner)
    path = f"appointments/{made['id']}/"
    deliver(database, owner.organization)
    owner.patch(path, {"client_notes": "of no interest to the client"})
    deliver(database, owner.organization)
    owner.post(f"{path}reschedule/", {"start_datetime": at(1)})
    deliver(database, owner.organization)
    owner.post(f"{path}cancel/")
    deliver(database, owner.organization)
    letters = post.to(CLIENT)
    assert [letter["Subject"].partition("with")[0] for letter in letters] == [
        "Your appointment ",
        "Changed: your appointment ",
        "Cancelled: your appointment ",
    ]
    events = [event_in(letter) for letter in letters]
    assert [str(calendar["METHOD"]) for calendar, _ in events] == ["REQUEST", "REQUEST", "CANCEL"]
    assert [str(event["STATUS"]) for _, event in events] == ["CONFIRMED", "CONFIRMED", "CANCELLED"]
    assert len({str(event["UID"]) for _, event in events}) == 1
    sequences = [int(event["SEQUENCE"]) for _, event in events]
    assert sequences == sorted(set(sequences))
    starts = [event["DTSTART"].dt for _, event in events]
    assert starts == [datetime.fromisoformat(each) for each in (at(0), at(1), at(1))]
    assert {str(event["ORGANIZER"]) for _, event in events} == {"mailto:plan@example.com"}
    assert {str(event["ATTENDEE"]) for _, event in events} == {f"mailto:{CLIENT}"}
    assert "1 Market St" in text_of(letters[0])
    assert [set(links_in(letter)) for letter in letters] == [{"confirm", "reschedule", "cancel"}] * 2 + [set()]


def test_links_are_in_the_mail_alone(owner: Client, database: Database, post: Post) -> None:
    made = booked(owner)
    deliver(database, owner.organization)
    rows = owner.get(f"notifications/?related_appointment={made['id']}").json()["results"]
    assert {row["client_address"] for row in rows} == {CLIENT}
    token = links_in(post.to(CLIENT)[0])["cancel"].rpartition("/")[2]
    assert token not in str(rows)
    assert token not in event_in(post.to(CLIENT)[0])[0].to_ical().decode()


@pytest.mark.parametrize("why", ["no address", "not wanted", "no channel"])
def test_clients_are_told_nothing_without_an_address_a_channel_or_the_wish(owner: Client, why: str) -> None:
    if why == "not wanted":
        owner.put("organization/", {"policies": {"tells_clients": False}})
    if why == "no channel":
        channel = owner.get("notification-channels/").json()["results"][0]["id"]
        owner.put(f"notification-channels/{channel}/", {"is_active": False})
    booked(owner, client_email=None if why == "no address" else CLIENT)
    assert owner.get("notifications/").json()["count"] == 0


def test_client_confirms(owner: Client, database: Database, post: Post, browser: TestClient) -> None:
    made = booked(owner)
    deliver(database, owner.organization)
    path = links_in(post.to(CLIENT)[0])["confirm"]
    asked = browser.get(path)
    assert (asked.status_code, status(owner, made)) == (200, "scheduled")
    assert "script" not in asked.text
    policy = asked.headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'; style-src 'sha256-")
    assert asked.headers["Cache-Control"] == "no-store"
    for _ in range(2):
        assert "is confirmed" in browser.post(path).text
    assert status(owner, made) == "confirmed"
    entries = owner.get(f"audit-log/?record_type=appointment&record={made['id']}").json()["results"]
    assert "the client" in {entry["actor_name"] for entry in entries}


def status(client: Client, made: Json) -> str:
    return str(client.get(f"appointments/{made['id']}/").json()["status"])


def test_client_cancels_for_a_fee(owner: Client, database: Database, post: Post, browser: TestClient) -> None:
    rule = {"name": "Late", "rule_type": "cancellation", "is_global": True, "parameters": {"fee_percent": "50"}}
    owner.made("rules/", rule)
    made = booked(owner, estimated_cost="80.00")
    deliver(database, owner.organization)
    path = links_in(post.to(CLIENT)[0])["cancel"]
    assert "costs 40" in browser.get(path).text
    assert "is cancelled" in browser.post(path).text
    found = owner.get(f"appointments/{made['id']}/").json()
    assert (found["status"], found["actual_cost"]) == ("cancelled", "40.00")


def test_client_cannot_cancel_too_late(owner: Client, database: Database, post: Post, browser: TestClient) -> None:
    made = booked(owner)
    deliver(database, owner.organization)
    path = links_in(post.to(CLIENT)[0])["cancel"]
    rule = {"name": "Late", "rule_type": "cancellation", "is_global": True, "parameters": {"min_hours": "20000"}}
    owner.made("rules/", rule)
    assert "<form" not in browser.get(path).text
    assert browser.post(path).status_code in (409, 200)
    assert status(owner, made) == "scheduled"


class Slots(HTMLParser):
    """The values of the slots on a page."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.values: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        found = dict(attrs)
        if tag == "input" and found.get("name") == "slot":
            self.values.append(found["value"])


def test_client_moves_to_a_slot_that_was_offered(
    owner: Client, database: Database, post: Post, browser: TestClient
) -> None:
    soon = {"start_datetime": at_noon(3), "assigned_users": [owner.user]}
    made = booked(owner, **soon)
    deliver(database, owner.organization)
    path = links_in(post.to(CLIENT)[0])["reschedule"]
    offered = Slots(browser.get(path).text).values
    assert offered
    refused = browser.post(path, data={"slot": offered[0][:-4] + "AAAA"})
    assert (refused.status_code, status(owner, made)) == (409, "scheduled")
    assert "has moved" in browser.post(path, data={"slot": offered[0]}).text
    found = owner.get(f"appointments/{made['id']}/").json()
    assert (found["status"], found["assigned_users"]) == ("rescheduled", [owner.user])
    assert found["start_datetime"] != made["start_datetime"]
    deliver(database, owner.organization)
    assert [letter["Subject"][:8] for letter in post.to(CLIENT)] == ["Your app", "Changed:"]


def at_noon(days: int) -> str:
    noon = datetime.now(UTC).replace(hour=12, minute=0, second=0, microsecond=0)
    return (noon + timedelta(days=days)).isoformat()


def test_links_are_for_one_purpose_one_client_and_one_appointment(
    app: FastAPI, owner: Client, database: Database, post: Post, browser: TestClient
) -> None:
    made = booked(owner)
    deliver(database, owner.organization)
    path = links_in(post.to(CLIENT)[0])["confirm"]
    token = path.rpartition("/")[2]
    found = read(app.state.keyring, token)
    assert isinstance(found, Visit)
    assert (found.appointment, found.purpose) == (made["id"], Purpose.CONFIRM)
    as_login = TestClient(app).get("/api/scheduling/appointments/", headers={"Authorization": f"Bearer {token}"})
    assert as_login.status_code == 401
    assert browser.get(f"/visit/{token[:-4]}AAAA").status_code == 410
    access = app.state.keyring.sign({"use": "access", "sub": "1", "org": "1"}, 60)
    assert browser.get(f"/visit/{access}").status_code == 410
    owner.patch(f"appointments/{made['id']}/", {"client_email": "other@example.com"})
    assert (browser.get(path).status_code, browser.post(path).status_code) == (410, 410)
    assert status(owner, made) == "scheduled"


def test_what_is_told_is_text_and_no_markup(owner: Client, database: Database, post: Post, browser: TestClient) -> None:
    booked(owner, title="<img src=x onerror=alert(1)>", location='"><script>')
    deliver(database, owner.organization)
    page = browser.get(links_in(post.to(CLIENT)[0])["confirm"]).text
    assert "<img" not in page
    assert "<script" not in page


def test_series_is_told_to_its_client_once(owner: Client, database: Database, post: Post) -> None:
    made = booked(owner, recurrence_rule="FREQ=DAILY;COUNT=3")
    deliver(database, owner.organization)
    owner.patch(f"appointments/{made['id']}/?scope=all", {"start_datetime": at(0, 12)})
    deliver(database, owner.organization)
    assert len(post.to(CLIENT)) == 2


def test_members_do_not_see_what_clients_are_told(app: FastAPI, owner: Client, database: Database) -> None:
    booked(owner)
    member = Client(app, account(database, Role.MEMBER, owner.organization))
    assert member.get("notifications/").json()["count"] == 0
    assert member.get("notification-deliveries/").json()["count"] == 0
