"""A problem and a plan as records: what `problem_of` reads, written."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy.orm import Session

from models.enums import AppointmentStatus
from models.people import Resource as ProblemResource, User as ProblemUser
from models.plan import Assignment, Plan
from models.problem import Appointment as ProblemAppointment, Problem, Rule, Team as ProblemTeam, TravelMatrix
from models.records import (
    Appointment,
    AppointmentResource,
    AppointmentUser,
    Location,
    Record,
    Resource,
    ScheduleRule,
    Team,
    TeamMember,
    User,
)
from models.records.requirements import Requirements
from models.records.resources import Specifications
from models.records.rules import RuleResource, RuleTeam, RuleUser
from service.schemas import organization

_ASKED = tuple(name for name in Requirements.model_fields if name in ProblemAppointment.model_fields)


@dataclass(frozen=True, slots=True)
class Stored:
    """The records of a problem by the ids they have there."""

    locations: dict[str, Location] = field(default_factory=dict)
    users: dict[str, User] = field(default_factory=dict)
    teams: dict[str, Team] = field(default_factory=dict)
    resources: dict[str, Resource] = field(default_factory=dict)
    appointments: dict[str, Appointment] = field(default_factory=dict)
    rules: dict[str, ScheduleRule] = field(default_factory=dict)


def store(session: Session, problem: Problem, plan: Plan) -> Stored:
    """Write a problem, and where a plan puts its appointments, into an organization.

    What is placed is scheduled, what is left out is requested. Places known to a table of travel alone have no
    coordinates and are not kept.

    Parameters
    ----------
    session
        Bound to the organization, whose clock, weights, travel and grid become those of the problem.
    problem, plan
        The plan names appointments of the problem.

    Returns
    -------
    The records, flushed; no event is emitted and no occupancy written.
    """
    stored = Stored()
    places = {each.id: each for each in problem.locations}
    for key, place in places.items():
        stored.locations[key] = Location(name=key, latitude=place.latitude, longitude=place.longitude)
    _flush(session, stored.locations)
    for user in problem.users:
        stored.users[user.id] = _user(user, stored.locations)
    for resource in problem.resources:
        stored.resources[resource.id] = _resource(resource)
    _flush(session, stored.users, stored.resources)
    for team in problem.teams:
        stored.teams[team.id] = _team(team, stored.users)
    _flush(session, stored.teams)
    for team in problem.teams:
        for member in team.members:
            session.add(TeamMember(team_id=stored.teams[team.id].id, user_id=stored.users[member].id))
    for rule in problem.rules:
        stored.rules[rule.id] = _rule(rule, stored)
    _flush(session, stored.rules)
    placed = {assignment.appointment: assignment for assignment in plan.assignments}
    for appointment in problem.appointments:
        record = _appointment(appointment, stored, placed.get(appointment.id))
        if appointment.location in places:
            place = places[appointment.location]
            record.latitude, record.longitude = place.latitude, place.longitude
        stored.appointments[appointment.id] = record
    _flush(session, stored.appointments)
    for appointment in problem.appointments:
        stored.appointments[appointment.id].requirements = _requirements(appointment, stored)
    _organize(session, problem, stored)
    session.flush()
    return stored


def _flush(session: Session, *records: Mapping[str, Record]) -> None:
    for some in records:
        session.add_all(some.values())
    session.flush()


def _organize(session: Session, problem: Problem, stored: Stored) -> None:
    owner, travel = organization(session), problem.travel
    owner.timezone, owner.weights, owner.step_minutes = problem.timezone, problem.weights, problem.step_minutes
    if isinstance(travel, TravelMatrix):
        known = [i for i, key in enumerate(travel.locations) if key in stored.locations]
        travel = TravelMatrix(
            locations=tuple(str(stored.locations[travel.locations[i]].id) for i in known),
            minutes=tuple(tuple(travel.minutes[i][j] for j in known) for i in known),
        )
    owner.travel = travel


def _user(user: ProblemUser, locations: Mapping[str, Location]) -> User:
    same = ("skills", "certifications", "availability", "unavailable", "timezone", "max_hours_per_week")
    values = {name: getattr(user, name) for name in (*same, "overtime_hours_per_week", "hourly_cost")}
    first, last = locations.get(user.start_location or ""), locations.get(user.end_location or "")
    return User(
        name=user.name or user.id,
        start_location_id=None if first is None else first.id,
        end_location_id=None if last is None else last.id,
        **values,
    )


def _team(team: ProblemTeam, users: Mapping[str, User]) -> Team:
    return Team(
        name=team.name or team.id,
        skills=team.skills,
        team_lead_id=None if team.lead is None else users[team.lead].id,
        availability_schedule=team.availability,
        timezone=team.timezone,
        max_concurrent=team.max_concurrent,
    )


def _resource(resource: ProblemResource) -> Resource:
    same = ("resource_type", "capacity", "unavailable", "timezone", "hourly_rate")
    return Resource(
        name=resource.name or resource.id,
        specifications=Specifications(features=resource.features),
        availability_schedule=resource.availability,
        location=(resource.location or "")[:200],
        **{name: getattr(resource, name) for name in same},
    )


def _rule(rule: Rule, stored: Stored) -> ScheduleRule:
    same = (name for name in Rule.model_fields if name not in ("id", "name", "parameters") and "applies_to" not in name)
    parameters = None if rule.parameters is None else rule.parameters.model_dump(mode="json", exclude_none=True)
    return ScheduleRule(
        name=rule.name or rule.id,
        parameters=parameters,
        user_links=[RuleUser(user_id=stored.users[key].id) for key in rule.applies_to_users],
        team_links=[RuleTeam(team_id=stored.teams[key].id) for key in rule.applies_to_teams],
        resource_links=[RuleResource(resource_id=stored.resources[key].id) for key in rule.applies_to_resources],
        **{name: getattr(rule, name) for name in same},
    )


def _appointment(appointment: ProblemAppointment, stored: Stored, at: Assignment | None) -> Appointment:
    record = Appointment(
        title=appointment.title or appointment.id,
        client_name=(appointment.client or "")[:200],
        status=AppointmentStatus.REQUESTED if at is None else AppointmentStatus.SCHEDULED,
        priority=appointment.priority,
        duration_minutes=appointment.duration_minutes,
        pinned=appointment.pinned and at is not None,
    )
    if at is not None:
        record.start_datetime, record.end_datetime = at.start, at.end
        record.duration_minutes = int((at.end - at.start).total_seconds()) // 60
        record.assigned_team_id = None if at.team is None else stored.teams[at.team].id
        record.user_links = [
            AppointmentUser(user_id=stored.users[key].id, position=at.positions.get(key))
            for key in dict.fromkeys(at.users)
        ]
        record.resource_links = [
            AppointmentResource(resource_id=stored.resources[use.resource].id, demand=use.demand, units=use.units)
            for use in at.resources
        ]
    return record


def _requirements(appointment: ProblemAppointment, stored: Stored) -> Requirements | None:
    """Say what an appointment asks for, with the numbers of its records."""
    given = {name: value for name in _ASKED if _differs(appointment, name, value := getattr(appointment, name))}
    if not given:
        return None
    document = Requirements(**given).model_dump(mode="json", by_alias=True, exclude_unset=True)
    if team := document.get("team"):
        team["any_of"] = [str(stored.teams[key].id) for key in team["any_of"]]
    for name, keys in (document.get("users") or {}).items():
        document["users"][name] = None if keys is None else [str(stored.users[key].id) for key in keys]
    for demand in document.get("resources", ()):
        if demand.get("resource") is not None:
            demand["resource"] = str(stored.resources[demand["resource"]].id)
    for link in document.get("after", ()):
        link["appointment"] = str(stored.appointments[link["appointment"]].id)
    return Requirements.model_validate(document)


def _differs(appointment: ProblemAppointment, name: str, value: Any) -> bool:
    return bool(value != ProblemAppointment.model_fields[name].default)
