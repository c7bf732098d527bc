"""Bookings of users, teams and resources, through the API, on both databases."""

from typing import Any

from sqlalchemy import text

from service.database import Database
from tests.service.accounts import Client, Json

DAY = "2026-11-30"


def at(hour: int, minute: int = 0) -> str:
    return f"{DAY}T{hour:02}:{minute:02}:00Z"


def visit(start: int = 9, minutes: int = 60, **more: Any) -> Json:
    return {"title": "visit", "start_datetime": at(start), "duration_minutes": minutes} | more


def rows(database: Database) -> list[tuple[Any, ...]]:
    with database.engine.connect() as connection:
        query = "SELECT appointment_id, subject, exclusive, units FROM occupancies ORDER BY 1, 2"
        found = connection.execute(text(query))
        return [tuple(row) for row in found]


def test_user_is_in_one_place_at_a_time(owner: Client) -> None:
    first = owner.made("appointments/", visit(9, assigned_users=[owner.user]))
    answer = owner.post("appointments/", visit(9, 30, assigned_users=[owner.user]))
    assert (answer.status_code, answer.json()["code"]) == (409, "slot_taken")
    [violation] = answer.json()["violations"]
    assert violation["rule"] == "overlap"
    assert violation["users"] == [owner.user]
    assert violation["appointments"] == [first["id"]]
    assert owner.get("appointments/").json()["count"] == 1
    owner.made("appointments/", visit(10, assigned_users=[owner.user]))
