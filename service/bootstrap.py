"""The first organization and its owner."""

from dataclasses import dataclass

from sqlalchemy import select

from models.records import Organization, Role, User
from service.database import Database
from service.keyring import random_token
from service.passwords import hashed

FIRST_EMAIL = "owner@example.com"


@dataclass(frozen=True, slots=True)
class FirstOwner:
    """Somebody who was just made, with a password that is shown once."""

    email: str
    password: str


def ensure_owner(database: Database) -> FirstOwner | None:
    """Make an organization and an owner where there is none.

    Parameters
    ----------
    database
        Migrated.

    Returns
    -------
    The owner, or None if there is an organization already.
    """
    with database.everywhere() as session:
        if session.scalar(select(Organization.id).limit(1)) is not None:
            return None
        organization = Organization(name="My organization")
        session.add(organization)
        session.commit()
        key = organization.id
    password = make_user(database, key, FIRST_EMAIL, "Owner", Role.OWNER)
    return None if password is None else FirstOwner(FIRST_EMAIL, password)


def make_user(database: Database, organization: int, email: str, name: str, role: Role) -> str | None:
    """Make a user who can log in.

    Parameters
    ----------
    database
        Migrated.
    organization
        The id of the organization.
    email, name, role
        Of the user.

    Returns
    -------
    The password; None if the organization has a user with this email.
    """
    password = random_token()[:20]
    with database.everywhere() as session:
        known = select(User.id).where(User.organization_id == organization, User.email == email)
        if session.scalar(known) is not None:
            return None
        user = User(organization_id=organization, name=name, email=email, role=role, password_hash=hashed(password))
        session.add(user)
        session.commit()
    return password
