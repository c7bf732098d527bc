"""Series as the API shows them, in the days and words of a test."""

from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from tests.service.accounts import Client, Json

ZONE = ZoneInfo("America/Los_Angeles")


def first_day() -> date:
    """The Monday after next, in the zone of the organization: everything around it is still to come."""
    today = datetime.now(ZONE).date()
    return today + timedelta(days=14 - today.weekday())


MONDAY = first_day()


def at(day: int, hour: int = 9, minute: int = 0) -> str:
    """A time of day some days after the first Monday."""
    return datetime.combine(MONDAY + timedelta(days=day), time(hour, minute), ZONE).isoformat()


def day_and_time(text: str) -> str:
    """What the wall shows: days after the first Monday, and the time of day."""
    local = datetime.fromisoformat(text).astimezone(ZONE)
    return f"{(local.date() - MONDAY).days} {local:%H:%M}"


def visit(day: int = 0, hour: int = 9, **more: Any) -> Json:
    """An hour's visit by nobody yet."""
    return {"title": "visit", "start_datetime": at(day, hour), "duration_minutes": 60} | more


def everything(client: Client) -> list[Json]:
    """All appointments, in the order in which their series want them."""
    answer = client.get("appointments/?page_size=200")
    assert answer.status_code == 200
    rows: list[Json] = answer.json()["results"]
    return sorted(rows, key=lambda row: (row["original_start"] or row["start_datetime"] or "", row["id"]))


def calendar(client: Client, *fields: str) -> list[Any]:
    """When everything is that has a time, and more of it."""
    rows = [row for row in everything(client) if row["start_datetime"] and row["status"] != "cancelled"]
    if not fields:
        return [day_and_time(row["start_datetime"]) for row in rows]
    return [(day_and_time(row["start_datetime"]), *(row[name] for name in fields)) for row in rows]
