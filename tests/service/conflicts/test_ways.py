"""Ways out of conflicts: tried, ranked, kept by their content, and applied whole."""

from typing import Any

import pytest
from fastapi import FastAPI
from sqlalchemy import select

from models.records import AuditEntry, Role
from service.database import Database
from tests.service.accounts import Client, Json, account
from tests.service.booking.visits import at, booked, resource_of, taken, team_of, user_of
from tests.service.conflicts.test_live import absence, again, conflicts, one


def ways(client: Client, conflict: Json) -> list[Json]:
    """The ways out of a conflict, the best first."""
    answer = client.post(f"conflicts/{conflict['id']}/suggest-resolutions/")
    assert answer.status_code == 200, answer.text
    found: list[Json] = answer.json()["options"]
    return found


def way(client: Client, conflict: Json, kind: str) -> Json:
    """The best of a kind."""
    return next(each for each in ways(client, conflict) if each["kind"] == kind)


def apply(client: Client, conflict: Json, option: Json, **headers: str) -> Any:
    body = {"option": option["option"]}
    return client.post(f"conflicts/{conflict['id']}/resolve/", body, headers=headers)


def visit_of(client: Client, key: int) -> Json:
    return dict(client.get(f"appointments/{key}/").json())


def two_able(client: Client) -> tuple[int, int]:
    return user_of(client, "Ana", skills=["windows"]), user_of(client, "Bo", skills=["windows"])


def away(client: Client, **more: Any) -> tuple[int, int, Json, Json, Json]:
    """Ana is on leave over a visit, and Bo could come: both, the visit, the leave and the conflict."""
    ana, bo = two_able(client)
    visit = booked(client, 18, assigned_users=[ana], **more)
    leave = absence(client, 16, 20, user=ana)
    return ana, bo, visit, leave, one(client)


def test_leave_over_a_visit_has_ways_out_ranked_by_whom_they_disturb(owner: Client) -> None:
    ana, bo, visit, _, found = away(owner)
    offered = ways(owner, found)
    assert [each["kind"] for each in offered] == [
        "reassign",
        "move",
        "move",
        "lift_absence",
        "accept",
        "unschedule",
    ]
    first, nearest = offered[:2]
    assert first["summary"] == f"Send Bo instead of Ana for visit ({visit['id']})."
    assert (first["people"], first["clients"], first["cost_delta"]) == ([ana, bo], 0, 30)
    assert first["terms"] == [{"name": "reassigned", "cost": 30}]
    (change,) = first["changes"]
    assert (change["appointment"], change["before"]["users"], change["after"]["users"]) == (visit["id"], [ana], [bo])
    assert nearest["summary"] == f"Move visit ({visit['id']}) from 10:00 to 12:00–13:00."
    assert (nearest["people"], nearest["clients"]) == ([ana], 1)
    assert [each["last_resort"] for each in offered] == [False] * 4 + [True] * 2
    assert [each["option"] for each in ways(owner, found)] == [each["option"] for each in offered]
    assert again(owner, found) == found
    assert visit_of(owner, visit["id"]) == visit


def test_option_is_applied_once_noted_and_audited(database: Database, owner: Client) -> None:
    ana, bo, visit, _, found = away(owner)
    option = way(owner, found, "reassign")
    answer = apply(owner, found, option)
    assert answer.status_code == 200, answer.text
    closed = answer.json()
    assert (closed["status"], closed["resolved_by"]) == ("resolved", owner.user)
    assert closed["resolution_notes"].endswith(option["summary"])
    here = visit_of(owner, visit["id"])
    assert (here["assigned_users"], here["start_datetime"], here["status"]) == ([bo], at(18), "scheduled")
    assert {(kind, key) for kind, key, *_ in taken(database, visit["id"])} == {("user", bo)}
    with database.everywhere(writes=False) as session:
        entry = session.scalars(
            select(AuditEntry).where(AuditEntry.record_type == "appointment", AuditEntry.action == "updated")
        ).one()
        assert (entry.actor, entry.reason) == (owner.user, f"conflict {found['id']}: {option['summary']}")
        assert (entry.before, entry.after) == ({"assigned_users": [ana]}, {"assigned_users": [bo]})
    assert conflicts(owner) == []
    again_ = apply(owner, found, option)
    assert (again_.status_code, again_.json()["code"]) == (409, "conflict")


@pytest.mark.parametrize("kind", ["move", "lift_absence", "unschedule", "accept"])
def test_each_kind_does_what_it_says(owner: Client, kind: str) -> None:
    _ana, _, visit, _leave, found = away(owner)
    answer = apply(owner, found, way(owner, found, kind))
    assert answer.status_code == 200, answer.text
    assert answer.json()["status"] == ("ignored" if kind == "accept" else "resolved")
    here = visit_of(owner, visit["id"])
    times = {"move": ("rescheduled", at(20)), "unschedule": ("requested", None)}
    assert (here["status"], here["start_datetime"]) == times.get(kind, ("scheduled", at(18)))
    spans = [(each["start"], each["end"]) for each in owner.get("absences/?ordering=start").json()["results"]]
    assert spans == ([(at(16), at(18)), (at(19), at(20))] if kind == "lift_absence" else [(at(16), at(20))])
    assert conflicts(owner) == []


def test_stale_option_is_refused_with_what_changed_and_changes_nothing(owner: Client) -> None:
    _ana, _bo, visit, _, found = away(owner)
    option = way(owner, found, "reassign")
    moved = owner.patch(
        f"appointments/{visit['id']}/", {"start_datetime": at(17)}, params={"override": True, "reason": "x"}
    )
    assert moved.status_code == 200, moved.text
    answer = apply(owner, found, option)
    assert (answer.status_code, answer.json()["code"]) == (409, "conflict")
    (changed,) = answer.json()["changed"]
    assert (changed["appointment"], changed["was"]["start"], changed["is"]["start"]) == (visit["id"], at(18), at(17))
    assert f"visit ({visit['id']}) is rescheduled instead of scheduled, starts at" in answer.json()["detail"]
    assert visit_of(owner, visit["id"]) == moved.json()
    assert again(owner, found)["status"] == "pending"


def test_option_whose_place_was_taken_is_refused_whole(owner: Client) -> None:
    ana, bo, visit, _, found = away(owner)
    option = way(owner, found, "reassign")
    booked(owner, 18, assigned_users=[bo])
    answer = apply(owner, found, option)
    assert answer.status_code == 409
    assert [each["rule"] for each in answer.json()["violations"]] == ["overlap"]
    assert visit_of(owner, visit["id"])["assigned_users"] == [ana]


def test_changed_absence_outdates_what_would_cut_it(owner: Client) -> None:
    _, _, _, leave, found = away(owner)
    option = way(owner, found, "lift_absence")
    owner.patch(f"absences/{leave['id']}/", {"end": at(21)})
    answer = apply(owner, found, option)
    assert (answer.status_code, answer.json()["changed"]) == (409, [{"absence": leave["id"]}])


def test_stale_version_of_the_conflict_is_refused(owner: Client) -> None:
    *_, found = away(owner)
    option = way(owner, found, "reassign")
    assert apply(owner, found, option, **{"If-Match": '"99"'}).status_code == 412
    assert apply(owner, found, option, **{"If-Match": f'"{found["version"]}"'}).status_code == 200


def test_unknown_option_and_that_of_another_conflict_are_refused(owner: Client) -> None:
    *_, found = away(owner)
    option = way(owner, found, "reassign")
    visits = [booked(owner, hour)["id"] for hour in (9, 10)]
    body = {"conflict_type": "time_conflict", "primary_appointment": visits[0], "conflicting_appointment": visits[1]}
    other = owner.made("conflicts/", body)
    for asked in (option, {"option": "0" * 16}):
        answer = apply(owner, other, asked)
        assert (answer.status_code, answer.json()["code"]) == (409, "conflict")
        assert "Ask suggest-resolutions/" in answer.json()["detail"]


def test_what_is_pinned_or_under_way_gives_no_way(owner: Client) -> None:
    *_, visit, leave, found = away(owner)
    owner.patch(f"appointments/{visit['id']}/", {"pinned": True})
    assert [each["kind"] for each in ways(owner, found)] == ["lift_absence", "accept"]
    owner.delete(f"absences/{leave['id']}/")
    assert ways(owner, found) == []


def test_sick_people_are_not_asked_to_come(owner: Client) -> None:
    ana = user_of(owner, "Ana")
    booked(owner, 18, assigned_users=[ana])
    owner.made("absences/", {"start": at(16), "end": at(20), "user": ana, "kind": "sickness"})
    assert "lift_absence" not in [each["kind"] for each in ways(owner, one(owner))]


def test_things_in_question_have_alternatives_of_their_kind(owner: Client) -> None:
    van, other = (resource_of(owner, name=name, resource_type="vehicle", capacity=2) for name in ("Van 1", "Van 2"))
    resource_of(owner, name="Bike", resource_type="vehicle")
    resource_of(owner, name="Room", resource_type="room", capacity=2)
    visit = booked(owner, 18, required_resources=[van])
    absence(owner, 16, 20, resource=van)
    option = way(owner, one(owner), "reassign")
    assert option["summary"] == f"Take Van 2 instead of Van 1 for visit ({visit['id']})."
    assert apply(owner, one(owner), option).status_code == 200
    assert visit_of(owner, visit["id"])["required_resources"] == [other]


def test_whole_team_is_replaced_by_another_one(owner: Client) -> None:
    north, (first, _) = team_of(owner, 2, name="North")
    south, members = team_of(owner, 2, name="South")
    visit = booked(owner, 18, assigned_team=north)
    absence(owner, 16, 20, user=first)
    option = way(owner, one(owner), "reassign")
    assert option["summary"] == f"Give it to South for visit ({visit['id']})."
    assert apply(owner, one(owner), option).status_code == 200
    here = visit_of(owner, visit["id"])
    assert (here["assigned_team"], here["assigned_users"], here["whole_team"]) == (south, members, True)


def test_leave_that_touches_an_end_makes_it_shorter(owner: Client) -> None:
    visit = booked(owner, 18, assigned_users=[user_of(owner, "Ana")])
    owner.made("absences/", {"start": at(18, 50), "end": at(20), "user": visit["assigned_users"][0]})
    option = way(owner, one(owner), "shorten")
    assert option["summary"] == f"End visit ({visit['id']}) 10 minutes earlier, at 10:50."
    assert apply(owner, one(owner), option).status_code == 200
    here = visit_of(owner, visit["id"])
    assert (here["start_datetime"], here["end_datetime"], here["duration_minutes"]) == (at(18), at(18, 50), 50)


def test_rules_of_roles_hold_for_options(app: FastAPI, database: Database, owner: Client) -> None:
    *_, visit, _, found = away(owner)
    dispatcher, viewer = (
        Client(app, account(database, role, owner.organization)) for role in (Role.DISPATCHER, Role.VIEWER)
    )
    assert "accept" not in [each["kind"] for each in ways(dispatcher, found)]
    accepting = way(owner, found, "accept")
    assert apply(dispatcher, found, accepting).status_code == 403
    assert again(owner, found)["status"] == "pending"
    assert viewer.post(f"conflicts/{found['id']}/suggest-resolutions/").status_code == 403
    assert apply(dispatcher, found, way(dispatcher, found, "move")).status_code == 200
    assert visit_of(owner, visit["id"])["status"] == "rescheduled"
