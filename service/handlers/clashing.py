"""Conflicts follow every change that can cause or end one."""

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.events import (
    AbsenceDeleted,
    AbsenceSaved,
    Event,
    LocationSaved,
    OrganizationSaved,
    ResourceSaved,
    RuleDeleted,
    RuleSaved,
    TeamMemberRemoved,
    TeamMemberSaved,
    TeamSaved,
    UserSaved,
)
from models.records import Absence, AuditEntry, Location, Organization, Record, ScheduleRule, TeamMember
from models.records.stored import stored_fields
from service.auditing import kind_of
from service.conflicts import Scope, recheck, recheck_appointments
from service.linking import load_links

State = Mapping[str, Any]


def follow_appointment(session: Session, event: Event) -> None:
    """Look at an appointment that came, changed or went, and at what it clashes with."""
    recheck_appointments(session, [event.id])


def follow_rule(session: Session, event: RuleSaved | RuleDeleted) -> None:
    """Look at whom a rule names and named, or at everything if it is or was global."""
    states = _states(session, ScheduleRule, event.id)
    if any(state["is_global"] for state in states):
        recheck(session, Scope(everything=True))
        return
    users, teams, resources = (
        sorted({key for state in states for key in state[f"applies_to_{kind}"]})
        for kind in ("users", "teams", "resources")
    )
    recheck(session, Scope(users, teams, resources))


def follow_absence(session: Session, event: AbsenceSaved | AbsenceDeleted) -> None:
    """Look at who or what is away, or was to be."""
    states = _states(session, Absence, event.id)
    recheck(session, Scope(users=_named("user", states), resources=_named("resource", states)))


def follow_member(session: Session, event: TeamMemberSaved | TeamMemberRemoved) -> None:
    """Look at a user who joined, changed or left, and at the team."""
    states = _states(session, TeamMember, event.id)
    recheck(session, Scope(users=_named("user", states), teams=_named("team", states)))


def follow_team(session: Session, event: TeamSaved) -> None:
    """Look at a team and its members."""
    members = select(TeamMember.user_id).where(TeamMember.team_id == event.id)
    recheck(session, Scope(users=sorted(session.scalars(members)), teams=[event.id]))


def follow_user(session: Session, event: UserSaved) -> None:
    """Look at a user."""
    recheck(session, Scope(users=[event.id]))


def follow_resource(session: Session, event: ResourceSaved) -> None:
    """Look at a resource."""
    recheck(session, Scope(resources=[event.id]))


def follow_location(session: Session, event: LocationSaved) -> None:
    """Look at all of the organization, if a place moved."""
    if {"latitude", "longitude"} & _before(session, Location, event.id).keys():
        recheck(session, Scope(everything=True))


def follow_organization(session: Session, event: OrganizationSaved) -> None:
    """Look at all of the organization, if its clock or its travel changed."""
    if {"timezone", "travel"} & _before(session, Organization, event.id).keys():
        recheck(session, Scope(everything=True))


def _states(session: Session, record: type[Record], key: int) -> list[State]:
    """Tell what a record says, if it is still there, and what it said before its last change, as audited."""
    there = session.scalars(select(record).where(record.id == key).options(*load_links(record))).one_or_none()
    present: State = {}
    if there is not None:
        present = {name: getattr(there, field.attribute) for name, field in stored_fields(record).items()}
    return [state for state in (present, {**present, **_before(session, record, key)}) if state]


def _before(session: Session, record: type[Record], key: int) -> State:
    """Read what the last change of a record replaced."""
    audited = select(AuditEntry.before).where(AuditEntry.record_type == kind_of(record), AuditEntry.record == key)
    return session.scalars(audited.order_by(AuditEntry.id.desc()).limit(1)).one_or_none() or {}


def _named(name: str, states: Iterable[State]) -> list[int]:
    return sorted({state[name] for state in states if state[name] is not None})
