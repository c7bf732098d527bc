"""The words of notifications, who wants them, and the inbox."""

import pytest
from fastapi import FastAPI

from models.records import Role
from service.database import Database
from tests.service.accounts import Client, account
from tests.service.notices.posting import Post, deliver, notified
from tests.service.series.calendar_of import visit

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


def test_unknown_variable_is_refused_with_those_that_there_are(owner: Client) -> None:
    body = {"notification_type": "appointment_created", "subject": "{titel}", "message": "{confirm_link}"}
    refused = owner.post("notification-templates/", body)
    assert refused.status_code == 422
    faults = {fault["field"]: fault for fault in refused.json()["errors"]}
    assert "title" in faults["subject"]["advice"]
    assert "meeting_url" in faults["subject"]["expected"]
    assert "confirm_link" not in faults["message"]["expected"]
    client = owner.post("notification-templates/", body | {"subject": "{title}", "audience": "client"})
    assert client.status_code == 201


def test_organization_words_its_own_notifications(owner: Client, database: Database, post: Post) -> None:
    words = {"notification_type": "appointment_created", "subject": "Neu: {title}", "message": "{date} um {time}"}
    owner.made("notification-templates/", words)
    made = owner.made("appointments/", visit(assigned_users=[owner.user]))
    deliver(database, owner.organization)
    (letter,) = post.to("owner@example.com")
    assert letter["Subject"] == "Neu: visit"
    assert letter.get_content().strip() == f"{made['start_datetime'][:10]} um 09:00"


def test_who_does_not_want_mail_gets_none(owner: Client, database: Database, post: Post) -> None:
    wish = {"user": owner.user, "notification_type": "appointment_created", "is_enabled": False}
    owner.made("notification-preferences/", wish | {"delivery_method": "email"})
    owner.made("appointments/", visit(assigned_users=[owner.user]))
    deliver(database, owner.organization)
    assert post.letters == []
    assert owner.get("notifications/inbox/").json()["count"] == 1


def test_inbox_has_what_one_was_told_and_knows_what_was_read(app: FastAPI, owner: Client, database: Database) -> None:
    member = Client(app, account(database, Role.MEMBER, owner.organization))
    first, second = (notified(owner, delivery_method="in_app", recipients=[owner.user, member.user]) for _ in range(2))
    notified(owner, delivery_method="in_app")
    assert member.get("notifications/inbox/").json()["results"] == []
    deliver(database, owner.organization)
    assert member.post(f"notifications/{first['id']}/mark-read/").json() == {"marked": 1}
    assert member.post(f"notifications/{first['id']}/mark-read/").json() == {"marked": 0}
    found = member.get("notifications/inbox/?ordering=id").json()
    assert [(row["id"], row["read_at"] is None) for row in found["results"]] == [
        (first["id"], False),
        (second["id"], True),
    ]
    assert (found["count"], found["unread"]) == (2, 1)
    unread = member.get("notifications/inbox/?unread=true").json()["results"]
    assert [row["id"] for row in unread] == [second["id"]]
    assert owner.get("notifications/inbox/").json()["unread"] == 3
    assert owner.post("notifications/inbox/mark-read/").json() == {"marked": 3}
    assert member.post("notifications/999999/mark-read/").status_code == 404


def test_members_have_their_own_quiet_hours(app: FastAPI, owner: Client, database: Database) -> None:
    member = Client(app, account(database, Role.MEMBER, owner.organization))
    hours = {"start_time": "21:00:00", "end_time": "07:00:00"}
    member.made("quiet-hours/", hours | {"user": member.user})
    assert member.post("quiet-hours/", hours | {"user": owner.user}).status_code == 403
    assert member.post("quiet-hours/", hours | {"user": member.user}).status_code == 409
