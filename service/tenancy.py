"""The one place where sessions are bound to an organization: no query of a bound session reaches another's rows."""

from typing import Any

from sqlalchemy import Executable
from sqlalchemy.orm import ORMExecuteState, Session, with_loader_criteria

from models.records.base import Hidden, Owned, Versioned, check_records, now
from service.callers import Caller

_CALLER = "caller"
_EVERYWHERE = "everywhere"


class BoundSession(Session):
    """A session that answers only for one organization, or, if it says so, for all."""


def bind(session: Session, caller: Caller) -> None:
    """Bind a session to the organization of a caller, in whose name it writes.

    Parameters
    ----------
    session
        Not used for anything yet.
    caller
        Who asks.
    """
    session.info[_CALLER] = caller


def bind_everywhere(session: Session) -> None:
    """Let a session see all organizations: for logins and for work that goes through all of them."""
    session.info[_EVERYWHERE] = True


def settle(session: Session, caller: Caller) -> None:
    """Let a session that saw all organizations see only that of a caller from now on."""
    session.info.pop(_EVERYWHERE, None)
    bind(session, caller)


def caller_of(session: Session) -> Caller:
    """Tell in whose name a session works."""
    caller = session.info.get(_CALLER)
    if not isinstance(caller, Caller):
        raise LookupError("This session is bound to no organization. Call bind first.")
    return caller


def organization_of(session: Session) -> int | None:
    """Tell which organization a session is bound to; None for all of them."""
    return None if session.info.get(_EVERYWHERE) else caller_of(session).organization_id


def stay_inside(state: ORMExecuteState) -> None:
    """Limit a query to the organization of its session, and to what is not hidden."""
    if state.is_column_load or state.is_relationship_load:
        return
    organization_id = organization_of(state.session)
    limits: list[Any] = []
    if organization_id is not None:
        limits.append(
            with_loader_criteria(Owned, lambda owned: owned.organization_id == organization_id, include_aliases=True)
        )
    if not state.execution_options.get("include_hidden", False):
        limits.append(with_loader_criteria(Hidden, lambda hidden: hidden.hidden_at.is_(None), include_aliases=True))
    if isinstance(state.statement, Executable):
        state.statement = state.statement.options(*limits)


def stamp(session: Session, _context: object, _instances: object) -> None:
    """Give new rows their organization and changed ones their time, and check them, before they are written."""
    organization_id = organization_of(session)
    for record in session.new:
        if isinstance(record, Owned) and organization_id is not None:
            if record.organization_id not in (None, organization_id):
                raise PermissionError(f"A row of organization {record.organization_id} does not belong here.")
            record.organization_id = organization_id
    for record in session.dirty:
        if isinstance(record, Versioned) and session.is_modified(record):
            record.updated_at = now()
    check_records(session)
