"""What leaves, once, to whom, and what happens if it cannot."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from models.records import NotificationDelivery, ScheduleNotification
from models.records.base import now
from service.callers import the_service
from service.database import Database
from service.jobs.queue import client as queue
from service.notices import sending
from service.notices.channels import carry_out
from service.notices.scanning import ask_for_due
from tests.service.accounts import Client
from tests.service.notices.posting import (
    HEADER,
    SETTINGS,
    Post,
    deliver,
    deliveries_of,
    job_of,
    notified,
    status_of,
)
from tests.service.series.calendar_of import at, visit


def test_mail_reaches_its_recipients_once(owner: Client, database: Database, post: Post) -> None:
    other = owner.made("users/", {"name": "b", "email": "b@example.com"})["id"]
    made = notified(owner, recipients=[owner.user, other], subject="New\ntimes", message="Grüße, {nobody}")
    for _ in range(2):
        deliver(database, owner.organization)
    assert sorted(letter["To"] for letter in post.letters) == ["b@example.com", "owner@example.com"]
    (letter,) = post.to("owner@example.com")
    assert (letter["Subject"], letter.get_content().strip()) == ("New times", "Grüße, {nobody}")
    rows = deliveries_of(owner, made)
    assert {row["key"] for row in rows} == {each[HEADER] for each in post.letters}
    assert [(row["status"], row["attempts"]) for row in rows] == [("sent", 1), ("sent", 1)]
    found = status_of(owner, made)
    assert (found["status"], found["delivery_details"], found["error_message"]) == ("sent", {"sent": 2}, "")
    assert found["sent_at"] is not None


def test_job_is_asked_for_with_the_notification_and_again_by_the_clock_only_as_the_same(
    owner: Client, database: Database
) -> None:
    later = (now() + timedelta(hours=1)).isoformat()
    for at_ in (None, later):
        notified(owner, **({} if at_ is None else {"scheduled_at": at_}))
    for number in range(2):
        ask_for_due(replace(job_of(database, owner.organization, str(number)), organization_id=None))
    asked = [each.workflow_id for each in queue(database.engine).list_workflows() if ":notify" not in each.workflow_id]
    assert len([key for key in asked if key.startswith("notify:")]) == 1


def test_refused_mail_is_tried_again_later_and_fails_at_last(owner: Client, database: Database, post: Post) -> None:
    post.refuse = lambda address: "450 not now" if address == "b@example.com" else ""
    other = owner.made("users/", {"name": "b", "email": "b@example.com"})["id"]
    made = notified(owner, recipients=[owner.user, other])
    waits, found = [], made
    for _ in range(SETTINGS.delivery_attempts):
        began = now()
        deliver(database, owner.organization)
        found = status_of(owner, made)
        if found["due_at"] is not None:
            waits.append(round((datetime.fromisoformat(found["due_at"]) - began).total_seconds()))
            assert found["status"] == "pending"
            make_due(database, made["id"])
    assert (found["status"], found["delivery_details"]) == ("failed", {"sent": 1, "failed": 1})
    assert "450" in found["error_message"]
    assert [round(wait / 30) for wait in waits] == [1, 4]
    assert [(row["status"], row["attempts"]) for row in deliveries_of(owner, made)] == [("sent", 1), ("failed", 3)]
    assert len(post.to("owner@example.com")) == 1
    dead = owner.get("notification-deliveries/?status=failed").json()
    assert [row["user"] for row in dead["results"]] == [other]


def make_due(database: Database, notification: int) -> None:
    """Let time pass until a notification is due."""
    with database.everywhere() as session:
        for record, key in ((ScheduleNotification, "id"), (NotificationDelivery, "notification_id")):
            waits = (getattr(record, key) == notification) & record.due_at.is_not(None)
            session.execute(update(record).where(waits).values(due_at=now()))
        session.commit()


def test_dead_letter_is_sent_again_to_those_who_did_not_get_it(owner: Client, database: Database, post: Post) -> None:
    other = owner.made("users/", {"name": "b"})["id"]
    made = notified(owner, recipients=[owner.user, other])
    deliver(database, owner.organization)
    found = status_of(owner, made)
    assert (found["status"], found["delivery_details"]) == ("failed", {"sent": 1, "failed": 1})
    assert "no email" in found["error_message"]
    owner.put(f"users/{other}/", {"email": "b@example.com"})
    again = owner.post(f"notifications/{made['id']}/send/")
    assert (again.status_code, again.json()["status"]) == (200, "pending")
    deliver(database, owner.organization)
    assert status_of(owner, made)["status"] == "sent"
    assert [len(post.to(address)) for address in ("owner@example.com", "b@example.com")] == [1, 1]
    refused = owner.post(f"notifications/{made['id']}/send/")
    assert (refused.status_code, refused.json()["code"]) == (409, "conflict")


def test_send_does_not_wait_for_its_time(owner: Client, database: Database, post: Post) -> None:
    made = notified(owner, scheduled_at=(now() + timedelta(days=1)).isoformat())
    deliver(database, owner.organization)
    assert post.letters == []
    owner.post(f"notifications/{made['id']}/send/")
    deliver(database, owner.organization)
    assert len(post.letters) == 1


def test_what_was_sent_is_not_changed(owner: Client, database: Database) -> None:
    made = notified(owner)
    assert owner.patch(f"notifications/{made['id']}/", {"subject": "Other"}).status_code == 200
    deliver(database, owner.organization)
    refused = owner.patch(f"notifications/{made['id']}/", {"subject": "Third"})
    assert (refused.status_code, refused.json()["code"]) == (409, "conflict")


def test_notification_without_recipients_is_refused(owner: Client) -> None:
    body = {"notification_type": "schedule_change", "delivery_method": "email", "recipients": []}
    refused = owner.post("notifications/", body)
    assert (refused.status_code, refused.json()["errors"][0]["field"]) == (422, "recipients")


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("mailto://127.0.0.1:9?from=a@example.com&mode=insecure", "not a public address"),
        ("json://169.254.169.254/latest", "not a public address"),
        ("jsons://[::1]/hook", "not a public address"),
        ("json://2130706433/", "unusual notation"),
    ],
)
def test_nothing_is_sent_into_the_network_of_the_service(
    owner: Client, database: Database, post: Post, url: str, why: str
) -> None:
    channel = owner.get("notification-channels/").json()["results"][0]
    assert owner.put(f"notification-channels/{channel['id']}/", {"url": url}).status_code == 200
    made = notified(owner)
    strict = SETTINGS.model_copy(update={"outgoing_allow": ""})
    strict.__dict__.pop("guard", None)  # of the settings that were copied
    deliver(database, owner.organization, strict)
    found = status_of(owner, made)
    assert (found["status"], why in found["error_message"]) == ("failed", True), found["error_message"]
    assert post.letters == []


@pytest.mark.parametrize(
    ("method", "url"),
    [
        ("email", "syslog://"),
        ("email", "file:///etc/passwd"),
        ("email", "mailto://mail.example.com?pgpkey=/etc/passwd"),
        ("email", "mailto://mail.example.com?to=all@example.com"),
        ("email", "twilio://a:b@1"),
        ("push", "dbus://"),
        ("in_app", "json://example.com"),
        ("email", "no address"),
    ],
)
def test_channels_lead_out_and_nowhere_else(owner: Client, method: str, url: str) -> None:
    refused = owner.post("notification-channels/", {"name": "a", "delivery_method": method, "url": url})
    assert refused.status_code == 422
    assert url not in refused.text


def test_fault_tells_no_credentials(owner: Client, database: Database) -> None:
    channel = owner.get("notification-channels/").json()["results"][0]
    url = "json://someone:hush-hush@127.0.0.1:9/secret-path?+Authorization=bearer-of-it"
    owner.put(f"notification-channels/{channel['id']}/", {"url": url})
    made = notified(owner)
    deliver(database, owner.organization)
    said = status_of(owner, made)["error_message"]
    assert "127.0.0.1" in said
    assert not any(word in said for word in ("hush-hush", "secret-path", "bearer", "someone"))


def test_without_a_channel_it_fails_with_advice(owner: Client, database: Database) -> None:
    made = notified(owner, delivery_method="sms")
    deliver(database, owner.organization)
    assert "no active channel for sms" in status_of(owner, made)["error_message"]


def test_killed_worker_leaves_a_claim_that_its_job_goes_on_with_by_the_same_key(
    owner: Client, database: Database, post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Killed(BaseException):
        pass

    def accepted_and_killed(*given: Any) -> None:
        carry_out(*given)
        raise Killed

    made = notified(owner)
    with monkeypatch.context() as patch:
        patch.setattr(sending, "carry_out", accepted_and_killed)
        with pytest.raises(Killed):
            sending.send(job_of(database, owner.organization, "first"), made["id"])
    # Another job does not take what may still be under way, and comes back when it cannot be.
    sending.send(job_of(database, owner.organization, "second"), made["id"])
    assert len(post.letters) == 1
    found = status_of(owner, made)
    assert (found["status"], datetime.fromisoformat(found["due_at"]) > now()) == ("pending", True)
    make_due(database, made["id"])
    sending.send(job_of(database, owner.organization, "first"), made["id"])
    assert len(post.letters) == 2
    assert len({letter[HEADER] for letter in post.letters}) == 1
    assert status_of(owner, made)["status"] == "sent"


def test_change_after_the_claim_is_told_by_itself(
    owner: Client, database: Database, post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    appointment = owner.made("appointments/", visit(assigned_users=[owner.user]))
    path = f"appointments/{appointment['id']}/"

    def moved_meanwhile(*given: Any) -> Any:
        if not post.letters:
            assert owner.patch(path, {"start_datetime": at(2)}).status_code == 200
        return carry_out(*given)

    monkeypatch.setattr(sending, "carry_out", moved_meanwhile)
    for _ in range(2):
        deliver(database, owner.organization)
    told = [(letter["Subject"], at(2)[:10] in letter.get_content()) for letter in post.to("owner@example.com")]
    assert told == [("visit is new", False), ("visit has changed", True)]


def test_cancelled_appointment_is_no_news_any_more(owner: Client, database: Database, post: Post) -> None:
    made = owner.made("appointments/", visit(assigned_users=[owner.user]))
    with database.session(the_service(owner.organization)) as session:
        # As if the handlers had overlooked it.
        session.execute(update(ScheduleNotification).values(told_version=0))
        session.commit()
    owner.delete(f"appointments/{made['id']}/")
    deliver(database, owner.organization)
    assert [letter["Subject"] for letter in post.letters] == ["visit is cancelled"]


def test_in_app_needs_no_way_out(owner: Client, database: Database, post: Post) -> None:
    made = notified(owner, delivery_method="in_app")
    deliver(database, owner.organization)
    assert (status_of(owner, made)["status"], post.letters) == ("sent", [])
    with database.everywhere(writes=False) as session:
        assert session.scalars(select(NotificationDelivery.attempts)).all() == [1]


def test_inactive_users_are_told_nothing(owner: Client, database: Database, post: Post) -> None:
    other = owner.made("users/", {"name": "b", "email": "b@example.com"})["id"]
    made = notified(owner, recipients=[other])
    owner.put(f"users/{other}/", {"is_active": False})
    deliver(database, owner.organization)
    found = status_of(owner, made)
    assert (found["status"], found["delivery_details"], post.letters) == (
        "cancelled",
        {"dropped": "There is nobody left to tell."},
        [],
    )
