"""Explanations over HTTP."""

from fastapi import FastAPI

from models.records import Role
from service.database import Database
from tests.service.accounts import Client, Json, account
from tests.service.booking.visits import at, booked, request, user_of
from tests.service.conflicts.test_live import absence


def explanation(client: Client, key: int) -> Json:
    answer = client.get(f"appointments/{key}/explain/")
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


def test_placed_appointment_is_explained_by_its_alternatives(owner: Client) -> None:
    ana = user_of(owner, "Ana")
    other = booked(owner, 9, assigned_users=[ana])["id"]
    visit = booked(owner, 11, assigned_users=[ana], requirements={"preferred_start": at(9)})["id"]
    told = explanation(owner, visit)
    assert (told["appointment"], told["state"], told["violations"]) == (visit, "placed", [])
    assert told["details"]["assignment"]["users"] == [ana]
    assert told["details"]["terms"] == {"preferred_time": 120}
    closed = told["details"]["closed"][0]
    assert [each["rule"] for each in closed["breaks"]] == ["overlap"]
    assert f"visit ({other})" in closed["breaks"][0]["message"]


def test_request_is_explained_by_what_is_in_its_way(owner: Client) -> None:
    ana = user_of(owner, "Ana")
    visit = booked(owner, 8, 600, assigned_users=[ana])["id"]
    needs = {"windows": [{"start": at(8), "end": at(18)}], "crew": [{}], "users": {"allowed": [ana]}}
    made = owner.made("appointments/", request(requirements=needs))
    told = explanation(owner, made["id"])
    assert (told["state"], told["details"]["kind"]) == ("left_out", "blocked")
    (cause,) = told["details"]["causes"]
    assert [each["appointment"] for each in cause["blockers"]] == [visit]
    assert f"Ana ({ana})" in cause["message"]


def test_broken_appointment_is_explained_by_what_it_breaks(owner: Client) -> None:
    ana = user_of(owner, "Ana")
    visit = booked(owner, 9, assigned_users=[ana])["id"]
    absence(owner, 8, 12, user=ana)
    told = explanation(owner, visit)
    assert (told["state"], [each["rule"] for each in told["violations"]]) == ("broken", ["availability"])


def test_only_what_can_be_seen_and_changed_is_explained(app: FastAPI, database: Database, owner: Client) -> None:
    ana = user_of(owner, "Ana")
    visit = booked(owner, 9, assigned_users=[ana])["id"]
    member = Client(app, account(database, Role.MEMBER, owner.organization))
    assert member.get(f"appointments/{visit}/explain/").status_code == 404
    owner.post(f"appointments/{visit}/cancel/")
    assert owner.get(f"appointments/{visit}/explain/").status_code == 409
