"""The sequence of changes of an organization: who keeps what a plan says reads only what has changed since.

Sessions note what they write, in the same transaction. A reader remembers what it has seen: on SQLite the number of the
last note, since writers come one after the other; on PostgreSQL the snapshot of its transaction, since a note with a
smaller number may be committed later than one that was seen.
"""

from collections.abc import Collection, Iterator
from typing import Any, NamedTuple

from sqlalchemy import delete, func, insert, inspect, literal, select, text
from sqlalchemy.orm import InstanceState, ORMExecuteState, Session

from models.records import (
    Absence,
    Appointment,
    AppointmentResource,
    AppointmentUser,
    Changed,
    Location,
    Organization,
    PlanChange,
    Resource,
    ScheduleRule,
    Team,
    TeamMember,
    User,
)
from models.records.base import Owned, now
from models.records.rules import RuleResource, RuleTeam, RuleUser
from service.tenancy import organization_of

_NOTED = "plan_changes"
_ALWAYS = frozenset({"created_at", "updated_at", "version"})
_IDLE: dict[type[Any], frozenset[str]] = {
    User: _ALWAYS | {"email", "phone", "role", "password_hash", "last_login_at"},
    Organization: _ALWAYS | {"currency", "retention", "policies", "archived_before"},
    Resource: _ALWAYS | {"last_maintenance", "next_maintenance"},
}
"""What no slot depends on; of records that are not named here, what stands in all of them."""
_SETTINGS = (User, Resource, Team, TeamMember, ScheduleRule, Location, Organization, RuleUser, RuleTeam, RuleResource)
_WATCHED = (*_SETTINGS, Appointment, AppointmentUser, AppointmentResource, Absence)

Note = tuple[int | None, Changed, int]
"""Whose plan, None for everybody's; what has changed; and the id of it."""


class Seen(NamedTuple):
    """How far somebody has read: the number of a note on SQLite, the snapshot of a transaction on PostgreSQL."""

    number: int
    snapshot: str | None


def note_changes(session: Session, _context: object) -> None:
    """After a flush, remember what it has changed of plans."""
    noted: set[Note] = session.info.setdefault(_NOTED, set())
    for record in session.new:
        noted.update(_of_new(session, record))
    for record in session.dirty:
        noted.update(_of_changed(session, record))
    for record in session.deleted:
        noted.update(_of_new(session, record))


def note_statement(state: ORMExecuteState) -> None:
    """Remember a statement that changes many records at once: whoever follows has to read everything."""
    mapper = state.bind_mapper
    written = state.is_insert or state.is_update or state.is_delete
    if written and mapper is not None and issubclass(mapper.class_, _WATCHED):
        noted: set[Note] = state.session.info.setdefault(_NOTED, set())
        noted.add((organization_of(state.session), Changed.EVERYTHING, 0))


def note_everything(session: Session, organization: int) -> None:
    """Note that an organization has to be read anew, for who writes past the session."""
    noted: set[Note] = session.info.setdefault(_NOTED, set())
    noted.add((organization, Changed.EVERYTHING, 0))


def write_changes(session: Session) -> None:
    """Before a commit, write the notes of the whole transaction."""
    if session.in_nested_transaction():
        return
    noted: set[Note] = session.info.pop(_NOTED, set())
    if not noted:
        return
    connection, moment = session.connection(), now()
    postgresql = connection.dialect.name == "postgresql"
    number = text("CAST(CAST(pg_current_xact_id() AS text) AS bigint)") if postgresql else literal(0)
    everybody = list(connection.scalars(select(Organization.id))) if any(note[0] is None for note in noted) else []
    rows = {(owner, *note[1:]) for note in noted for owner in ([note[0]] if note[0] is not None else everybody)}
    known = [
        {"organization_id": owner, "at": moment, "kind": kind.value, "record": key} for owner, kind, key in sorted(rows)
    ]
    if known:
        connection.execute(insert(PlanChange.__table__).values(transaction_id=number), known)  # type: ignore[arg-type]  # a table


def seen_by(session: Session) -> Seen:
    """Tell how far a session has read that sees one moment of the database.

    Parameters
    ----------
    session
        Of `Database.moment`.

    Returns
    -------
    What `changes_since` goes on from.
    """
    connection = session.connection()
    if connection.dialect.name == "postgresql":
        return Seen(0, connection.scalar(text("SELECT CAST(pg_current_snapshot() AS text)")))
    return Seen(connection.scalar(select(func.max(PlanChange.id))) or 0, None)


_SINCE_NUMBER = text(
    "SELECT kind, record, id FROM plan_changes WHERE organization_id = :owner AND transaction_id = 0 AND id > :seen"
)
_SINCE_SNAPSHOT = text(
    "SELECT kind, record, CAST(pg_current_snapshot() AS text) FROM plan_changes"
    " WHERE organization_id = :owner"
    " AND transaction_id >= CAST(CAST(pg_snapshot_xmin(CAST(:seen AS pg_snapshot)) AS text) AS bigint)"
    " AND NOT pg_visible_in_snapshot(CAST(CAST(transaction_id AS text) AS xid8), CAST(:seen AS pg_snapshot))"
)


def changes_since(session: Session, owner: int, seen: Seen) -> tuple[Collection[tuple[Changed, int]], Seen]:
    """Read what has changed, with one query.

    Parameters
    ----------
    session
        That sees one moment of the database, earlier or later than what was seen.
    owner
        The organization.
    seen
        Of an earlier reading.

    Returns
    -------
    What has changed and its ids, each once, and how far that is; nothing if the session sees no more than was seen.
    """
    connection = session.connection()
    if seen.snapshot is not None:
        rows = connection.execute(_SINCE_SNAPSHOT, {"owner": owner, "seen": seen.snapshot}).all()
        further = Seen(0, rows[0][2]) if rows else seen
    else:
        rows = connection.execute(_SINCE_NUMBER, {"owner": owner, "seen": seen.number}).all()
        further = Seen(max((row[2] for row in rows), default=seen.number), None)
    return {(Changed(row[0]), row[1]) for row in rows}, further


def forget_changes(session: Session, before: Any) -> None:
    """Delete the notes from before a moment; who has read nothing for so long reads everything."""
    session.execute(delete(PlanChange).where(PlanChange.at < before))


def _of_new(session: Session, record: object) -> Iterator[Note]:
    """What a record changes that comes or goes."""
    if isinstance(record, Absence):
        yield from _away(record)
    elif isinstance(record, Appointment):
        yield record.organization_id, Changed.APPOINTMENT, record.id
    elif isinstance(record, AppointmentUser | AppointmentResource):
        yield _owner(session, record.appointment_id), Changed.APPOINTMENT, record.appointment_id
    elif isinstance(record, _SETTINGS):
        yield _owner_of(session, record), Changed.EVERYTHING, 0


def _of_changed(session: Session, record: object) -> Iterator[Note]:
    """What a record changes that stays; the session may only have looked at it."""
    if not isinstance(record, _SETTINGS):
        if session.is_modified(record):
            yield from _of_new(session, record)
        return
    state: InstanceState[Any] = inspect(record)
    told = {each.key for each in state.attrs if each.history.has_changes()}
    told -= _IDLE.get(type(record), _ALWAYS)
    if told == {"unavailable"} and isinstance(record, User | Resource):
        kind = Changed.USER_AWAY if isinstance(record, User) else Changed.RESOURCE_AWAY
        yield record.organization_id, kind, record.id
    elif told:
        yield _owner_of(session, record), Changed.EVERYTHING, 0


def _away(record: Absence) -> Iterator[Note]:
    """Who or what is away, or was to be."""
    attributes = inspect(record).attrs
    for name, kind in (("user_id", Changed.USER_AWAY), ("resource_id", Changed.RESOURCE_AWAY)):
        keys = {getattr(record, name), *(attributes[name].history.deleted or ())} - {None}
        yield from ((record.organization_id, kind, key) for key in keys)


def _owner_of(session: Session, record: object) -> int | None:
    if isinstance(record, Owned):
        return record.organization_id
    return record.id if isinstance(record, Organization) else organization_of(session)


def _owner(session: Session, appointment: int) -> int | None:
    bound = organization_of(session)
    if bound is not None:
        return bound
    owner: int | None = session.connection().scalar(
        select(Appointment.organization_id).where(Appointment.id == appointment)
    )
    return owner
