"""Teams and their members."""

from typing import Annotated, Any

from fastapi import Body, Query, Request, Response
from pydantic import BaseModel, ConfigDict
from sqlalchemy import select

from models.enums import MemberRole
from models.errors import NotFound
from models.events import TeamMemberRemoved, TeamMemberSaved, TeamSaved
from models.records import Team, TeamMember
from models.records.fields import Key
from service import crud, membership
from service.availability.agenda import TeamAvailability, WhenQuery, availability_of_team
from service.crud import Resource
from service.dependencies import Transaction, allowed
from service.idempotency import once
from service.lists import ListQuery
from service.problems import responses
from service.routing import page_body, router_of, single
from service.schemas import schemas_of

TEAMS = Resource(Team, "teams", "team", TeamSaved)
MEMBERS = Resource(
    TeamMember,
    "team-members",
    "team member",
    TeamMemberSaved,
    deleted=TeamMemberRemoved,
    create=membership.join,
    update=membership.change,
)

router = router_of(TEAMS)
members = router_of(MEMBERS)


class NewMember(BaseModel):
    """Who joins a team, and as what."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"user": 2, "role": "specialist"}]})

    user: Key
    role: MemberRole = MemberRole.MEMBER


class FormerMember(BaseModel):
    """Who leaves a team."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"user": 2}]})

    user: Key


@router.post(
    "/{id:int}/add-member/",
    status_code=201,
    response_model=schemas_of(TeamMember).read,
    responses=responses("not_found", "already_exists"),
    dependencies=[allowed("teams", "add-member"), once],
    summary="Add a member to a team",
)
def add_member(session: Transaction, response: Response, id: int, body: Annotated[NewMember, Body()]) -> dict[str, Any]:
    """Let a user join a team that has room."""
    team = crud.find(session, TEAMS, id)
    return single(session, crud.create(session, MEMBERS, {"team": team.id, **body.model_dump()}), response)


@router.post(
    "/{id:int}/remove-member/",
    status_code=204,
    responses=responses("not_found"),
    dependencies=[allowed("teams", "remove-member"), once],
    summary="Remove a member from a team",
)
def remove_member(session: Transaction, id: int, body: Annotated[FormerMember, Body()]) -> None:
    """Let a user leave a team."""
    team = crud.find(session, TEAMS, id)
    statement = select(TeamMember).where(TeamMember.team_id == team.id, TeamMember.user_id == body.user)
    member = session.scalars(statement).one_or_none()
    if member is None:
        raise NotFound("member of this team with the user", body.user)
    crud.delete(session, MEMBERS, member)


@router.get(
    "/{id:int}/members/",
    response_model=schemas_of(TeamMember).page,
    responses=responses("not_found"),
    dependencies=[allowed("teams", "read")],
    summary="List the members of a team",
)
def list_members(
    request: Request,
    session: Transaction,
    id: int,
    query: Annotated[ListQuery, Query()],
) -> dict[str, Any]:
    """List the members of a team."""
    team = crud.find(session, TEAMS, id)
    page = crud.listed(session, TeamMember, query, TeamMember.team_id == team.id)
    return page_body(request, session, page, query)


@router.get(
    "/{id:int}/availability/",
    response_model=TeamAvailability,
    responses=responses("not_found"),
    dependencies=[allowed("teams", "read")],
    summary="Get when a team and its members are free and busy",
)
def availability(session: Transaction, id: int, query: Annotated[WhenQuery, Query()]) -> TeamAvailability:
    """Tell when a team and each of its members are free and busy, by default in the next seven days."""
    return availability_of_team(session, crud.find(session, TEAMS, id), query.span())
