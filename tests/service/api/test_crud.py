from typing import Any

import pytest

from models import records
from models.records.stored import stored_fields
from service.examples import EXAMPLES
from service.schemas import READABLE
from tests.service.accounts import Client, Json
from tests.service.api.filling import PATHS, prepare


@pytest.mark.parametrize("path", PATHS)
def test_created_object_is_returned_whole_and_can_be_read_changed_and_deleted(owner: Client, path: str) -> None:
    body = prepare(owner, path)
    answer = owner.post(f"{path}/", body)
    assert answer.status_code == 201, answer.text
    made = answer.json()
    readable = {f.name for f in stored_fields(PATHS[path]).values() if f.access in READABLE}
    assert set(made) == readable | {"timezone"}
    assert answer.headers["ETag"] == f'"{made["version"]}"'
    assert answer.headers["Location"] == f"/api/scheduling/{path}/{made['id']}/"
    at = f"{path}/{made['id']}/"
    assert owner.get(at).json() == made
    assert owner.get(f"{path}/").json()["count"] >= 1
    same = owner.put(at, made)
    assert same.status_code == 200, same.text
    assert same.json() == made
    assert owner.delete(at).status_code == 204
    assert owner.get(at).status_code == 404


@pytest.mark.parametrize("method", ["put", "patch"])
def test_update_changes_only_what_it_names(owner: Client, method: str) -> None:
    made = owner.made("resources/", EXAMPLES[records.Resource])
    answer = getattr(owner, method)(f"resources/{made['id']}/", {"capacity": 3})
    assert answer.status_code == 200
    changed = answer.json()
    assert changed["version"] == 2
    assert {name for name in made if made[name] != changed[name]} == {"capacity", "updated_at", "version"}


def test_read_only_fields_of_a_body_are_ignored(owner: Client) -> None:
    made = owner.made("locations/", EXAMPLES[records.Location] | {"id": 77, "version": 9, "organization": 5})
    assert (made["id"], made["version"]) == (1, 1)
    assert owner.put("locations/1/", {"created_at": "2020-01-01T00:00:00Z"}).json() == made


def test_update_that_changes_nothing_keeps_the_version(owner: Client) -> None:
    made = owner.made("locations/", EXAMPLES[records.Location])
    assert owner.patch(f"locations/{made['id']}/", {"name": made["name"]}).json() == made


def test_currency_is_the_organizations_unless_given(owner: Client) -> None:
    assert owner.made("resources/", {"name": "a"})["currency"] == "EUR"
    assert owner.made("resources/", {"name": "a", "currency": "chf"})["currency"] == "CHF"


def test_times_go_out_in_utc_and_decimals_as_text(owner: Client) -> None:
    body = {
        "name": "Van",
        "hourly_rate": "12.50",
        "next_maintenance": "2026-11-30T09:00:00-08:00",
        "unavailable": [{"start": "2026-11-30T09:00:00-08:00", "end": "2026-11-30T10:00:00-08:00"}],
    }
    made = owner.made("resources/", body)
    assert made["hourly_rate"] == "12.50"
    assert made["next_maintenance"] == "2026-11-30T17:00:00Z"
    assert made["unavailable"] == [{"start": "2026-11-30T17:00:00Z", "end": "2026-11-30T18:00:00Z"}]
    assert owner.get(f"resources/{made['id']}/").json() == made
    assert owner.made("absences/", absence(owner))["timezone"] == "America/Los_Angeles"


def absence(client: Client) -> Json:
    return {"user": client.user, "start": "2026-11-30T09:00:00Z", "end": "2026-11-30T10:00:00Z"}


def test_secrets_go_in_and_never_out(owner: Client) -> None:
    body = EXAMPLES[records.ScheduleIntegration] | {"api_key": "hush", "api_secret": "hush", "access_token": "hush"}
    made = owner.post("integrations/", body)
    assert made.status_code == 201
    listed = owner.get("integrations/")
    changed = owner.patch(f"integrations/{made.json()['id']}/", {"refresh_token": "hush"})
    for answer in (made, listed, changed, owner.get("notification-channels/")):
        assert "hush" not in answer.text
    assert not {"api_key", "api_secret", "access_token", "refresh_token"} & made.json().keys()


def test_linked_ids_are_replaced_as_a_set(owner: Client) -> None:
    users = [owner.made("users/", {"name": name})["id"] for name in "abc"]
    rule = {"name": "r", "rule_type": "blackout", "applies_to_users": [users[0], users[1], users[0]]}
    made = owner.made("rules/", rule)
    assert made["applies_to_users"] == users[:2]
    changed = owner.patch(f"rules/{made['id']}/", {"applies_to_users": users[1:]}).json()
    assert changed["applies_to_users"] == users[1:]
    assert changed["version"] == 2
    assert owner.get(f"rules/{made['id']}/").json() == changed


@pytest.mark.parametrize(
    ("path", "body", "field"),
    [
        pytest.param("appointments/", {"title": "a", "assigned_team": 9}, "assigned_team", id="reference"),
        pytest.param("appointments/", {"title": "a", "assigned_users": [1, 9]}, "assigned_users[1]", id="linked"),
        pytest.param(
            "appointments/",
            {"title": "a", "requirements": {"resources": [{"resource": 9}]}},
            "requirements.resources[0].resource",
            id="in requirements",
        ),
    ],
)
def test_unknown_ids_are_422(owner: Client, path: str, body: Json, field: str) -> None:
    answer = owner.post(path, body | {"status": "requested", "duration_minutes": 30})
    assert answer.status_code == 422
    assert [each["field"] for each in answer.json()["errors"]] == [field]


def test_what_is_referred_to_cannot_be_deleted(owner: Client) -> None:
    location = owner.made("locations/", EXAMPLES[records.Location])
    owner.made("users/", {"name": "a", "start_location": location["id"]})
    answer = owner.delete(f"locations/{location['id']}/")
    assert (answer.status_code, answer.json()["code"]) == (409, "in_use")
    assert owner.get(f"locations/{location['id']}/").status_code == 200


def test_unique_fields_are_409(owner: Client) -> None:
    owner.made("users/", {"name": "a", "email": "A@example.com"})
    answer = owner.post("users/", {"name": "b", "email": "a@EXAMPLE.com"})
    assert (answer.status_code, answer.json()["code"]) == (409, "already_exists")


@pytest.mark.parametrize(
    ("given", "changes", "expected"),
    [
        pytest.param({"start_datetime": 10}, {}, (10, 11), id="later start moves the end"),
        pytest.param({"end_datetime": 12}, {}, (9, 12), id="later end lengthens"),
        pytest.param({}, {"duration_minutes": 120}, (9, 11), id="duration moves the end"),
        pytest.param({"start_datetime": 10, "end_datetime": 13}, {}, (10, 13), id="both"),
        pytest.param({"end_datetime": 13}, {"duration_minutes": 120}, (11, 13), id="end and duration"),
    ],
)
def test_times_of_an_appointment_follow_each_other(
    owner: Client, given: dict[str, int], changes: Json, expected: tuple[int, int]
) -> None:
    made = owner.made("appointments/", {"title": "a", "start_datetime": "2026-11-30T09:00:00Z", "duration_minutes": 60})
    times = {name: f"2026-11-30T{hour:02}:00:00Z" for name, hour in given.items()}
    changed = owner.patch(f"appointments/{made['id']}/", times | changes).json()
    assert (changed["start_datetime"], changed["end_datetime"], changed["duration_minutes"]) == (
        f"2026-11-30T{expected[0]:02}:00:00Z",
        f"2026-11-30T{expected[1]:02}:00:00Z",
        (expected[1] - expected[0]) * 60,
    )


def test_deleted_appointment_is_hidden_and_stays_in_the_log(owner: Client) -> None:
    made = owner.made("appointments/", {"title": "a", "status": "requested", "duration_minutes": 30})
    assert owner.delete(f"appointments/{made['id']}/").status_code == 204
    assert owner.get("appointments/").json()["count"] == 0


def test_status_follows_the_lifecycle(owner: Client) -> None:
    made = owner.made("appointments/", {"title": "a", "status": "requested", "duration_minutes": 30})
    answer = owner.put(f"appointments/{made['id']}/", {"status": "completed"})
    assert (answer.status_code, answer.json()["code"]) == (409, "illegal_transition")


def test_team_and_members_get_hours(owner: Client) -> None:
    team = owner.made("teams/", {"name": "a", "max_members": 1})
    assert sorted(team["availability_schedule"]) == ["friday", "monday", "thursday", "tuesday", "wednesday"]
    first, second = (owner.made("users/", {"name": name})["id"] for name in "ab")
    member = owner.made(f"teams/{team['id']}/add-member/", {"user": first})
    assert member["availability_schedule"] == team["availability_schedule"]
    full = owner.post(f"teams/{team['id']}/add-member/", {"user": second})
    assert full.status_code == 422
    assert owner.get(f"teams/{team['id']}/members/").json()["results"] == [member]
    assert owner.post(f"teams/{team['id']}/remove-member/", {"user": first}).status_code == 204
    assert owner.post(f"teams/{team['id']}/remove-member/", {"user": first}).status_code == 404
    owner.made(f"teams/{team['id']}/add-member/", {"user": second})


def test_one_template_is_the_default(owner: Client) -> None:
    body: dict[str, Any] = EXAMPLES[records.ScheduleTemplate] | {"is_default": True}
    first, second = owner.made("schedule-templates/", body), owner.made("schedule-templates/", body)
    assert owner.get(f"schedule-templates/{first['id']}/").json()["is_default"] is False
    assert owner.get(f"schedule-templates/{second['id']}/").json()["is_default"] is True
    copy = owner.made(f"schedule-templates/{second['id']}/duplicate/", {})
    assert copy["name"] == "Weekly team meeting (copy)"
    assert copy["is_default"] is False
    assert {**copy, "name": "", "is_default": ""}.keys() == second.keys()


def test_organization_is_the_callers(owner: Client) -> None:
    read = owner.get("organization/")
    assert read.json()["currency"] == "EUR"
    answer = owner.put("organization/", {"weights": {"lateness": 7}}, headers={"If-Match": read.headers["ETag"]})
    assert answer.status_code == 200
    assert answer.json()["weights"]["lateness"] == 7
    assert owner.put("organization/", {"name": "b"}, headers={"If-Match": '"1"'}).status_code == 412
