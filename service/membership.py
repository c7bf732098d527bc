"""Joining a team: it must have room."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models.errors import Fault
from models.records import Team, TeamMember
from models.records.base import InvalidRecord
from service.crud import Resource, create_plainly, update_plainly


def join(session: Session, resource: Resource[TeamMember], values: Mapping[str, Any]) -> TeamMember:
    """Make a membership, if the team has room."""
    _lock(session, values["team"])
    member = create_plainly(session, resource, values)
    _ensure_room(session, member.team_id)
    return member


def change(session: Session, resource: Resource[TeamMember], member: TeamMember, values: Mapping[str, Any]) -> None:
    """Change a membership, perhaps into one of another team, if that has room."""
    _lock(session, values.get("team", member.team_id))
    update_plainly(session, resource, member, values)
    _ensure_room(session, member.team_id)


def _lock(session: Session, team_id: int) -> None:
    """Make those wait who would join at the same time; first of all, or two could wait for each other."""
    session.scalars(select(Team.id).where(Team.id == team_id).with_for_update(key_share=True)).all()


def _ensure_room(session: Session, team_id: int) -> None:
    team = session.get_one(Team, team_id)
    active = select(func.count(TeamMember.id)).where(TeamMember.team_id == team_id, TeamMember.is_active)
    count = session.scalar(active) or 0
    if team.max_members is not None and count > team.max_members:
        advice = "Let somebody leave first, or raise max_members."
        raise InvalidRecord([Fault("team", f"{count} members", f"at most {team.max_members} of {team.name}", advice)])
