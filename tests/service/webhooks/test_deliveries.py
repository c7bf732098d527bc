"""Webhooks out: signed, in order, tried again, dead, replayed."""

import json
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from fastapi import FastAPI
from pydantic import SecretStr
from sqlalchemy import select
from standardwebhooks.webhooks import Webhook

from models.records import ScheduleIntegration, WebhookDelivery
from models.records.base import now
from service.callers import the_service
from service.database import Database
from service.integrations import pauses
from service.jobs.job import Interrupted
from service.settings import Settings
from tests.service.accounts import Client, Json, account
from tests.service.outgoing.receiving import Received, Receiver
from tests.service.series.calendar_of import visit
from tests.service.webhooks.jobs_done import Jobs

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
ONE_DATABASE = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


def integration_of(owner: Client, receiver: Receiver, **more: Any) -> Json:
    body = {
        "name": "CRM",
        "integration_type": "crm",
        "provider_url": f"{receiver.url}/hook",
        "api_secret": SECRET,
        "sync_enabled": True,
        "sync_frequency": "realtime",
    }
    return owner.made("integrations/", body | more)


def state_of(owner: Client, key: int) -> Json:
    return dict(owner.get(f"integrations/{key}/").json())


def deliveries(owner: Client, query: str = "") -> list[Json]:
    return list(owner.get(f"webhook-deliveries/?ordering=id&page_size=200{query}").json()["results"])


def types_of(requests: list[Received]) -> list[str]:
    return [json.loads(each.body)["type"] for each in requests]


def test_event_is_told_signed_with_the_record_as_it_was(owner: Client, receiver: Receiver, jobs: Jobs) -> None:
    made = integration_of(owner, receiver, access_token="theirs")
    appointment = owner.made("appointments/", visit())
    owner.patch(f"appointments/{appointment['id']}/", {"title": "later"})
    jobs.do("deliver")
    first, second = receiver.requests
    payload = Webhook(SECRET).verify(first.body, first.headers)
    assert (payload["type"], payload["version"]) == ("appointment.created", 1)
    assert payload["data"]["title"] == appointment["title"]
    assert payload["data"].keys() == appointment.keys()
    assert payload["data"]["start_datetime"] == appointment["start_datetime"]
    assert datetime.fromisoformat(payload["timestamp"]).utcoffset() == timedelta()
    assert (first.method, first.path, first.headers["authorization"]) == ("POST", "/hook", "Bearer theirs")
    assert Webhook(SECRET).verify(second.body, second.headers)["data"]["title"] == "later"
    assert first.headers["webhook-id"] != second.headers["webhook-id"]
    state = state_of(owner, made["id"])
    assert (state["sync_status"], state["error_message"], state["retry_count"]) == ("connected", "", 0)
    assert state["last_sync"] is not None
    assert [each["status"] for each in deliveries(owner)] == ["delivered", "delivered"]


def test_every_way_of_an_appointment_and_its_conflicts_is_told(owner: Client, receiver: Receiver, jobs: Jobs) -> None:
    integration_of(owner, receiver)
    key = owner.made("appointments/", visit())["id"]
    owner.post(f"appointments/{key}/confirm/")
    owner.post(f"appointments/{key}/start/")
    owner.post(f"appointments/{key}/complete/")
    other = owner.made("appointments/", visit(day=1))["id"]
    conflict = owner.made("conflicts/", {"conflict_type": "time_conflict", "primary_appointment": other})["id"]
    owner.post(f"conflicts/{conflict}/escalate/")
    owner.post(f"conflicts/{conflict}/resolve/")
    owner.post(f"appointments/{other}/cancel/")
    owner.delete(f"appointments/{other}/")
    jobs.do("deliver")
    told = types_of(receiver.requests)
    assert [each for each in told if each.startswith("appointment")] == [
        "appointment.created",
        "appointment.confirmed",
        "appointment.updated",
        "appointment.completed",
        "appointment.created",
        "appointment.cancelled",
        "appointment.deleted",
    ]
    assert [each for each in told if each.startswith("conflict")] == [
        "conflict.detected",
        "conflict.escalated",
        "conflict.resolved",
    ]


@ONE_DATABASE
def test_runs_are_told(owner: Client, receiver: Receiver, jobs: Jobs) -> None:
    integration_of(owner, receiver, configuration={"events": ["run.*"]})
    body = {"horizon": {"start": "2027-03-01T00:00:00Z", "end": "2027-03-02T00:00:00Z"}}
    run = owner.post("runs/", body).json()["id"]
    owner.post(f"runs/{run}/cancel/")
    jobs.do("deliver")
    (request,) = receiver.requests
    payload = json.loads(request.body)
    assert (payload["type"], payload["data"]["id"], payload["data"]["state"]) == ("run.ended", run, "cancelled")


@ONE_DATABASE
@pytest.mark.parametrize(
    "change",
    [
        {"sync_enabled": False},
        {"is_active": False},
        {"integration_type": "calendar"},
        {"configuration": {"events": ["conflict.*"]}},
    ],
    ids=str,
)
def test_who_does_not_listen_is_told_nothing(owner: Client, receiver: Receiver, jobs: Jobs, change: Json) -> None:
    integration_of(owner, receiver, **change)
    owner.made("appointments/", visit())
    assert deliveries(owner) == []


def test_failed_delivery_is_tried_again_and_then_dead(
    owner: Client, receiver: Receiver, jobs: Jobs, database: Database
) -> None:
    receiver.answer = lambda _request: (503, {"Retry-After": "120"}, b"later, \x00please")
    made = integration_of(owner, receiver, max_retries=2)
    owner.made("appointments/", visit())
    assert jobs.do("deliver") == 1
    (row,) = deliveries(owner)
    wait = datetime.fromisoformat(row["next_attempt_at"]) - now()
    assert timedelta(seconds=100) < wait <= timedelta(seconds=120)
    assert (row["status"], row["attempts"], row["response_status"]) == ("pending", 1, 503)
    assert row["response_excerpt"] == "later, �please"
    state = state_of(owner, made["id"])
    assert (state["sync_status"], state["retry_count"], state["max_retries"]) == ("error", 1, 2)
    assert state["error_message"] == f"{receiver.url}/hook answers 503."
    assert jobs.do("deliver", later=True) == 2
    (dead,) = owner.get("webhook-deliveries/dead/").json()["results"]
    assert (dead["status"], dead["attempts"], dead["next_attempt_at"]) == ("dead", 3, None)
    assert state_of(owner, made["id"])["retry_count"] == 2
    assert len({each.headers["webhook-id"] for each in receiver.requests}) == 1
    assert len(receiver.requests) == 3


def test_pauses_grow_and_are_spread() -> None:
    for failures, plain in ((1, 10), (2, 60), (3, 360), (4, 2160), (20, pauses.LONGEST_SECONDS)):
        found = [pauses.pause_seconds(failures) for _ in range(50)]
        assert all(0.75 * plain <= each <= 1.25 * plain for each in found)
        assert len(set(found)) > 1
    assert pauses.pause_seconds(1, 100.0) == 100.0
    assert pauses.pause_seconds(1, 1e9) == pauses.LONGEST_SECONDS


def test_order_of_a_subject_is_kept_while_it_is_tried_again(owner: Client, receiver: Receiver, jobs: Jobs) -> None:
    receiver.answer = lambda _request: (500, {}, b"")
    integration_of(owner, receiver)
    first = owner.made("appointments/", visit())["id"]
    owner.patch(f"appointments/{first}/", {"title": "b"})
    owner.made("appointments/", visit(day=1, title="another"))
    jobs.do("deliver")
    assert [json.loads(each.body)["data"]["title"] for each in receiver.requests] == ["visit", "another"]
    receiver.requests.clear()
    receiver.answer = lambda _request: (200, {}, b"")
    jobs.do("deliver", later=True)
    told = [(each["type"], each["data"]["title"]) for each in (json.loads(r.body) for r in receiver.requests)]
    assert [each for each in told if each[1] != "another"] == [
        ("appointment.created", "visit"),
        ("appointment.updated", "b"),
    ]
    assert {each["status"] for each in deliveries(owner)} == {"delivered"}


@ONE_DATABASE
def test_what_is_dead_lets_the_next_pass(owner: Client, receiver: Receiver, jobs: Jobs) -> None:
    receiver.answer = lambda request: (500 if b'"appointment.created"' in request.body else 204, {}, b"")
    integration_of(owner, receiver, max_retries=0)
    key = owner.made("appointments/", visit())["id"]
    owner.patch(f"appointments/{key}/", {"title": "b"})
    jobs.do("deliver")
    assert [each["status"] for each in deliveries(owner)] == ["dead", "delivered"]


def test_dead_letters_are_replayed_one_or_many_under_their_ids(owner: Client, receiver: Receiver, jobs: Jobs) -> None:
    receiver.answer = lambda _request: (500, {}, b"")
    made = integration_of(owner, receiver, max_retries=0)
    for day in range(3):
        owner.made("appointments/", visit(day=day))
    jobs.do("deliver")
    ids = [each.headers["webhook-id"] for each in receiver.requests]
    receiver.requests.clear()
    receiver.answer = lambda _request: (200, {}, b"")
    one = deliveries(owner)[0]["id"]
    assert owner.post(f"webhook-deliveries/{one}/replay/").status_code == 202
    again = owner.post(f"webhook-deliveries/{one}/replay/")
    assert (again.status_code, again.json()["code"]) == (409, "conflict")
    jobs.do("deliver")
    assert [each.headers["webhook-id"] for each in receiver.requests] == ids[:1]
    span = {"from": deliveries(owner)[2]["created_at"], "until": "2199-01-01T00:00:00Z"}
    assert owner.post(f"integrations/{made['id']}/replay/", span).json() == {"count": 1}
    assert owner.post(f"integrations/{made['id']}/replay/").json() == {"count": 1}
    jobs.do("deliver")
    assert [each.headers["webhook-id"] for each in receiver.requests] == [ids[0], ids[2], ids[1]]
    assert {(each["status"], each["replays"]) for each in deliveries(owner)} == {("delivered", 1)}
    everything = {"statuses": ["delivered", "dead"]}
    assert owner.post(f"integrations/{made['id']}/replay/", everything).json() == {"count": 3}


@ONE_DATABASE
def test_who_is_gone_hears_nothing_more(owner: Client, receiver: Receiver, jobs: Jobs) -> None:
    receiver.answer = lambda _request: (410, {}, b"")
    made = integration_of(owner, receiver)
    owner.made("appointments/", visit())
    jobs.do("deliver")
    state = state_of(owner, made["id"])
    assert (state["is_active"], state["sync_status"]) == (False, "disconnected")
    assert [each["status"] for each in deliveries(owner)] == ["dead"]
    refused = owner.post(f"integrations/{made['id']}/replay/")
    assert (refused.status_code, refused.json()["code"]) == (409, "conflict")


def test_job_that_is_run_again_sends_again_under_the_same_id_and_another_does_not(
    owner: Client, receiver: Receiver, jobs: Jobs, monkeypatch: pytest.MonkeyPatch
) -> None:
    integration_of(owner, receiver)
    owner.made("appointments/", visit())
    (job,) = jobs.waiting("deliver")
    kind, organization, arguments = job.input["args"]

    def lost(*_: object) -> None:
        raise Interrupted

    with monkeypatch.context() as patched:
        patched.setattr("service.webhooks.delivering._note", lost)
        with pytest.raises(Interrupted):
            jobs.run(job.workflow_id, kind, organization, arguments)
    jobs.run("another", kind, organization, arguments)
    assert len(receiver.requests) == 1
    jobs.run(job.workflow_id, kind, organization, arguments)
    jobs.run(job.workflow_id, kind, organization, arguments)
    first, second = receiver.requests
    assert first.headers["webhook-id"] == second.headers["webhook-id"]
    assert [each["status"] for each in deliveries(owner)] == ["delivered"]


@ONE_DATABASE
def test_what_cannot_be_signed_or_sent_is_told(owner: Client, receiver: Receiver, jobs: Jobs) -> None:
    made = integration_of(owner, receiver, api_secret=None, max_retries=0)
    owner.made("appointments/", visit())
    jobs.do("deliver")
    assert "has no api_secret" in state_of(owner, made["id"])["error_message"]
    assert receiver.requests == []


@ONE_DATABASE
def test_private_addresses_are_refused_when_they_are_stored_and_when_they_are_used(
    owner: Client, receiver: Receiver, jobs: Jobs
) -> None:
    body = {"name": "a", "integration_type": "crm", "provider_url": "http://169.254.169.254/"}
    refused = owner.post("integrations/", body)
    assert (refused.status_code, refused.json()["errors"][0]["field"]) == (422, "provider_url")
    made = integration_of(owner, receiver, max_retries=0)
    owner.made("appointments/", visit())
    jobs.host = replace(jobs.host, settings=Settings(secret_key=SecretStr("of no use to anybody")))
    jobs.do("deliver")
    assert "is not a public address" in state_of(owner, made["id"])["error_message"]
    assert receiver.requests == []


def test_secret_is_shown_once_and_both_sign_while_it_changes(
    owner: Client, receiver: Receiver, jobs: Jobs, database: Database
) -> None:
    made = integration_of(owner, receiver)
    answer = owner.post(f"integrations/{made['id']}/rotate-secret/")
    fresh = answer.json()["secret"]
    assert answer.headers["cache-control"] == "no-store"
    assert fresh.startswith("whsec_")
    assert "api_secret" not in state_of(owner, made["id"])
    owner.made("appointments/", visit())
    jobs.do("deliver")
    (request,) = receiver.requests
    for secret in (fresh, SECRET):
        Webhook(secret).verify(request.body, request.headers)
    owner.post(f"integrations/{made['id']}/rotate-secret/", {"keep_previous": False})
    with database.session(the_service(owner.organization), writes=False) as session:
        kept = session.get_one(ScheduleIntegration, made["id"]).api_secret
    assert kept is not None
    assert len(kept.split()) == 1
    assert kept != fresh


def test_webhooks_of_another_organization_are_not_told(
    owner: Client, receiver: Receiver, jobs: Jobs, app: FastAPI, database: Database
) -> None:
    integration_of(owner, receiver)
    stranger = Client(app, account(database))
    stranger.made("appointments/", visit())
    with database.everywhere(writes=False) as session:
        assert session.scalars(select(WebhookDelivery.id)).all() == []
