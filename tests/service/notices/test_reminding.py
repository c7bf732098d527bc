"""Exactly one reminder, at its time, of what is still to come."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from models.records import Appointment, ScheduleNotification
from models.records.base import now
from service.database import Database
from service.jobs.queue import client as queue
from service.notices import outbox, preparing, scanning, sending
from service.notices.scanning import ask_for_due
from tests.service.accounts import Client, Json
from tests.service.notices.posting import Post, deliver, job_of

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> "Clock":
    """Lets time pass for whatever sends."""
    return Clock(monkeypatch)


class Clock:
    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.patch = monkeypatch

    def show(self, moment: datetime) -> None:
        for module in (outbox, preparing, scanning, sending):
            self.patch.setattr(module, "now", lambda: moment)


def soon(hours: int) -> str:
    return (now().replace(minute=0, second=0, microsecond=0) + timedelta(hours=hours)).isoformat()


def booked(client: Client, **more: Any) -> Json:
    body = {"title": "visit", "start_datetime": soon(48), "duration_minutes": 60, "assigned_users": [client.user]}
    return client.made("appointments/", body | more)


def send_due(database: Database, organization: int, moment: datetime) -> None:
    """Do what the jobs do for what is due at a moment."""
    with database.everywhere(writes=False) as session:
        due = select(ScheduleNotification.id).where(ScheduleNotification.due_at <= moment)
        keys = session.scalars(due.order_by(ScheduleNotification.id)).all()
    for key in keys:
        sending.send(job_of(database, organization, f"notify:{key}"), key)


def reminders_in(post: Post) -> list[str]:
    told = [letter for letter in post.letters if "is coming" in letter["Subject"] or "Reminder" in letter["Subject"]]
    return sorted(letter["To"] for letter in told)


def test_reminder_goes_once_to_crew_and_client(owner: Client, database: Database, post: Post, clock: Clock) -> None:
    made = booked(owner, client_email="jo@example.com")
    deliver(database, owner.organization)
    before = datetime.fromisoformat(made["reminder_datetime"])
    for moment in (before - timedelta(minutes=1), before, before + timedelta(minutes=1), before + timedelta(hours=2)):
        clock.show(moment)
        send_due(database, owner.organization, moment)
    assert reminders_in(post) == ["jo@example.com", "owner@example.com"]
    found = owner.get(f"appointments/{made['id']}/").json()
    assert (found["reminder_sent"], found["version"]) == (True, made["version"])


@pytest.mark.parametrize("how", ["cancel", "unschedule", "delete"])
def test_reminder_of_what_has_ended_is_dropped(
    owner: Client, database: Database, post: Post, clock: Clock, how: str
) -> None:
    made = booked(owner, client_email="jo@example.com")
    path = f"appointments/{made['id']}/"
    assert (owner.delete(path) if how == "delete" else owner.post(f"{path}{how}/")).status_code in (200, 204)
    clock.show(datetime.fromisoformat(made["reminder_datetime"]))
    send_due(database, owner.organization, datetime.fromisoformat(made["reminder_datetime"]))
    assert reminders_in(post) == []


def test_move_plans_a_new_reminder_after_the_first_was_sent(
    owner: Client, database: Database, post: Post, clock: Clock
) -> None:
    made = booked(owner)
    first = datetime.fromisoformat(made["reminder_datetime"])
    clock.show(first)
    send_due(database, owner.organization, first)
    moved = owner.post(f"appointments/{made['id']}/reschedule/", {"start_datetime": soon(96)}).json()
    assert moved["reminder_sent"] is False
    second = datetime.fromisoformat(moved["reminder_datetime"])
    assert second - first == timedelta(hours=48)
    clock.show(second)
    send_due(database, owner.organization, second)
    assert reminders_in(post) == ["owner@example.com"] * 2


def test_reminder_of_a_moved_appointment_is_dropped_though_nobody_cancelled_it(
    owner: Client, database: Database, post: Post, clock: Clock
) -> None:
    made = booked(owner)
    due = datetime.fromisoformat(made["reminder_datetime"])
    with database.everywhere() as session:
        # As if it had moved between the choice of the job and its start.
        session.get_one(Appointment, made["id"]).reminder_datetime = due + timedelta(hours=1)
        session.commit()
    clock.show(due)
    send_due(database, owner.organization, due)
    assert reminders_in(post) == []
    rows = owner.get("notifications/?notification_type=appointment_reminder").json()["results"]
    assert {(row["status"], row["delivery_details"]["dropped"]) for row in rows} == {
        ("cancelled", "The appointment has moved.")
    }


def test_who_joins_is_reminded_and_who_leaves_is_not(
    owner: Client, database: Database, post: Post, clock: Clock
) -> None:
    other = owner.made("users/", {"name": "b", "email": "b@example.com"})["id"]
    made = booked(owner)
    owner.patch(f"appointments/{made['id']}/", {"assigned_users": [other]})
    due = datetime.fromisoformat(made["reminder_datetime"])
    clock.show(due)
    send_due(database, owner.organization, due)
    assert reminders_in(post) == ["b@example.com"]


def test_two_scans_ask_for_the_same_jobs_and_what_is_late_for_another(
    owner: Client, database: Database, clock: Clock
) -> None:
    made = booked(owner)
    due = datetime.fromisoformat(made["reminder_datetime"])

    def jobs_after(moment: datetime, times: int) -> int:
        clock.show(moment)
        for number in range(times):
            ask_for_due(replace(job_of(database, owner.organization, str(number)), organization_id=None))
        reminding = owner.get("notifications/?notification_type=appointment_reminder").json()["results"]
        begins = tuple(f"notify:{owner.organization}:{row['id']}:" for row in reminding)
        return sum(each.workflow_id.startswith(begins) for each in queue(database.engine).list_workflows())

    ways = 2
    assert jobs_after(due - timedelta(minutes=1), 2) == 0
    assert jobs_after(due, 2) == ways
    assert jobs_after(due + timedelta(minutes=1), 2) == ways
    assert jobs_after(due + timedelta(minutes=16), 2) == 2 * ways


def test_quiet_hours_hold_up_mail_of_their_user_unless_it_is_urgent(
    owner: Client, database: Database, post: Post
) -> None:
    since, until = (datetime.now(UTC) + timedelta(hours=hours) for hours in (-2, 3))
    around = {"start_time": f"{since:%H:00:00}", "end_time": f"{until:%H:00:00}"}
    other = owner.made("users/", {"name": "b", "email": "b@example.com", "timezone": "UTC"})["id"]
    owner.made("quiet-hours/", {"user": other} | around)
    for priority, hours in (("normal", 48), ("urgent", 50)):
        booked(owner, assigned_users=[owner.user, other], priority=priority, start_datetime=soon(hours))
    deliver(database, owner.organization)
    assert len(post.to("owner@example.com")) == 2
    assert len(post.to("b@example.com")) == 1
    waits = owner.get("notification-deliveries/?status=pending").json()["results"]
    assert [(row["user"], row["due_at"][11:19]) for row in waits] == [(other, around["end_time"])]
    owner.post(f"notifications/{waits[0]['notification']}/send/")
    deliver(database, owner.organization)
    assert len(post.to("b@example.com")) == 2
