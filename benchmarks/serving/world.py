"""A small organization with scarce people, teams and things, in which many bookings clash."""

from __future__ import annotations

from dataclasses import dataclass

from models.enums import ResourceType
from models.records import Organization, Resource, Role, Team, TeamMember, User
from models.records.sealed import SealedText
from service import migrations
from service.database import Database
from service.keyring import Keyring

TOKEN_SECONDS = 86_400


@dataclass(frozen=True, slots=True)
class World:
    """Whom and what can be booked: ids, and a token of an owner.

    Parameters
    ----------
    organization
        Its id.
    token
        For the header of requests.
    users, teams, rooms, carts
        People; teams with some of them; things that are taken whole, and by the unit.
    """

    organization: int
    token: str
    users: tuple[int, ...]
    teams: tuple[int, ...]
    rooms: tuple[int, ...]
    carts: tuple[int, ...]


def make_world(
    url: str, secret: str, *, users: int = 8, teams: int = 3, rooms: int = 2, carts: int = 2, units: int = 3
) -> World:
    """Make the organization in a database, which is migrated first.

    Parameters
    ----------
    url, secret
        Of the database, and the key its server signs tokens with.
    users, teams, rooms, carts
        How many; a team has three of the users, and works at two places at once.
    units
        How many units a cart has.

    Returns
    -------
    Its ids.
    """
    database, keyring = Database(url), Keyring([secret])
    SealedText.use(keyring.seal())
    migrations.upgrade(database.engine)
    try:
        with database.everywhere() as session:
            organization = Organization(name="Storm")
            session.add(organization)
            session.flush()
            own = {"organization_id": organization.id}
            people = [User(name=f"user {i}", role=Role.OWNER, **own) for i in range(users)]
            crews = [Team(name=f"team {i}", max_concurrent=2, **own) for i in range(teams)]
            whole = [Resource(name=f"room {i}", resource_type=ResourceType.ROOM, **own) for i in range(rooms)]
            shared = [Resource(name=f"cart {i}", capacity=units, **own) for i in range(carts)]
            session.add_all([*people, *crews, *whole, *shared])
            session.flush()
            session.add_all(
                TeamMember(team_id=team.id, user_id=people[(3 * i + j) % users].id, **own)
                for i, team in enumerate(crews)
                for j in range(min(3, users))
            )
            session.commit()
            claims = {"sub": str(people[0].id), "org": str(organization.id), "use": "access"}
            ids = (tuple(each.id for each in kind) for kind in (people, crews, whole, shared))
            return World(organization.id, keyring.sign(claims, TOKEN_SECONDS), *ids)
    finally:
        database.close()
