"""What a booking takes, and what stands in its way."""

import pytest
from fastapi import FastAPI

from service.database import Database
from tests.service.accounts import Client, Json, account
from tests.service.booking.visits import (
    at,
    booked,
    refused,
    request,
    resource_of,
    taken,
    team_of,
    user_of,
    visit,
)


def test_user_is_in_one_place_at_a_time(owner: Client) -> None:
    user = user_of(owner, "Ana")
    first = booked(owner, 9, assigned_users=[user])
    [violation] = refused(owner.post("appointments/", visit(9, 30, assigned_users=[owner.user, user])))
    assert violation == {
        "rule": "overlap",
        "conflict_type": "double_booking",
        "impact_level": "medium",
        "appointments": [first["id"]],
        "users": [user],
        "resources": [],
        "teams": [],
        "start": at(9),
        "end": at(9, 30),
        "amount": 30,
        "message": f"User {user} (Ana) is booked for appointment {first['id']} from 2027-03-01 09:00 to "
        "2027-03-01 10:00 UTC.",
    }
    assert owner.get("appointments/").json()["count"] == 1
    booked(owner, 10, assigned_users=[user])
    booked(owner, 8, assigned_users=[user])


def test_booking_takes_buffers_too(owner: Client, database: Database) -> None:
    user = user_of(owner)
    needs = {"buffer_before_minutes": 10, "buffer_after_minutes": 20}
    made = booked(owner, 9, assigned_users=[user], requirements=needs)
    assert taken(database, made["id"]) == {("user", user, 530, 620, True, None)}
    refused(owner.post("appointments/", visit(10, 5, assigned_users=[user])))
    refused(owner.post("appointments/", visit(8, 55, assigned_users=[user])))
    booked(owner, 8, 50, assigned_users=[user])


def test_requested_finished_and_hidden_take_nothing(owner: Client, database: Database) -> None:
    user = user_of(owner)
    for status in ("requested", "completed", "cancelled", "no_show"):
        made = booked(owner, 9, assigned_users=[user], status=status)
        assert taken(database, made["id"]) == set()
    hidden = booked(owner, 9, assigned_users=[user])
    assert owner.delete(f"appointments/{hidden['id']}/").status_code == 204
    assert taken(database, hidden["id"]) == set()
    booked(owner, 9, assigned_users=[user])


@pytest.mark.parametrize("status", ["scheduled", "confirmed", "in_progress", "rescheduled"])
def test_busy_ones_take_their_time(owner: Client, status: str) -> None:
    user = user_of(owner)
    booked(owner, 9, assigned_users=[user], status=status)
    refused(owner.post("appointments/", visit(9, assigned_users=[user])))


def test_whole_resource_is_taken_once(owner: Client, database: Database) -> None:
    room = resource_of(owner, capacity=20)
    made = booked(owner, 9, required_resources=[room])
    assert taken(database, made["id"]) == {("resource", room, 540, 600, True, None)}
    [violation] = refused(owner.post("appointments/", visit(9, required_resources=[room])))
    assert (violation["rule"], violation["conflict_type"]) == ("capacity", "resource_conflict")
    assert violation["resources"] == [room]


def units(resource: int, count: int | None) -> Json:
    return {"requirements": {"resources": [{"resource": resource, "units": count}]}}


def test_units_of_a_resource_are_shared_up_to_its_capacity(owner: Client, database: Database) -> None:
    cart = resource_of(owner, capacity=5)
    first = booked(owner, 9, **units(cart, 3))
    assert first["required_resources"] == [cart]
    assert taken(database, first["id"]) == {("resource", cart, 540, 600, False, 3)}
    booked(owner, 9, **units(cart, 2))
    [violation] = refused(owner.post("appointments/", visit(9, **units(cart, 1))))
    assert (violation["conflict_type"], violation["amount"]) == ("capacity_exceeded", 1)
    booked(owner, 10, **units(cart, 5))


def test_units_count_at_each_instant(owner: Client) -> None:
    cart = resource_of(owner, capacity=2)
    booked(owner, 9, **units(cart, 1))
    booked(owner, 10, **units(cart, 1))
    booked(owner, 9, 120, **units(cart, 1))
    refused(owner.post("appointments/", visit(9, 120, **units(cart, 1))))


@pytest.mark.parametrize(("first", "second"), [(None, 1), (1, None)])
def test_whole_and_units_exclude_each_other(owner: Client, first: int | None, second: int | None) -> None:
    cart = resource_of(owner, capacity=5)
    booked(owner, 9, **units(cart, first))
    answer = owner.post("appointments/?override=true&reason=x", visit(9, **units(cart, second)))
    [violation] = refused(answer)
    assert violation["conflict_type"] == "capacity_exceeded"


def test_more_units_than_there_are_are_refused(owner: Client) -> None:
    cart = resource_of(owner, capacity=2)
    [violation] = refused(owner.post("appointments/", visit(9, **units(cart, 3))))
    assert violation["amount"] == 1


def test_demand_for_a_type_is_met_by_the_resource_that_was_chosen(owner: Client, database: Database) -> None:
    van = resource_of(owner, resource_type="vehicle", capacity=4)
    room = resource_of(owner, resource_type="room", capacity=4, specifications={"features": ["projector"]})
    needs = {
        "resources": [
            {"resource_type": "room", "features": ["projector"], "units": 1},
            {"resource_type": "vehicle", "units": 2},
        ]
    }
    made = booked(owner, 9, required_resources=[van, room], requirements=needs)
    assert taken(database, made["id"]) == {
        ("resource", van, 540, 600, False, 2),
        ("resource", room, 540, 600, False, 1),
    }


@pytest.mark.parametrize("state", [{"is_active": False}, {"is_available": False}])
def test_resource_out_of_service_takes_no_bookings(owner: Client, state: Json) -> None:
    room = resource_of(owner, **state)
    [violation] = refused(owner.post("appointments/", visit(9, required_resources=[room])), "rule_violated")
    assert (violation["rule"], violation["resources"]) == ("availability", [room])


def test_whole_team_is_taken_as_it_is_when_it_is_booked(owner: Client, database: Database) -> None:
    team, users = team_of(owner, 2, max_concurrent=2)
    made = booked(owner, 9, assigned_team=team)
    assert (made["assigned_users"], made["whole_team"]) == (users, True)
    everybody = {("user", user, 540, 600, True, None) for user in users}
    assert taken(database, made["id"]) == {("team", team, 540, 600, False, 1)} | everybody
    new = user_of(owner)
    owner.made(f"teams/{team}/add-member/", {"user": new})
    assert owner.get(f"appointments/{made['id']}/").json()["assigned_users"] == users
    booked(owner, 9, assigned_users=[new])
    refused(owner.post("appointments/", visit(9, assigned_users=[users[0]])))


def test_inactive_members_stay_at_home(owner: Client) -> None:
    team, users = team_of(owner, 3)
    owner.patch(f"users/{users[0]}/", {"is_active": False})
    [member] = owner.get(f"team-members/?team={team}&user={users[1]}").json()["results"]
    owner.patch(f"team-members/{member['id']}/", {"is_active": False})
    assert booked(owner, 9, assigned_team=team)["assigned_users"] == [users[2]]


def test_another_team_brings_its_own_members(owner: Client) -> None:
    team, _ = team_of(owner, 1)
    other, others = team_of(owner, 2)
    made = booked(owner, 9, assigned_team=team)
    changed = owner.put(f"appointments/{made['id']}/", made | {"assigned_team": other}).json()
    assert (changed["assigned_users"], changed["whole_team"]) == (others, True)
    named = owner.patch(f"appointments/{made['id']}/", {"assigned_users": others[:1]}).json()
    assert (named["assigned_users"], named["whole_team"], named["status"]) == (others[:1], False, "scheduled")


def test_team_works_at_so_many_places_at_once(owner: Client) -> None:
    team, users = team_of(owner, 3, max_concurrent=2)
    for user in users[:2]:
        booked(owner, 9, assigned_team=team, assigned_users=[user])
    [violation] = refused(owner.post("appointments/", visit(9, assigned_team=team, assigned_users=users[2:])))
    assert (violation["rule"], violation["conflict_type"]) == ("team", "team_conflict")
    assert violation["teams"] == [team]
    assert violation["amount"] == 1


def test_team_that_is_required_is_assigned(owner: Client) -> None:
    team, users = team_of(owner, 1)
    made = booked(owner, 9, requirements={"team": {"any_of": [team]}})
    assert (made["assigned_team"], made["assigned_users"]) == (team, users)


def test_positions_are_filled_by_who_can(owner: Client, database: Database) -> None:
    both, one = user_of(owner, skills=["windows", "floors"]), user_of(owner, skills=["floors"])
    crew = [{"skills": ["floors"]}, {"skills": ["windows"]}]
    made = booked(owner, 9, assigned_users=[both, one], requirements={"crew": crew})
    with database.engine.connect() as connection:
        query = f"SELECT user_id, position FROM appointment_users WHERE appointment_id = {made['id']}"
        assert dict(connection.exec_driver_sql(query).all()) == {both: 1, one: 0}


def test_all_that_stands_in_the_way_is_told_at_once(owner: Client) -> None:
    users, room = [user_of(owner) for _ in range(7)], resource_of(owner)
    booked(owner, 9, assigned_users=users, required_resources=[room])
    answer = owner.post("appointments/", visit(9, assigned_users=users, required_resources=[room]))
    assert len(refused(answer)) == 8
    assert answer.json()["detail"].endswith("And 3 more.")


def test_change_of_something_else_is_no_booking(owner: Client, database: Database) -> None:
    room = resource_of(owner)
    made = booked(owner, 9, required_resources=[room])
    owner.patch(f"resources/{room}/", {"is_active": False})
    answer = owner.patch(f"appointments/{made['id']}/", {"title": "other", "client_name": "Jo"})
    assert (answer.status_code, answer.json()["status"]) == (200, "scheduled")
    assert taken(database, made["id"]) == {("resource", room, 540, 600, True, None)}


def test_moved_booking_frees_what_it_had(owner: Client, database: Database) -> None:
    ana, bo, room = user_of(owner), user_of(owner), resource_of(owner)
    made = booked(owner, 9, assigned_users=[ana], required_resources=[room])
    where = f"appointments/{made['id']}/"
    changed = owner.patch(where, {"start_datetime": at(11), "assigned_users": [bo], "required_resources": []}).json()
    assert (changed["status"], changed["end_datetime"]) == ("rescheduled", at(12))
    assert taken(database, made["id"]) == {("user", bo, 660, 720, True, None)}
    booked(owner, 9, assigned_users=[ana], required_resources=[room])
    refused(owner.patch(where, {"start_datetime": at(9), "assigned_users": [ana]}))
    assert owner.get(where).json() == changed
    assert taken(database, made["id"]) == {("user", bo, 660, 720, True, None)}


def test_longer_booking_stays_scheduled(owner: Client, database: Database) -> None:
    user = user_of(owner)
    made = booked(owner, 9, assigned_users=[user])
    booked(owner, 11, assigned_users=[user])
    where = f"appointments/{made['id']}/"
    assert owner.patch(where, {"duration_minutes": 120}).json()["status"] == "scheduled"
    assert taken(database, made["id"]) == {("user", user, 540, 660, True, None)}
    refused(owner.patch(where, {"duration_minutes": 121}))


def test_changed_crew_stays_scheduled(owner: Client) -> None:
    ana, bo = user_of(owner), user_of(owner)
    made = booked(owner, 9, assigned_users=[ana])
    changed = owner.patch(f"appointments/{made['id']}/", {"assigned_users": [bo]}).json()
    assert (changed["status"], changed["assigned_users"]) == ("scheduled", [bo])
    booked(owner, 9, assigned_users=[ana])


def test_request_is_booked_when_it_is_scheduled(owner: Client, database: Database) -> None:
    user = user_of(owner)
    made = owner.made("appointments/", request(assigned_users=[user]))
    where = f"appointments/{made['id']}/"
    assert owner.patch(where, {"status": "scheduled"}).status_code == 422
    assert owner.patch(where, {"start_datetime": at(9)}).json()["status"] == "requested"
    assert taken(database, made["id"]) == set()
    assert owner.patch(where, {"status": "scheduled"}).status_code == 200
    assert taken(database, made["id"]) == {("user", user, 540, 600, True, None)}


def test_global_limit_takes_the_organization(owner: Client, database: Database) -> None:
    rule = {"name": "r", "rule_type": "capacity_limit", "is_global": True, "parameters": {"max_per_day": 9}}
    owner.made("rules/", rule)
    made = booked(owner, 9)
    assert taken(database, made["id"]) == {("organization", owner.organization, 540, 600, False, 1)}


def test_people_of_another_organization_cannot_be_booked(app: FastAPI, owner: Client, database: Database) -> None:
    stranger = Client(app, account(database))
    for field in ("assigned_users", "required_resources"):
        answer = stranger.post("appointments/", visit(9) | {field: [owner.user if field[0] == "a" else 1]})
        assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, f"{field}[0]")
