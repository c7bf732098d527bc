from typing import Any

import pytest

from tests.service.accounts import BASE, Client, Json
from tests.service.calendars.diaries import at, calendar_of, event, stamp, vevent

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


def imported(client: Client, content: str | bytes, **wish: Any) -> Json:
    data = content.encode() if isinstance(content, str) else content
    headers = {"Content-Type": "text/calendar"}
    answer = client.http.post(f"{BASE}/calendar-imports/", content=data, params=wish, headers=headers)
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


def outcomes(report: Json) -> list[tuple[str, str]]:
    return [(each["uid"], each["outcome"]) for each in report["events"]]


FILE = calendar_of(
    vevent("a", "SUMMARY:First", f"DTSTART:{stamp(at(0))}", "DURATION:PT1H", "LOCATION:Here"),
    vevent("b", "SUMMARY:Clash", f"DTSTART:{stamp(at(0, 9, 30))}", "DURATION:PT1H"),
    vevent("c", "SUMMARY:Daily", f"DTSTART:{stamp(at(1))}", "DURATION:PT1H", "RRULE:FREQ=DAILY;COUNT=2"),
    vevent("d", "SUMMARY:Odd", "DTSTART;TZID=Nowhere:20301101T100000"),
    vevent("e", "SUMMARY:Past", "DTSTART:20200101T100000Z", "DURATION:PT1H"),
)


def test_events_become_appointments_and_each_that_does_not_says_why(owner: Client) -> None:
    report = imported(owner, FILE, user=owner.user)
    expected = [("e", "skipped"), ("a", "imported"), ("b", "skipped"), ("c", "imported"), ("c", "imported")]
    assert outcomes(report) == [*expected, ("d", "skipped")]
    why = {each["uid"]: each["why"] for each in report["events"]}
    assert "ends before" in why["e"]
    assert "time zone" in why["d"]
    assert why["b"]
    rows = owner.get("appointments/", params={"ordering": "start_datetime"}).json()["results"]
    assert [(row["title"], row["external_id"], row["assigned_users"]) for row in rows] == [
        ("First", "a", [owner.user]),
        ("Daily", f"c#{stamp(at(1))}", [owner.user]),
        ("Daily", f"c#{stamp(at(2))}", [owner.user]),
    ]
    assert [each["id"] for each in report["events"] if each["id"]] == [row["id"] for row in rows]


def test_dry_run_tells_the_same_and_writes_nothing(owner: Client) -> None:
    dry = imported(owner, FILE, user=owner.user, dry_run=True)
    assert owner.get("appointments/").json()["count"] == 0
    assert {each["id"] for each in dry["events"]} == {None}
    assert outcomes(dry) == outcomes(imported(owner, FILE, user=owner.user))


def test_file_that_was_imported_before_makes_nothing_twice(owner: Client) -> None:
    assert imported(owner, FILE, user=owner.user)["imported"] == 3
    again = imported(owner, FILE, user=owner.user)
    assert again["imported"] == 0
    assert "It was imported before, as appointment" in again["events"][1]["why"]


def test_events_become_absences_that_block_time(owner: Client) -> None:
    report = imported(owner, FILE, user=owner.user, into="absences")
    assert report["imported"] == 4
    assert imported(owner, FILE, user=owner.user, into="absences")["imported"] == 0
    body = {"title": "v", "start_datetime": at(0).isoformat(), "duration_minutes": 30, "assigned_users": [owner.user]}
    assert owner.post("appointments/", body).status_code == 422
    free = calendar_of(vevent("f", f"DTSTART:{stamp(at(5))}", "DURATION:PT1H", "TRANSP:TRANSPARENT"))
    (skipped,) = imported(owner, free, user=owner.user, into="absences")["events"]
    assert skipped["why"].startswith("It takes no time")


@pytest.mark.parametrize(
    ("wish", "field"),
    [
        ({"into": "absences"}, "user"),
        ({"user": 999}, "user"),
        ({"from": "2030-01-01T00:00:00Z", "until": "2032-01-01T00:00:00Z"}, "until"),
        ({"timezone": "Mars"}, "timezone"),
    ],
)
def test_wish_that_makes_no_sense_is_refused(owner: Client, wish: Json, field: str) -> None:
    answer = owner.http.post(f"{BASE}/calendar-imports/", content=event("a", at(0)), params=wish)
    assert answer.status_code == 422, answer.text
    assert answer.json()["errors"][0]["field"] == field


def test_what_is_no_calendar_is_refused(owner: Client) -> None:
    for content in (b"", b"{}", b"\xff\xfe", b"BEGIN:VCALENDAR\r\n"):
        assert owner.http.post(f"{BASE}/calendar-imports/", content=content).status_code == 422
