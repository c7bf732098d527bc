"""Webhooks in: signed, once, booked like everything else."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from standardwebhooks.webhooks import Webhook

from models.records import Appointment, InboundMessage
from models.records.base import now
from service.callers import the_service
from service.database import Database
from service.webhooks.upkeep import forget_webhooks
from tests.service.accounts import BASE, Client, Json
from tests.service.outgoing.receiving import Receiver
from tests.service.series.calendar_of import at, visit
from tests.service.webhooks.jobs_done import Jobs

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
ONE_DATABASE = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


def booking(owner: Client, **more: Any) -> int:
    body = {"name": "Shop", "integration_type": "booking", "api_secret": SECRET}
    return int(owner.made("integrations/", body | more)["id"])


class Sender:
    """The other system: signs and sends."""

    def __init__(self, owner: Client, integration: int, secret: str = SECRET) -> None:
        self.http, self.integration, self.webhook = owner.http, integration, Webhook(secret)
        self.count = 0

    def send(self, kind: str, data: Json, *, id: str | None = None, off_seconds: float = 0.0, **headers: str) -> Any:
        self.count += 1
        body = json.dumps({"type": kind, "timestamp": "2026-11-23T17:00:00Z", "data": data})
        key, moment = id or f"msg_{self.count}", datetime.now(UTC) + timedelta(seconds=off_seconds)
        signed = {
            "webhook-id": key,
            "webhook-timestamp": str(int(moment.timestamp())),
            "webhook-signature": self.webhook.sign(key, moment, body),
        }
        path = f"{BASE}/integrations/{self.integration}/inbound/"
        more = {name.replace("_", "-"): value for name, value in headers.items()}
        plain = {"Content-Type": "application/json", "Authorization": ""}
        return self.http.post(path, content=body, headers=plain | signed | more)


@pytest.fixture
def sender(owner: Client) -> Sender:
    return Sender(owner, booking(owner))


def upsert(external: str = "b-1", **more: Any) -> Json:
    return {"external_id": external, "title": "Windows"} | more


def test_appointment_is_made_and_changed_by_its_external_id(owner: Client, sender: Sender) -> None:
    made = sender.send("appointment.upsert", upsert(start_datetime=at(0), duration_minutes=60, client_name="Jo"))
    assert made.status_code == 200, made.text
    key = made.json()["appointments"][0]
    assert made.json() == {"outcome": "created", "appointments": [key], "status": "scheduled", "conflict": None}
    stored = owner.get(f"appointments/{key}/").json()
    assert (stored["external_id"], stored["client_name"], stored["duration_minutes"]) == ("b-1", "Jo", 60)
    moved = sender.send("appointment.upsert", upsert(start_datetime=at(1)))
    assert (moved.json()["outcome"], moved.json()["appointments"]) == ("updated", [key])
    assert moved.json()["status"] == "rescheduled"
    assert owner.get(f"appointments/{key}/").json()["client_name"] == "Jo"
    entry = owner.get(f"audit-log/?record_type=appointment&record={key}&ordering=-id").json()["results"][0]
    assert entry["actor_name"] == f"Shop (integration {sender.integration})"


def test_message_that_comes_twice_is_done_once(owner: Client, sender: Sender) -> None:
    data = upsert(start_datetime=at(0), duration_minutes=60)
    first = sender.send("appointment.upsert", data, id="msg_a")
    owner.patch(f"appointments/{first.json()['appointments'][0]}/", {"title": "ours"})
    second = sender.send("appointment.upsert", data, id="msg_a")
    assert second.json() == first.json()
    assert second.headers["idempotency-replayed"] == "true"
    assert [each["title"] for each in owner.get("appointments/").json()["results"]] == ["ours"]


@ONE_DATABASE
@pytest.mark.parametrize(
    ("off_seconds", "headers"),
    [
        (-301, {}),
        (301, {}),
        (0, {"webhook_signature": "v1,AAAA"}),
        (0, {"webhook_signature": "nonsense"}),
        (0, {"webhook_signature": "v2,AAAA"}),
        (0, {"webhook_timestamp": "nan"}),
        (0, {"webhook_timestamp": "1e999"}),
        (0, {"webhook_id": "msg_other"}),
        (0, {"webhook_id": ""}),
    ],
    ids=str,
)
def test_what_is_not_signed_now_by_the_integration_is_refused(
    owner: Client, sender: Sender, off_seconds: float, headers: dict[str, str]
) -> None:
    answer = sender.send("appointment.upsert", upsert(), off_seconds=off_seconds, **headers)
    assert (answer.status_code, answer.json()["code"]) == (401, "unauthenticated")
    assert owner.get("appointments/").json()["count"] == 0


@ONE_DATABASE
def test_strangers_learn_nothing(owner: Client, sender: Sender) -> None:
    for integration, secret in ((sender.integration, "another"), (999, SECRET), (0, SECRET), (2**60, SECRET)):
        assert Sender(owner, integration, secret).send("ping", {}).status_code == 401
    assert Sender(owner, booking(owner, api_secret=None)).send("ping", {}).status_code == 401
    assert sender.send("ping", {}).json()["outcome"] == "pong"


def test_what_cannot_be_booked_is_refused_and_may_come_again(owner: Client, sender: Sender) -> None:
    taken = owner.made("appointments/", visit(assigned_users=[owner.user]))["id"]
    data = upsert(start_datetime=at(0), duration_minutes=60, assigned_users=[owner.user])
    refused = sender.send("appointment.upsert", data, id="msg_a")
    assert (refused.status_code, refused.json()["code"]) == (409, "slot_taken")
    assert refused.json()["violations"][0]["rule"] == "overlap"
    assert refused.json()["alternatives"]
    assert owner.get("appointments/").json()["count"] == 1
    owner.post(f"appointments/{taken}/cancel/")
    assert sender.send("appointment.upsert", data, id="msg_a").json()["outcome"] == "created"


def test_what_cannot_be_booked_is_stored_with_a_conflict_where_that_is_wanted(owner: Client) -> None:
    sender = Sender(owner, booking(owner, configuration={"on_clash": "request"}))
    owner.made("appointments/", visit(assigned_users=[owner.user]))
    data = upsert(start_datetime=at(0), duration_minutes=60, assigned_users=[owner.user])
    answer = sender.send("appointment.upsert", data).json()
    assert (answer["outcome"], answer["status"]) == ("clashed", "requested")
    key = answer["appointments"][0]
    stored = owner.get(f"appointments/{key}/").json()
    assert (stored["start_datetime"], stored["duration_minutes"]) == (None, 60)
    assert datetime.fromisoformat(stored["requirements"]["preferred_start"]) == datetime.fromisoformat(at(0))
    conflict = owner.get(f"conflicts/{answer['conflict']}/").json()
    assert (conflict["rule"], conflict["status"], conflict["primary_appointment"]) == ("inbound", "pending", key)
    placed = sender.send("appointment.upsert", upsert(start_datetime=at(1), status="scheduled"))
    assert placed.json()["outcome"] == "updated", placed.text
    assert owner.get(f"conflicts/{answer['conflict']}/").json()["status"] == "resolved"
    clash = sender.send("appointment.upsert", upsert(start_datetime=at(0))).json()
    assert (clash["outcome"], clash["appointments"]) == ("clashed", [key])
    assert datetime.fromisoformat(owner.get(f"appointments/{key}/").json()["start_datetime"]) == datetime.fromisoformat(
        at(1)
    )


@ONE_DATABASE
def test_appointment_is_cancelled(owner: Client, sender: Sender) -> None:
    sender.send("appointment.upsert", upsert(start_datetime=at(0), duration_minutes=60))
    for _ in range(2):
        done = sender.send("appointment.cancel", {"external_id": "b-1", "reason": "ill"})
        assert (done.json()["outcome"], done.json()["status"]) == ("cancelled", "cancelled")
    unknown = sender.send("appointment.cancel", {"external_id": "b-2"})
    assert (unknown.status_code, unknown.json()["code"]) == (404, "not_found")


@ONE_DATABASE
def test_client_is_changed_in_all_open_appointments(owner: Client, sender: Sender) -> None:
    keys = [owner.made("appointments/", visit(day=day, client_email="jo@example.com"))["id"] for day in range(3)]
    owner.post(f"appointments/{keys[2]}/cancel/")
    changes = {
        "client_email": "jo@example.com",
        "changes": {"client_email": "jo@new.example", "client_phone": "+1 555"},
    }
    assert sender.send("client.update", changes).json()["appointments"] == keys[:2]
    found = [owner.get(f"appointments/{key}/").json()["client_email"] for key in keys]
    assert found == ["jo@new.example", "jo@new.example", "jo@example.com"]


@ONE_DATABASE
@pytest.mark.parametrize(
    ("kind", "data", "field"),
    [
        ("appointment.upsert", {"title": "a"}, "data.external_id"),
        ("appointment.upsert", {"external_id": "a"}, "data.title"),
        ("appointment.upsert", {"external_id": "a", "title": "a", "unknown": 1}, "data.unknown"),
        ("appointment.upsert", {"external_id": "a", "title": "a", "start_datetime": "soon"}, "data.start_datetime"),
        ("client.update", {"client_email": "jo@example.com", "changes": {"name": "x"}}, "data.changes.name"),
        ("appointment.explode", {}, "type"),
    ],
)
def test_messages_with_faults_are_refused(sender: Sender, kind: str, data: Json, field: str) -> None:
    answer = sender.send(kind, data)
    assert answer.status_code == 422
    assert field in [each["field"] for each in answer.json()["errors"]]


@ONE_DATABASE
def test_two_appointments_of_one_name_are_told_apart_by_nobody(owner: Client, sender: Sender) -> None:
    for day in range(2):
        owner.made("appointments/", visit(day=day, external_id="twice"))
    answer = sender.send("appointment.upsert", upsert("twice"))
    assert (answer.status_code, answer.json()["code"]) == (409, "conflict")


def test_who_sends_is_not_told_of_it_and_others_are(
    owner: Client, receiver: Receiver, jobs: Jobs, database: Database
) -> None:
    listening = {"provider_url": receiver.url, "sync_enabled": True, "sync_frequency": "realtime"}
    sender = Sender(owner, booking(owner, **listening))
    other = booking(owner, **listening)
    assert sender.send("appointment.upsert", upsert(start_datetime=at(0), duration_minutes=60)).status_code == 200
    assert jobs.do("deliver") == 1
    assert [each["integration"] for each in owner.get("webhook-deliveries/").json()["results"]] == [other]


@ONE_DATABASE
def test_inactive_integration_takes_nothing(owner: Client) -> None:
    sender = Sender(owner, booking(owner, is_active=False))
    assert sender.send("ping", {}).status_code == 409


def test_old_messages_are_forgotten(owner: Client, sender: Sender, database: Database) -> None:
    sender.send("ping", {})
    with database.session(the_service(owner.organization)) as session:
        row = session.query(InboundMessage).one()
        row.received_at = now() - timedelta(days=8)
        session.flush()
        forget_webhooks(session)
        assert session.query(InboundMessage).count() == session.query(Appointment).count() == 0
