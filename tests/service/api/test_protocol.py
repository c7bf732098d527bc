"""What HTTP adds: errors, versions, keys of requests, headers."""

import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from fastapi import FastAPI
from sqlalchemy import select

from models import records
from models.records import IdempotencyKey
from service.database import Database
from service.examples import EXAMPLES
from service.idempotency import KEPT
from tests.service.accounts import Client, account

TEAM = {"name": "a"}


def once(key: str = "k1") -> dict[str, str]:
    return {"Idempotency-Key": key}


@pytest.mark.parametrize(
    ("body", "field", "found"),
    [
        pytest.param({}, "name", "nothing", id="missing"),
        pytest.param({"name": 5}, "name", "5", id="type"),
        pytest.param({"name": "a", "colour": 1}, "colour", 'the unknown field "colour"', id="unknown"),
        pytest.param({"name": "a", "max_members": 0}, "max_members", "0", id="limit"),
        pytest.param({"name": "a\0"}, "name", '"a\\x00"', id="null character"),
        pytest.param(
            {"name": "a", "availability_schedule": {"monday": {"start": "9", "end": "17:00"}}},
            "availability_schedule.monday[0].start",
            '"9"',
            id="inside",
        ),
    ],
)
def test_fault_of_a_body_is_named_with_its_place(owner: Client, body: Any, field: str, found: str) -> None:
    answer = owner.post("teams/", body)
    assert answer.status_code == 422
    assert answer.headers["Content-Type"] == "application/problem+json"
    problem = answer.json()
    assert (problem["code"], problem["status"]) == ("invalid", 422)
    assert problem["request_id"] == answer.headers["X-Request-ID"]
    assert [(each["location"], each["field"], each["found"]) for each in problem["errors"]] == [("body", field, found)]


def test_all_faults_come_at_once(owner: Client) -> None:
    answer = owner.post("teams/", {"max_members": 0, "is_active": "yes"})
    assert {each["field"] for each in answer.json()["errors"]} == {"name", "max_members", "is_active"}


def test_mistyped_field_is_answered_with_the_nearest(owner: Client) -> None:
    assert owner.post("teams/", {"name": "a", "skill": []}).json()["errors"][0]["advice"] == 'Did you mean "skills"?'


@pytest.mark.parametrize("raw", ["{", '{"name": NaN}', "[]", '"text"', "null", '{"name": "\\ud800"}', "", "1" * 5000])
def test_body_that_is_no_object_is_refused(owner: Client, raw: str) -> None:
    headers = {"Content-Type": "application/json"}
    answer = owner.http.post("/api/scheduling/teams/", content=raw, headers=headers)
    assert answer.status_code in (400, 422), answer.text
    assert answer.json()["code"] in ("malformed", "invalid")


def test_large_body_is_413(owner: Client) -> None:
    answer = owner.post("teams/", {"name": "a", "description": "x" * 1_100_000})
    assert (answer.status_code, answer.json()["code"]) == (413, "too_large")


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("GET", "/nowhere", 404, "not_found"),
        ("GET", "/api/scheduling/teams", 404, "not_found"),
        ("GET", "/api/scheduling/teams/x/", 404, "not_found"),
        ("GET", "/api/scheduling/teams/0/", 404, "not_found"),
        ("GET", f"/api/scheduling/teams/{10**30}/", 404, "not_found"),
        ("DELETE", "/api/scheduling/teams/", 405, "method_not_allowed"),
    ],
)
def test_wrong_address_or_method_is_a_problem(owner: Client, method: str, path: str, status: int, code: str) -> None:
    answer = owner.http.request(method, path)
    assert (answer.status_code, answer.json()["code"]) == (status, code)


def test_if_match_guards_changes_and_deletions(owner: Client) -> None:
    made = owner.made("teams/", TEAM)
    at, old = f"teams/{made['id']}/", {"If-Match": f'"{made["version"]}"'}
    changed = owner.put(at, {"name": "b"}, headers=old)
    assert changed.status_code == 200
    stale = owner.put(at, {"name": "c"}, headers=old)
    assert (stale.status_code, stale.json()["code"]) == (412, "stale")
    assert owner.delete(at, headers=old).status_code == 412
    assert owner.delete(at, headers={"If-Match": changed.headers["ETag"]}).status_code == 204


def test_if_none_match_saves_the_body(owner: Client) -> None:
    made = owner.made("locations/", {"name": "a", "latitude": 0, "longitude": 0})
    answer = owner.get(f"locations/{made['id']}/", headers={"If-None-Match": 'W/"1"'})
    assert (answer.status_code, answer.content, answer.headers["ETag"]) == (304, b"", '"1"')


def test_repeated_request_gets_the_same_answer_and_is_done_once(owner: Client) -> None:
    first, second = (owner.post("teams/", TEAM, headers=once()) for _ in range(2))
    assert (first.status_code, second.status_code) == (201, 201)
    assert second.content == first.content
    assert second.headers["ETag"] == first.headers["ETag"]
    assert second.headers["Idempotency-Replayed"] == "true"
    assert owner.get("teams/").json()["count"] == 1


def test_key_belongs_to_its_body_path_and_caller(app: FastAPI, database: Database, owner: Client) -> None:
    owner.post("teams/", TEAM, headers=once())
    reused = owner.post("teams/", {"name": "b"}, headers=once())
    assert (reused.status_code, reused.json()["code"]) == (422, "key_reused")
    assert owner.post("resources/", TEAM, headers=once()).status_code == 201
    other = Client(app, account(database))
    assert other.post("teams/", {"name": "b"}, headers=once()).status_code == 201


def test_failed_request_frees_its_key(owner: Client) -> None:
    assert owner.post("teams/", {"name": ""}, headers=once()).status_code == 422
    assert owner.post("teams/", TEAM, headers=once()).status_code == 201


def test_request_that_failed_while_writing_frees_its_key_at_once(owner: Client) -> None:
    started = time.monotonic()
    body = {"user": 99}
    assert owner.post("teams/99/add-member/", body, headers=once()).status_code == 404
    team = owner.made("teams/", TEAM)["id"]
    assert owner.post(f"teams/{team}/add-member/", body, headers=once()).status_code == 422
    assert owner.post(f"teams/{team}/add-member/", body, headers=once()).status_code == 422
    assert time.monotonic() - started < 20


def test_second_use_while_the_first_is_under_way_is_409(owner: Client, database: Database) -> None:
    first = owner.post("teams/", TEAM, headers=once())
    with database.everywhere() as session:
        session.scalars(select(IdempotencyKey)).one().status = None
        session.commit()
    second = owner.post("teams/", TEAM, headers=once())
    assert (second.status_code, second.json()["code"]) == (409, "under_way")
    assert first.status_code == 201


def test_key_is_forgotten_after_a_day(owner: Client, database: Database) -> None:
    owner.post("teams/", TEAM, headers=once())
    with database.everywhere() as session:
        session.scalars(select(IdempotencyKey)).one().created_at -= KEPT
        session.commit()
    assert owner.post("teams/", TEAM, headers=once()).headers.get("Idempotency-Replayed") is None
    assert owner.get("teams/").json()["count"] == 2


def test_same_key_at_the_same_time_is_done_once(app: FastAPI, database: Database) -> None:
    who = account(database)
    with ThreadPoolExecutor(4) as threads:
        answers = list(threads.map(lambda _: Client(app, who).post("teams/", TEAM, headers=once()), range(4)))
    assert {answer.status_code for answer in answers} <= {201, 409}
    assert Client(app, who).get("teams/").json()["count"] == 1


@pytest.mark.parametrize("key", ["", "a b", "x" * 201])
def test_bad_key_is_422(owner: Client, key: str) -> None:
    answer = owner.post("teams/", TEAM, headers=once(key))
    assert (answer.status_code, answer.json()["errors"][0]["location"]) == (422, "header")


def test_request_id_is_taken_over_if_it_is_sane(owner: Client) -> None:
    assert owner.get("teams/", headers={"X-Request-ID": "abc-1"}).headers["X-Request-ID"] == "abc-1"
    assert owner.get("teams/", headers={"X-Request-ID": "a b\x7f"}).headers["X-Request-ID"] != "a b\x7f"


def test_answers_carry_safe_headers(owner: Client) -> None:
    headers = owner.get("teams/").headers
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]


def test_every_change_is_in_the_audit_log(owner: Client) -> None:
    made = owner.made("users/", {"name": "a", "email": "a@example.com"})
    at = f"users/{made['id']}/"
    owner.put(at, {"name": "b"}, headers={"X-Request-ID": "the-change"})
    owner.post(f"{at}set-password/", {"password": "correct horse"})
    owner.delete(at)
    entries = owner.get(f"audit-log/?record_type=user&record={made['id']}").json()["results"]
    assert [each["action"] for each in entries] == ["created", "updated", "updated", "deleted"]
    assert {each["actor"] for each in entries} == {owner.user}
    assert entries[0]["before"] is None
    assert entries[0]["after"]["email"] == "a@example.com"
    assert (entries[1]["before"], entries[1]["after"]) == ({"name": "a"}, {"name": "b"})
    assert entries[1]["request_id"] == "the-change"
    assert entries[2]["after"] == {"password_hash": "(not shown)"}
    assert entries[3]["before"]["name"] == "b"
    assert "correct horse" not in str(entries)


def test_hidden_appointment_and_new_links_are_in_the_audit_log(owner: Client) -> None:
    made = owner.made("appointments/", {"title": "a", "status": "requested", "duration_minutes": 30})
    owner.put(f"appointments/{made['id']}/", {"assigned_users": [owner.user]})
    owner.delete(f"appointments/{made['id']}/")
    entries = owner.get("audit-log/?record_type=appointment").json()["results"]
    assert [each["action"] for each in entries] == ["created", "updated", "deleted"]
    assert (entries[1]["before"], entries[1]["after"]) == (
        {"assigned_users": []},
        {"assigned_users": [owner.user]},
    )


def test_audit_log_cannot_be_written(owner: Client) -> None:
    assert owner.post("audit-log/", {}).status_code == 405
    assert owner.delete("audit-log/1/").status_code == 405


def test_documentation_needs_no_network(owner: Client) -> None:
    page = owner.http.get("/docs")
    assert page.status_code == 200
    assert "http://" not in page.text
    assert "https://" not in page.text
    for asset in ("swagger-ui-bundle.js", "swagger-ui.css"):
        assert f"/docs/assets/{asset}" in page.text
        assert owner.http.get(f"/docs/assets/{asset}").status_code == 200


def test_health(owner: Client) -> None:
    assert owner.http.get("/healthz").json()["status"] == "ok"
    assert owner.http.get("/readyz").status_code == 200


def test_examples_are_what_the_documentation_shows(one_app: FastAPI) -> None:
    shown = one_app.openapi()["components"]["schemas"]["TeamCreate"]["examples"]
    assert shown == [EXAMPLES[records.Team]]
