"""What people do with conflicts."""

from fastapi import FastAPI
from sqlalchemy import select

from models.records import AuditEntry, Role
from service.database import Database
from tests.service.accounts import Client, Json, account
from tests.service.booking.visits import at, booked, user_of
from tests.service.conflicts.test_live import absence, again, conflicts, one


def broken(owner: Client) -> tuple[Json, Json]:
    """An absence over a visit; gives both."""
    ana = user_of(owner, "Ana")
    visit = booked(owner, 9, assigned_users=[ana])
    return absence(owner, 8, 12, user=ana), visit


def by_hand(owner: Client) -> Json:
    visits = [booked(owner, hour)["id"] for hour in (9, 10)]
    body = {"conflict_type": "location_conflict", "primary_appointment": visits[0]}
    return owner.made("conflicts/", body | {"conflicting_appointment": visits[1], "conflict_description": "One key."})


def test_found_conflict_is_not_resolved_while_its_cause_stands(owner: Client) -> None:
    away, _ = broken(owner)
    found = one(owner)
    for answer in (
        owner.post(f"conflicts/{found['id']}/resolve/"),
        owner.patch(f"conflicts/{found['id']}/", {"status": "resolved"}),
    ):
        assert (answer.status_code, answer.json()["code"]) == (409, "conflict")
        assert "The cause still stands" in answer.json()["detail"]
    assert again(owner, found) == found
    owner.delete(f"absences/{away['id']}/")
    notes = owner.post(f"conflicts/{found['id']}/resolve/", {"resolution_notes": "Leave was moved."}).json()
    assert (notes["status"], notes["resolved_by"]) == ("resolved", owner.user)
    assert notes["resolution_notes"].endswith("The cause is gone.\nLeave was moved.")


def test_conflict_entered_by_hand_closes_by_hand_alone(owner: Client) -> None:
    made = by_hand(owner)
    assert owner.post(f"appointments/{made['primary_appointment']}/cancel/").status_code == 200
    assert again(owner, made)["status"] == "pending"
    closed = owner.post(f"conflicts/{made['id']}/resolve/", {"resolution_notes": "Two keys now."}).json()
    assert (closed["status"], closed["resolved_by"], closed["resolution_notes"]) == (
        "resolved",
        owner.user,
        "Two keys now.",
    )
    assert closed["resolved_at"] is not None
    assert conflicts(owner) == []


def test_escalation_is_for_what_is_open(owner: Client) -> None:
    made = by_hand(owner)
    raised = owner.post(f"conflicts/{made['id']}/escalate/", {"resolution_notes": "Ask the boss."}).json()
    assert (raised["status"], raised["resolution_notes"]) == ("escalated", "Ask the boss.")
    assert one(owner)["id"] == made["id"]
    owner.post(f"conflicts/{made['id']}/resolve/")
    assert owner.post(f"conflicts/{made['id']}/escalate/").status_code == 409


def test_found_conflict_says_what_is_broken_whatever_people_write(owner: Client) -> None:
    broken(owner)
    found = one(owner)
    refused = owner.patch(f"conflicts/{found['id']}/", {"impact_level": "low", "conflict_description": "fine"})
    assert refused.status_code == 422
    assert {each["field"] for each in refused.json()["errors"]} == {"impact_level", "conflict_description"}
    ignored = owner.patch(f"conflicts/{found['id']}/", {"status": "ignored", "resolution_notes": "We know."})
    assert ignored.json()["status"] == "ignored"
    assert conflicts(owner) == []


def test_ignored_conflict_stays_so_while_its_appointments_do(owner: Client) -> None:
    away, visit = broken(owner)
    found = one(owner)
    owner.patch(f"conflicts/{found['id']}/", {"status": "ignored"})
    owner.patch(f"absences/{away['id']}/", {"end": at(13)})
    owner.patch(f"appointments/{visit['id']}/", {"priority": "urgent"})
    assert (again(owner, found)["status"], again(owner, found)["impact_level"]) == ("ignored", "critical")


def test_changes_of_conflicts_are_audited(database: Database, owner: Client) -> None:
    away, _ = broken(owner)
    owner.delete(f"absences/{away['id']}/")
    with database.everywhere(writes=False) as session:
        entries = session.scalars(
            select(AuditEntry).where(AuditEntry.record_type == "conflict").order_by(AuditEntry.id)
        )
        assert [(each.action, (each.after or {})["status"]) for each in entries] == [
            ("created", "pending"),
            ("updated", "resolved"),
        ]


def test_viewers_look_and_dispatchers_resolve(app: FastAPI, database: Database, owner: Client) -> None:
    made = by_hand(owner)
    viewer, dispatcher = (
        Client(app, account(database, role, owner.organization)) for role in (Role.VIEWER, Role.DISPATCHER)
    )
    assert viewer.get(f"conflicts/{made['id']}/").status_code == 200
    assert viewer.post(f"conflicts/{made['id']}/resolve/").status_code == 403
    assert dispatcher.post(f"conflicts/{made['id']}/resolve/").status_code == 200
