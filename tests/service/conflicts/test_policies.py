"""What is done about conflicts without asking."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from models.records import AuditEntry, ScheduleConflict
from models.records.base import now
from service.conflicts.policies import escalate, resolve
from service.database import Database
from service.jobs.job import Job
from service.jobs.queue import client as queue
from service.runs.local import at_work
from tests.service.accounts import Client
from tests.service.booking.visits import booked
from tests.service.conflicts.test_live import absence, again, one
from tests.service.conflicts.test_ways import away, two_able, visit_of
from tests.service.runs.running import settings_for


def decide(client: Client, **policies: Any) -> None:
    assert client.patch("organization/", {"policies": policies}).status_code == 200


def resolve_now(client: Client, database: Database, conflict: int) -> None:
    with at_work(database, settings_for(database)) as host:
        resolve(Job("resolve", "resolve-conflict", client.organization, {"conflict": conflict}, host), conflict)


def escalate_now(client: Client, database: Database) -> None:
    with at_work(database, settings_for(database)) as host:
        escalate(Job("escalate", "escalate", client.organization, {}, host))


def told(client: Client, start: str) -> list[Any]:
    """The subjects of what waits to be told."""
    rows = client.get("notifications/", params={"notification_type": "conflict_detected"}).json()["results"]
    return [row["subject"] for row in rows if row["subject"].startswith(start)]


def test_best_way_is_applied_by_the_system(owner: Client, database: Database) -> None:
    decide(owner, auto_resolve_conflicts=True, auto_resolve_up_to="high")
    _ana, bo, visit, _, found = away(owner)
    asked = [each.workflow_id.partition(":")[0] for each in queue(database.engine).list_workflows()]
    assert asked.count("resolve-conflict") == 1
    resolve_now(owner, database, found["id"])
    closed = again(owner, found)
    assert (closed["status"], closed["resolved_by"]) == ("resolved", None)
    assert closed["resolution_notes"].endswith(f"Send Bo instead of Ana for visit ({visit['id']}).\nApplied by policy.")
    assert visit_of(owner, visit["id"])["assigned_users"] == [bo]
    with database.everywhere(writes=False) as session:
        changed = AuditEntry.record_type == "appointment", AuditEntry.action == "updated"
        entry = session.scalars(select(AuditEntry).where(*changed)).one()
        assert (entry.actor, entry.actor_name) == (None, "tidyplan")
        assert entry.reason.startswith(f"By policy, conflict {found['id']}: Send Bo")
    resolve_now(owner, database, found["id"])
    assert again(owner, found) == closed


@pytest.mark.parametrize("why", ["off", "impact", "confirmed", "pinned", "ignored"])
def test_policy_leaves_alone_what_it_is_not_for(owner: Client, database: Database, why: str) -> None:
    decide(owner, auto_resolve_conflicts=why != "off", auto_resolve_up_to="medium" if why == "impact" else "critical")
    *_, visit, _, found = away(owner)
    if why == "confirmed":
        owner.post(f"appointments/{visit['id']}/confirm/", params={"override": True, "reason": "They insist."})
    if why == "pinned":
        owner.patch(f"appointments/{visit['id']}/", {"pinned": True})
    if why == "ignored":
        owner.patch(f"conflicts/{found['id']}/", {"status": "ignored"})
    stood = visit_of(owner, visit["id"])
    resolve_now(owner, database, found["id"])
    assert visit_of(owner, visit["id"]) == stood
    assert again(owner, found)["status"] == ("ignored" if why == "ignored" else "pending")


def test_policy_leaves_alone_what_somebody_has_overridden(owner: Client, database: Database) -> None:
    decide(owner, auto_resolve_conflicts=True, auto_resolve_up_to="critical")
    ana, _ = two_able(owner)
    absence(owner, 16, 20, user=ana)
    body = {"title": "visit", "start_datetime": "2027-03-01T18:00:00Z", "duration_minutes": 60, "assigned_users": [ana]}
    visit = owner.made("appointments/?override=true&reason=They+insist", body)
    resolve_now(owner, database, one(owner)["id"])
    assert visit_of(owner, visit["id"])["assigned_users"] == [ana]


def test_what_waits_too_long_is_escalated_and_told_of(owner: Client, database: Database) -> None:
    decide(owner, escalate_conflicts_after_hours=4)
    *_, found = away(owner)
    escalate_now(owner, database)
    assert again(owner, found)["status"] == "pending"
    with database.everywhere() as session:
        session.execute(update(ScheduleConflict).values(pending_since=now() - timedelta(hours=4)))
        session.commit()
    escalate_now(owner, database)
    escalate_now(owner, database)
    raised = again(owner, found)
    assert (raised["status"], raised["pending_since"]) == ("escalated", None)
    assert raised["resolution_notes"] == "Pending for 4 hours: escalated by policy."
    assert told(owner, "Escalated: ") == ["Escalated: time conflict (high)"]


def test_high_impact_is_told_of_at_once_and_low_is_not(owner: Client) -> None:
    *_, found = away(owner)
    assert (found["impact_level"], told(owner, "Conflict: ")) == ("high", ["Conflict: time conflict (high)"])
    visit = booked(owner, 5, 10, assigned_users=found["affected_users"], priority="low")
    owner.made(
        "absences/",
        {"start": "2027-03-01T05:00:00Z", "end": "2027-03-01T06:00:00Z", "user": visit["assigned_users"][0]},
    )
    assert [each["impact_level"] for each in owner.get("conflicts/").json()["results"]].count("low") == 1
    assert len(told(owner, "Conflict: ")) == 1


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("auto_resolve_up_to", "huge"),
        ("auto_resolve_conflicts", "yes"),
        ("escalate_conflicts_after_hours", 0),
        ("escalate_conflicts_after_hours", 1.5),
        ("escalate_conflicts", 4),
    ],
)
def test_policy_that_makes_no_sense_is_refused_by_its_name(owner: Client, name: str, value: object) -> None:
    answer = owner.patch("organization/", {"policies": {name: value}})
    assert answer.status_code == 422
    (fault,) = answer.json()["errors"]
    assert fault["field"] == f"policies.{name}"
    assert fault["expected"]
