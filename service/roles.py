"""Giving roles: nobody gives more than it has, and an organization keeps an owner."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models.records import Organization, Role, User
from service.crud import Resource, create_plainly, delete_plainly, update_plainly
from service.errors import Conflict, Forbidden
from service.tenancy import caller_of

_RANKS = list(Role)
"""From most to least."""


def create_user(session: Session, resource: Resource[User], values: Mapping[str, Any]) -> User:
    """Make a user, with a role not above that of the caller."""
    _ensure_below(session, values["role"])
    return create_plainly(session, resource, values)


def update_user(session: Session, resource: Resource[User], user: User, values: Mapping[str, Any]) -> None:
    """Change a user who is not above the caller, and does not get so."""
    _ensure_below(session, user.role)
    _ensure_below(session, values.get("role", user.role))
    update_plainly(session, resource, user, values)
    _ensure_an_owner(session)


def delete_user(session: Session, resource: Resource[User], user: User) -> None:
    """Delete a user who is not above the caller."""
    _ensure_below(session, user.role)
    delete_plainly(session, resource, user)
    _ensure_an_owner(session)


def _ensure_below(session: Session, role: Role) -> None:
    own = caller_of(session).role
    if _RANKS.index(role) < _RANKS.index(own):
        raise Forbidden(f"A {own} may not give or change the role {role}. Ask an owner.")


def _ensure_an_owner(session: Session) -> None:
    # The lock makes those wait who would leave at the same time, and only those.
    own = select(Organization.id).where(Organization.id == caller_of(session).organization_id)
    session.scalars(own.with_for_update(key_share=True)).one()
    if not session.scalar(select(func.count(User.id)).where(User.role == Role.OWNER, User.is_active)):
        raise Conflict("An organization keeps at least one active owner. Make somebody else one first.")
