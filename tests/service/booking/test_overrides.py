"""Rules that a planner may override, and bookings that nobody may."""

import pytest
from fastapi import FastAPI

from models.records import Role
from service.database import Database
from tests.service.accounts import Client, Json, account
from tests.service.booking.visits import at, booked, refused, resource_of, taken, team_of, user_of, visit

OVERRIDE = "?override=true&reason=The+client+insists."


@pytest.fixture
def crowded(owner: Client) -> Json:
    """A body that books a team beyond its limit, for which a rule can be overridden."""
    team, users = team_of(owner, 2)
    booked(owner, 9, assigned_team=team, assigned_users=users[:1])
    return visit(9, assigned_team=team, assigned_users=users[1:])


@pytest.mark.parametrize("role", [Role.OWNER, Role.PLANNER])
def test_planner_overrides_a_rule_with_a_reason(
    app: FastAPI, database: Database, owner: Client, crowded: Json, role: Role
) -> None:
    planner = Client(app, account(database, role, owner.organization))
    answer = planner.post("appointments/", crowded)
    refused(answer)
    assert answer.json()["can_be_overridden"] is True
    answer = planner.post(f"appointments/{OVERRIDE}", crowded)
    assert answer.status_code == 201, answer.text
    made = answer.json()
    assert ("team", crowded["assigned_team"], 540, 600, False, 1) in taken(database, made["id"])
    entries = planner.get(f"audit-log/?record={made['id']}&record_type=appointment").json()["results"]
    assert {(each["action"], each["reason"], each["actor"]) for each in entries} == {
        ("created", "The client insists.", planner.user),
        ("overridden", "The client insists.", planner.user),
    }
    overridden = next(each for each in entries if each["action"] == "overridden")
    assert [each["rule"] for each in overridden["after"]["violations"]] == ["team"]


def test_dispatcher_may_not_override(app: FastAPI, database: Database, owner: Client, crowded: Json) -> None:
    dispatcher = Client(app, account(database, Role.DISPATCHER, owner.organization))
    answer = dispatcher.post(f"appointments/{OVERRIDE}", crowded)
    assert (answer.status_code, answer.json()["code"]) == (403, "forbidden")
    refused(dispatcher.post("appointments/", crowded))


@pytest.mark.parametrize("query", ["?override=true", "?override=true&reason=", "?override=true&reason=%20"])
def test_override_needs_a_reason(owner: Client, crowded: Json, query: str) -> None:
    answer = owner.post(f"appointments/{query}", crowded)
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, "reason")


def test_nobody_is_booked_twice_whoever_asks(owner: Client) -> None:
    user, room = user_of(owner), resource_of(owner)
    booked(owner, 9, assigned_users=[user], required_resources=[room])
    for field, key in (("assigned_users", user), ("required_resources", room)):
        answer = owner.post(f"appointments/{OVERRIDE}", visit(9) | {field: [key]})
        refused(answer)
        assert answer.json()["can_be_overridden"] is False


def test_changes_and_actions_can_be_overridden(owner: Client, crowded: Json) -> None:
    made = owner.made("appointments/", crowded | {"start_datetime": at(12)})
    where = f"appointments/{made['id']}/"
    refused(owner.patch(where, {"start_datetime": at(9)}))
    refused(owner.post(f"{where}reschedule/", {"start_datetime": at(9)}))
    assert owner.post(f"{where}reschedule/{OVERRIDE}", {"start_datetime": at(9)}).status_code == 200
    assert owner.patch(where, {"start_datetime": at(12)}).status_code == 200
    assert owner.patch(f"{where}{OVERRIDE}", {"start_datetime": at(9)}).status_code == 200


def test_override_of_nothing_is_a_plain_booking(owner: Client) -> None:
    answer = owner.post(f"appointments/{OVERRIDE}", visit(9))
    entries = owner.get(f"audit-log/?record={answer.json()['id']}&record_type=appointment").json()["results"]
    assert [each["action"] for each in entries] == ["created"]
