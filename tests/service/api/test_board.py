from typing import Any

import pytest
from fastapi import FastAPI

from models.records import Role
from service.board.page import FILES
from service.database import Database
from tests.service.accounts import Client, Json, account

MONDAY = {"start": "2026-11-30T08:00:00Z", "end": "2026-12-01T08:00:00Z"}  # midnight to midnight in Los Angeles


def row_of(client: Client, by: str, key: int, window: Json = MONDAY) -> Json:
    answer = client.get("board/", params={"by": by, **window})
    assert answer.status_code == 200, answer.text
    return dict(next(row for row in answer.json()["rows"] if row["id"] == key))


def spans(row: Json) -> list[tuple[str, str, str]]:
    return [(each["start"][11:16], each["end"][11:16], each["reason"]) for each in row["closed"]]


def test_closed_time_is_told_with_its_reasons(owner: Client) -> None:
    hours = {"monday": [{"start": "09:00", "end": "17:00"}]}
    user = owner.made("users/", {"name": "Ana", "availability": hours})["id"]
    away = {"user": user, "start": "2026-11-30T19:00:00Z", "end": "2026-11-30T20:00:00Z"}
    owner.made("absences/", away | {"kind": "training", "reason": "first aid"})
    owner.made(
        "rules/",
        {
            "name": "Lunch",
            "rule_type": "break_time",
            "is_global": True,
            "start_time": "12:00",
            "end_time": "12:30",
        },
    )
    assert spans(row_of(owner, "user", user)) == [
        ("08:00", "17:00", "outside working hours"),
        ("19:00", "20:00", "training: first aid"),
        ("20:00", "20:30", "Lunch"),
        ("01:00", "08:00", "outside working hours"),
    ]


def test_resource_in_maintenance_is_closed(owner: Client) -> None:
    van = owner.made("resources/", {"name": "Van"})["id"]
    owner.made(
        "absences/",
        {"resource": van, "start": "2026-11-30T10:00:00Z", "end": "2026-11-30T12:00:00Z", "kind": "maintenance"},
    )
    assert spans(row_of(owner, "resource", van)) == [("10:00", "12:00", "maintenance")]


def test_ways_between_appointments_are_told(owner: Client) -> None:
    assert owner.patch("organization/", {"travel": {}}).status_code == 200
    user = owner.made("users/", {"name": "Ana"})["id"]
    body = {"title": "a", "assigned_users": [user], "duration_minutes": 60, "latitude": 37.7}
    first = owner.made("appointments/", body | {"start_datetime": "2026-11-30T17:00:00Z", "longitude": -122.4})
    second = owner.made("appointments/", body | {"start_datetime": "2026-11-30T19:00:00Z", "longitude": -122.5})
    (way,) = row_of(owner, "user", user)["travel"]
    assert (way["origin"], way["destination"], way["end"]) == (first["id"], second["id"], "2026-11-30T19:00:00Z")


def test_member_sees_no_row_of_others(app: FastAPI, database: Database, owner: Client) -> None:
    member = Client(app, account(database, Role.MEMBER, owner.organization))
    rows = member.get("board/", params={"by": "user", **MONDAY}).json()["rows"]
    assert [row["id"] for row in rows] == [member.user]
    assert {row["id"] for row in owner.get("board/", params=MONDAY).json()["rows"]} == {owner.user, member.user}


@pytest.mark.parametrize(
    "window",
    [
        {"start": MONDAY["end"], "end": MONDAY["start"]},
        {"start": MONDAY["start"], "end": "2027-03-01T00:00:00Z"},
        {"start": MONDAY["start"]},
    ],
)
def test_bad_window_is_422(owner: Client, window: Json) -> None:
    assert owner.get("board/", params=window).status_code == 422


def test_page_asks_nobody_else_and_runs_no_script_of_its_own(owner: Client) -> None:
    page = owner.http.get("/board")
    policy = page.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "style=" not in page.text
    assert "<script>" not in page.text
    for path in FILES.rglob("*"):
        if path.suffix in (".js", ".css", ".html") and "vendor" not in path.parts:
            assert "http://" not in path.read_text().replace("http://www.w3.org", ""), path
            assert "https://" not in path.read_text(), path
            assert "innerHTML" not in path.read_text(), path


def test_files_of_the_page_are_served(owner: Client) -> None:
    page: Any = owner.http.get("/board")
    for path in FILES.rglob("*.*"):
        answer = owner.http.get(f"/board/static/{path.relative_to(FILES).as_posix()}")
        assert answer.status_code == 200, path
        assert answer.headers["Content-Security-Policy"] == page.headers["Content-Security-Policy"]
    assert owner.http.get("/board/static/../page.py").status_code == 404
