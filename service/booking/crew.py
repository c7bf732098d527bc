"""Whom and what an appointment has once it is booked: its team, its users and their positions, its resources."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.appointments import Demand, Position
from models.records import Appointment, AppointmentResource, TeamMember, User
from models.records.occupancy import SubjectKind
from service.booking.matching import matched
from service.locks import Locked


def choose_team(appointment: Appointment) -> None:
    """Take the team that is required where there is only one to choose."""
    needs = appointment.requirements
    if appointment.assigned_team_id is None and needs is not None and needs.team is not None:
        offered = needs.team.any_of
        if len(offered) == 1:
            appointment.assigned_team_id = int(offered[0])


def take_members(session: Session, appointment: Appointment) -> None:
    """Let a team without users come with all its active members, as they are now.

    Parameters
    ----------
    session
        Bound to a caller; the team must be locked, or members could come and go meanwhile.
    appointment
        With its users.
    """
    needs = appointment.requirements
    if needs is not None and needs.crew:
        return
    team = appointment.assigned_team_id
    if team is None or (appointment.assigned_user_ids and not appointment.whole_team):
        appointment.whole_team = False
        return
    members = (
        select(TeamMember.user_id)
        .join(User, User.id == TeamMember.user_id)
        .where(TeamMember.team_id == team, TeamMember.is_active, User.is_active)
        .order_by(TeamMember.user_id)
    )
    appointment.whole_team = True
    appointment.assign({"assigned_user_ids": list(session.scalars(members))})


def name_resources(appointment: Appointment) -> None:
    """Take the resources that are required by name."""
    needs = appointment.requirements
    for demand in needs.resources if needs is not None else ():
        if demand.resource is not None and int(demand.resource) not in appointment.required_resource_ids:
            appointment.required_resource_ids.append(int(demand.resource))


def fill_demands(appointment: Appointment, locked: Locked) -> None:
    """Say which demand each resource meets, with how many units; one that nothing asks for is taken whole."""
    needs = appointment.requirements
    demands = needs.resources if needs is not None else ()
    rows, links = locked.of(SubjectKind.RESOURCE), appointment.resource_links
    fitting = [
        [i for i, link in enumerate(links) if link.resource_id in rows and _meets(rows[link.resource_id], demand)]
        for demand in demands
    ]
    chosen = {links[i].resource_id: demand for demand, i in matched(fitting).items()}
    for link in links:
        _set(link, chosen.get(link.resource_id), demands)


def fill_positions(session: Session, appointment: Appointment, locked: Locked) -> None:
    """Say which position of the crew each user fills, where there are as many positions as users."""
    needs = appointment.requirements
    crew: Sequence[Position] = needs.crew if needs is not None else ()
    links = appointment.user_links
    places: dict[int, int] = {}
    if crew and sum(position.count for position in crew) == len(links):
        heads = [place for place, position in enumerate(crew) for _ in range(position.count)]
        able = _abilities(session, locked, [link.user_id for link in links])
        fitting = [[i for i, link in enumerate(links) if _fills(able[link.user_id], crew[place])] for place in heads]
        places = {i: heads[head] for head, i in matched(fitting).items()}
    for i, link in enumerate(links):
        if link.position != places.get(i):
            link.position = places.get(i)


def _meets(row: Any, demand: Demand) -> bool:
    return (
        demand.resource in (None, str(row.id))
        and demand.resource_type in (None, row.resource_type)
        and set(demand.features) <= set(row.specifications.features)
        and row.capacity >= demand.min_capacity
    )


def _set(link: AppointmentResource, place: int | None, demands: Sequence[Demand]) -> None:
    units = None if place is None else demands[place].units
    if (link.demand, link.units) != (place, units):
        link.demand, link.units = place, units


_Able = tuple[dict[str, int], set[str]]


def _abilities(session: Session, locked: Locked, users: Sequence[int]) -> dict[int, _Able]:
    """Collect skills with their levels and certifications; memberships add to what the user says."""
    found: dict[int, _Able] = {key: ({}, set()) for key in users}
    rows = locked.of(SubjectKind.USER)
    said = [(key, rows[key].skills, rows[key].certifications) for key in users if key in rows]
    memberships = select(TeamMember.user_id, TeamMember.skills, TeamMember.certifications)
    said += [
        (row.user_id, row.skills, row.certifications)
        for row in session.execute(memberships.where(TeamMember.user_id.in_(users), TeamMember.is_active))
    ]
    for key, skills, certifications in said:
        levels, papers = found[key]
        papers.update(certifications)
        for skill in skills:
            levels[skill.name] = max(skill.level, levels.get(skill.name, 0))
    return found


def _fills(able: _Able, position: Position) -> bool:
    levels, papers = able
    return set(position.certifications) <= papers and all(
        levels.get(skill.name, 0) >= skill.level for skill in position.skills
    )
