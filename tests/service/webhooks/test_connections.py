"""Integrations: tested, synchronized on demand and by the clock, and what their records tell."""

import json
from datetime import timedelta
from typing import Any

import pytest
from standardwebhooks.webhooks import Webhook

from models.enums import IntegrationType, SyncFrequency
from models.errors import TidyplanError
from models.records import ScheduleIntegration
from models.records.base import now
from service.callers import the_service
from service.database import Database
from service.integrations import connectors, frequencies
from service.integrations.connectors import CONNECTORS, Connector
from service.jobs.job import Job
from service.jobs.worker import Worker
from service.outgoing import Guard, Unreachable
from tests.service.accounts import Client, Json
from tests.service.outgoing.receiving import Receiver
from tests.service.series.calendar_of import visit
from tests.service.webhooks.jobs_done import Jobs, settings_of
from tests.service.webhooks.test_deliveries import SECRET, integration_of, state_of

HERE = __name__
ONE_DATABASE = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


def test_connection_is_really_tested(owner: Client, receiver: Receiver, jobs: Jobs) -> None:
    made = integration_of(owner, receiver)
    answer = owner.post(f"integrations/{made['id']}/test-connection/")
    assert answer.json()["connected"] is True, answer.text
    (request,) = receiver.requests
    assert Webhook(SECRET).verify(request.body, request.headers)["type"] == "ping"
    state = state_of(owner, made["id"])
    assert (state["sync_status"], state["last_sync"]) == ("connected", None)
    receiver.answer = lambda _request: (404, {}, b"")
    failed = owner.post(f"integrations/{made['id']}/test-connection/").json()
    assert failed["connected"] is False
    assert failed["message"].startswith(f"{receiver.url}/hook answers 404")
    state = state_of(owner, made["id"])
    assert (state["sync_status"], state["error_message"]) == ("error", failed["message"])


@ONE_DATABASE
def test_saving_tests_the_connection_in_a_job(owner: Client, receiver: Receiver, jobs: Jobs) -> None:
    made = integration_of(owner, receiver)
    assert jobs.do("test-connection") == 1
    assert state_of(owner, made["id"])["sync_status"] == "connected"
    owner.patch(f"integrations/{made['id']}/", {"provider_url": "http://127.0.0.1:1/"})
    jobs.do("test-connection")
    assert state_of(owner, made["id"])["sync_status"] == "error"
    owner.patch(f"integrations/{made['id']}/", {"is_active": False})
    assert state_of(owner, made["id"])["sync_status"] == "disconnected"
    assert jobs.do("test-connection") == 0


def test_sync_sends_what_waits(owner: Client, receiver: Receiver, jobs: Jobs) -> None:
    made = integration_of(owner, receiver, sync_frequency="daily")
    first = owner.made("appointments/", visit())["id"]
    owner.patch(f"appointments/{first}/", {"title": "b"})
    owner.made("appointments/", visit(day=1))
    assert jobs.do("deliver") == 0
    assert owner.post(f"integrations/{made['id']}/sync/").status_code == 202
    jobs.do("sync", "deliver")
    told = [json.loads(each.body) for each in receiver.requests]
    assert sorted((each["type"], each["data"]["id"]) for each in told) == [
        ("appointment.created", first),
        ("appointment.created", first + 1),
        ("appointment.updated", first),
    ]
    assert [each["type"] for each in told if each["data"]["id"] == first] == [
        "appointment.created",
        "appointment.updated",
    ]
    state = state_of(owner, made["id"])
    assert (state["sync_status"], state["retry_count"]) == ("connected", 0)
    assert state["last_sync"] is not None


@ONE_DATABASE
def test_what_is_not_in_use_or_has_no_connector_is_not_synchronized(owner: Client, receiver: Receiver) -> None:
    made = integration_of(owner, receiver, is_active=False, provider_url="https://example.com/")
    refused = owner.post(f"integrations/{made['id']}/sync/")
    assert (refused.status_code, refused.json()["code"]) == (409, "conflict")


def failing(job: Job, integration: ScheduleIntegration) -> str:
    """A sync that fails until the integration is called "well"."""
    if integration.name != "well":
        raise Unreachable("It does not answer.")
    return "3 events"


def probing(_guard: Guard, integration: ScheduleIntegration) -> str:
    return integration.name


@pytest.fixture
def flaky(monkeypatch: pytest.MonkeyPatch) -> None:
    """Another connector for payments."""
    known = {**CONNECTORS, IntegrationType.PAYMENT: Connector(f"{HERE}:probing", f"{HERE}:failing")}
    for module in (connectors, frequencies):
        monkeypatch.setattr(module, "CONNECTORS", known)


def test_failed_sync_is_tried_again_as_often_as_the_integration_allows(
    owner: Client, receiver: Receiver, jobs: Jobs, flaky: None
) -> None:
    made = integration_of(owner, receiver, integration_type="payment", max_retries=2)
    at = f"integrations/{made['id']}/"
    owner.post(f"{at}sync/")
    assert jobs.do("sync") == 1
    state = state_of(owner, made["id"])
    assert (state["sync_status"], state["error_message"], state["retry_count"]) == ("error", "It does not answer.", 1)
    assert jobs.do("sync", later=True) == 2
    state = state_of(owner, made["id"])
    assert (state["sync_status"], state["retry_count"], state["last_sync"]) == ("error", 2, None)
    owner.patch(at, {"name": "well"})
    owner.post(f"{at}sync/")
    jobs.do("sync")
    state = state_of(owner, made["id"])
    assert (state["sync_status"], state["error_message"], state["retry_count"]) == ("connected", "", 0)
    assert state["last_sync"] is not None


def due(jobs: Jobs) -> list[int]:
    """Which integrations the clock asks for."""
    jobs.run("clock", "ask-for-syncs", None, {})
    found = [each.input["args"][2]["integration"] for each in jobs.waiting("sync")]
    jobs.do("sync")
    return found


def test_synchronizations_are_due_by_the_clock_of_the_organization_once(
    owner: Client, receiver: Receiver, jobs: Jobs, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    owner.patch("organization/", {"timezone": "Asia/Kolkata"})  # half an hour off the hours of UTC
    hourly = integration_of(owner, receiver, sync_frequency="hourly")["id"]
    own = integration_of(owner, receiver, configuration={"cron": "31 4 * * *"})["id"]
    integration_of(owner, receiver, sync_frequency="daily", sync_enabled=False)
    midnight = (now() + timedelta(days=2)).replace(hour=0, minute=0, second=0, microsecond=0)
    clock = [midnight + timedelta(hours=22, minutes=32)]  # 04:02 in India
    monkeypatch.setattr(frequencies, "now", lambda: clock[0])
    assert due(jobs) == [hourly]
    assert due(jobs) == []
    clock[0] += timedelta(minutes=29)
    assert due(jobs) == [own]
    clock[0] += timedelta(minutes=30)
    assert due(jobs) == [hourly]


@ONE_DATABASE
@pytest.mark.parametrize(
    ("configuration", "field"),
    [
        ({"cron": "every day"}, "configuration.cron"),
        ({"events": "all"}, "configuration.events"),
        ({"on_clash": "x"}, "configuration.on_clash"),
    ],
)
def test_what_the_service_reads_of_the_configuration_is_checked(owner: Client, configuration: Json, field: str) -> None:
    body: dict[str, Any] = {"name": "a", "integration_type": "crm", "configuration": configuration}
    answer = owner.post("integrations/", body)
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, field)
    owner.made("integrations/", body | {"configuration": {"anything": {"else": 1}}})


def test_every_type_and_frequency_is_known() -> None:
    assert set(CONNECTORS) >= set(IntegrationType) - {IntegrationType.CALENDAR}
    assert set(frequencies.CRONS) == set(SyncFrequency)
    assert issubclass(Unreachable, TidyplanError)


def test_a_worker_delivers_what_is_committed(
    owner: Client, receiver: Receiver, jobs: Jobs, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("service.jobs.worker.REGULAR", {})
    integration_of(owner, receiver, configuration={"events": ["appointment.*"]})
    owner.made("appointments/", visit())
    worker = Worker(database, settings_of(database))
    worker.start()
    try:
        assert "appointment.created" in [json.loads(each.body)["type"] for each in receiver.wait_for(2)]
    finally:
        worker.stop()
    with database.session(the_service(owner.organization), writes=False) as session:
        assert session.get_one(ScheduleIntegration, 1).error_message == ""
