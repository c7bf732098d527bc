"""Bookings are held to the rules that plans are held to."""

from typing import Any

import pytest

from service.database import Database
from tests.service.accounts import Client, Json
from tests.service.booking.visits import at, booked, refused, request, resource_of, taken, team_of, user_of, visit


def broken(answer: Any) -> list[str]:
    return [each["rule"] for each in refused(answer, "rule_violated")]


MORNING = {"monday": [{"start": "09:00", "end": "12:00"}]}


def test_working_time_holds(owner: Client) -> None:
    user = user_of(owner, availability=MORNING, timezone="UTC")
    [violation] = refused(owner.post("appointments/", visit(12, assigned_users=[user])), "rule_violated")
    assert (violation["rule"], violation["users"]) == ("availability", [user])
    assert (violation["start"], violation["end"]) == (at(12), at(13))
    booked(owner, 11, assigned_users=[user])


def test_rule_of_the_organization_holds(owner: Client) -> None:
    rule = {
        "name": "r",
        "rule_type": "blackout",
        "is_global": True,
        "start_date": "2027-03-01",
        "end_date": "2027-03-01",
    }
    owner.made("rules/", rule)
    assert broken(owner.post("appointments/", visit(12))) == ["blackout"]


def test_window_and_step_hold(owner: Client) -> None:
    needs = {"windows": [{"start": at(8), "end": at(10)}]}
    assert broken(owner.post("appointments/", visit(10, requirements=needs))) == ["window"]
    answer = owner.post("appointments/", visit(9) | {"start_datetime": at(9, 3)})
    assert broken(answer) == ["step"]


def test_absence_holds(owner: Client) -> None:
    user = user_of(owner)
    owner.made("absences/", {"user": user, "start": at(9), "end": at(10)})
    assert broken(owner.post("appointments/", visit(9, assigned_users=[user]))) == ["availability"]


def test_crew_and_team_hold(owner: Client) -> None:
    team, users = team_of(owner, 2)
    stranger = user_of(owner)
    assert broken(owner.post("appointments/", visit(9, assigned_team=team, assigned_users=[stranger]))) == ["team"]
    crew = {"crew": [{"skills": ["windows"]}]}
    assert "crew" in broken(owner.post("appointments/", visit(9, assigned_users=[users[0]], requirements=crew)))


def test_demand_that_is_not_met_is_refused(owner: Client) -> None:
    room = resource_of(owner, resource_type="room")
    needs = {"resources": [{"resource_type": "vehicle"}]}
    assert set(broken(owner.post("appointments/", visit(9, requirements=needs)))) == {"capacity"}
    answer = owner.post("appointments/", visit(9, requirements=needs, required_resources=[room]))
    assert set(broken(answer)) == {"capacity"}


def test_limit_of_a_day_holds_for_the_organization_and_for_one(owner: Client) -> None:
    user = user_of(owner)
    limit = {"name": "r", "rule_type": "capacity_limit", "parameters": {"max_per_day": 1}}
    owner.made("rules/", limit | {"applies_to_users": [user]})
    booked(owner, 9, assigned_users=[user])
    assert broken(owner.post("appointments/", visit(15, assigned_users=[user]))) == ["capacity_limit"]
    owner.made("rules/", limit | {"is_global": True, "parameters": {"max_per_day": 2}})
    booked(owner, 9)
    assert broken(owner.post("appointments/", visit(15))) == ["capacity_limit"]


def test_weekly_hours_hold(owner: Client) -> None:
    user = user_of(owner, max_hours_per_week="2")
    booked(owner, 9, assigned_users=[user])
    assert broken(owner.post("appointments/", visit(15, 65, assigned_users=[user]))) == ["weekly_hours"]
    booked(owner, 15, 60, assigned_users=[user])


def test_links_hold_from_both_ends(owner: Client) -> None:
    first = booked(owner, 9)
    needs = {"after": [{"appointment": first["id"], "min_gap_minutes": 60}]}
    assert broken(owner.post("appointments/", visit(10, requirements=needs))) == ["links"]
    booked(owner, 11, requirements=needs)
    assert broken(owner.patch(f"appointments/{first['id']}/", {"start_datetime": at(9, 30)})) == ["links"]
    assert owner.patch(f"appointments/{first['id']}/", {"start_datetime": at(8)}).status_code == 200


def test_notice_binds_new_bookings_and_no_moves(owner: Client) -> None:
    made = booked(owner, 9)
    notice = {"name": "r", "rule_type": "advance_booking", "is_global": True, "parameters": {"max_days": 1}}
    owner.made("rules/", notice)
    assert broken(owner.post("appointments/", visit(12))) == ["advance_booking"]
    assert owner.patch(f"appointments/{made['id']}/", {"start_datetime": at(10)}).status_code == 200


def test_what_has_been_can_be_written_down(owner: Client) -> None:
    booked(owner, 9, assigned_users=[owner.user], start_datetime="2024-03-04T09:00:00Z")


def test_what_is_over_stands_in_nobodys_way(owner: Client) -> None:
    user, room = user_of(owner), resource_of(owner)
    body: Json = {"assigned_users": [user], "required_resources": [room]}
    made = booked(owner, 9, **body)
    owner.post(f"appointments/{made['id']}/complete/")
    booked(owner, 9, **body)


def test_planner_overrides_a_rule(owner: Client, database: Database) -> None:
    user = user_of(owner, availability=MORNING, timezone="UTC")
    body = visit(12, assigned_users=[user])
    answer = owner.post("appointments/?override=true&reason=asked", body)
    assert answer.status_code == 201
    assert taken(database, answer.json()["id"]) == {("user", user, 720, 780, True, None)}


def test_held_time_is_held_to_the_rules(owner: Client) -> None:
    user = user_of(owner, availability=MORNING, timezone="UTC")
    made = owner.made("appointments/", request(assigned_users=[user]))
    assert broken(owner.post(f"appointments/{made['id']}/hold/", {"start": at(12)})) == ["availability"]
    assert owner.post(f"appointments/{made['id']}/hold/", {"start": at(11)}).status_code == 200
    assert owner.post(f"appointments/{made['id']}/confirm/").status_code == 200


@pytest.mark.parametrize("inactive", ["users", "teams"])
def test_who_is_not_active_is_not_booked(owner: Client, inactive: str) -> None:
    team, users = team_of(owner, 1)
    key = users[0] if inactive == "users" else team
    owner.patch(f"{inactive}/{key}/", {"is_active": False})
    body = {"assigned_users": users} if inactive == "users" else {"assigned_team": team}
    assert "availability" in broken(owner.post("appointments/", visit(9, 60) | body))
