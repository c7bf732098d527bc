"""Occurrences made ahead as time goes on."""

from datetime import datetime

import pytest

from models.records import Organization
from service.callers import Caller
from service.database import Database
from service.series.materializing import extend
from tests.service.accounts import Client
from tests.service.series.calendar_of import MONDAY, ZONE, at, calendar, everything, visit


def made_ahead(client: Client, database: Database) -> int:
    assert client.who is not None
    caller = Caller(client.organization, client.user, "", client.who.role)
    with database.session(caller) as session:
        count = extend(session, session.get_one(Organization, client.organization))
        session.commit()
    return count


def reach(client: Client, days: int) -> None:
    """Let the service look ahead until some day after the first Monday, which it does not reach by itself."""
    ahead = (MONDAY - datetime.now(ZONE).date()).days + days
    assert client.put("organization/", {"policies": {"materialize_days": ahead}}).status_code == 200


def test_series_grows_as_time_goes_on_and_only_once(owner: Client, database: Database) -> None:
    owner.put("organization/", {"policies": {"materialize_days": 3}})
    owner.made("appointments/", visit(title="a", recurrence_rule="FREQ=DAILY", assigned_users=[owner.user]))
    keys = [row["id"] for row in everything(owner)]
    assert len(keys) == 3
    owner.patch(f"appointments/{keys[0]}/", {"title": "special"})
    owner.delete(f"appointments/{keys[1]}/")
    assert made_ahead(owner, database) == 0
    reach(owner, 8)
    count = made_ahead(owner, database)
    assert count >= 4
    assert made_ahead(owner, database) == 0
    days = [0, *range(2, 3 + count)]
    assert calendar(owner, "title") == [(f"{day} 09:00", "a" if day else "special") for day in days]
    later = [row for row in everything(owner) if row["id"] not in keys]
    assert {(row["parent_appointment"], *row["assigned_users"], row["status"]) for row in later} == {
        (keys[0], owner.user, "scheduled")
    }


def test_what_clashes_later_becomes_a_request_with_a_conflict_until_it_is_booked(
    owner: Client, database: Database
) -> None:
    owner.put("organization/", {"policies": {"materialize_days": 2}})
    owner.made("appointments/", visit(recurrence_rule="FREQ=DAILY", assigned_users=[owner.user]))
    other = owner.made("appointments/", visit(4, assigned_users=[owner.user], title="other"))
    reach(owner, 8)
    assert made_ahead(owner, database) >= 4
    [request] = [row for row in everything(owner) if row["status"] == "requested"]
    assert (request["start_datetime"], request["duration_minutes"]) == (None, 60)
    [conflict] = owner.get(f"conflicts/?primary_appointment={request['id']}").json()["results"]
    assert (conflict["status"], conflict["conflicting_appointment"]) == ("pending", other["id"])
    booked = owner.patch(f"appointments/{request['id']}/", {"start_datetime": at(4, 15), "status": "scheduled"})
    assert booked.status_code == 200, booked.text
    assert owner.get(f"conflicts/{conflict['id']}/").json()["status"] == "resolved"


@pytest.mark.parametrize("rule", ["FREQ=DAILY;COUNT=2", "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30"])
def test_series_that_is_complete_does_not_grow(owner: Client, database: Database, rule: str) -> None:
    owner.made("appointments/", visit(recurrence_rule=rule))
    before = everything(owner)
    assert made_ahead(owner, database) == 0
    assert everything(owner) == before


def test_cancelled_series_does_not_grow(owner: Client, database: Database) -> None:
    owner.put("organization/", {"policies": {"materialize_days": 3}})
    made = owner.made("appointments/", visit(recurrence_rule="FREQ=DAILY"))
    owner.post(f"appointments/{made['id']}/cancel/?scope=all")
    reach(owner, 20)
    assert made_ahead(owner, database) == 0
    assert calendar(owner) == []
