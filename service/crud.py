"""Reading and writing one record or many: what every kind of record has in common."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from models.errors import Fault, NotFound
from models.events import Event
from models.faults import nearest
from models.records.base import Entity, Hidden, InvalidRecord, Owned, Record, ensure_fit, now
from models.records.fields import MAX_ID
from models.records.stored import stored_fields
from service.bus import emit
from service.linking import ensure_known, load_links
from service.lists import ListQuery, narrowed, ordered, orderings_of
from service.output import in_utc
from service.own import ensure_own, limited_to_own
from service.schemas import organization

R = TypeVar("R", bound=Owned)
Values = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Page(Generic[R]):
    """Some of the records of a list, and how many there are in all."""

    count: int
    records: list[R]


@dataclass(frozen=True, slots=True)
class Resource(Generic[R]):
    """A kind of record as the API offers it.

    Parameters
    ----------
    record
        Its class.
    path
        Its name in addresses, which is also its name in the table of rights.
    noun
        What people call one of it.
    saved, created, deleted
        The events of a change, of a new one (by default that of a change), and of a deletion.
    create, update, delete
        How it is written, where the plain way is not enough.
    asks
        What requests that create, update or delete it are asked besides: dependencies of these routes by name.
    problems
        What a create or an update may be refused with besides: codes of `service.problems`.
    answers, more
        The type of the answer to a create or an update, if it can tell more than the record, and what it tells.
    """

    record: type[R]
    path: str
    noun: str
    saved: type[Event] | None = None
    created: type[Event] | None = None
    deleted: type[Event] | None = None
    create: "Callable[[Session, Resource[R], Values], R] | None" = None
    update: "Callable[[Session, Resource[R], R, Values], None] | None" = None
    delete: "Callable[[Session, Resource[R], R], None] | None" = None
    asks: Mapping[str, tuple[Any, ...]] = field(default_factory=dict)
    problems: tuple[str, ...] = ()
    answers: Any = None
    more: "Callable[[Session], dict[str, Any]] | None" = None


def select_of(session: Session, record: type[R]) -> Select[R]:
    """Select what the caller may see of a kind of record."""
    return limited_to_own(session, select(record), record)


def find(session: Session, resource: Resource[R], key: int, *, lock: bool = False) -> R:
    """Load one record with its linking rows.

    Parameters
    ----------
    session
        Bound to a caller.
    resource
        What kind.
    key
        Its id.
    lock
        Whether others must wait until the transaction ends before they can change it.

    Returns
    -------
    The record.

    Raises
    ------
    NotFound
        If there is none, or not for the caller.
    """
    if not 1 <= key <= MAX_ID:
        raise NotFound(resource.noun, key)
    statement = select_of(session, resource.record).where(resource.record.id == key)
    statement = statement.options(*load_links(resource.record))
    if lock:
        statement = statement.with_for_update(of=resource.record, key_share=True).execution_options(
            populate_existing=True
        )
    found = session.scalars(statement).one_or_none()
    if found is None:
        raise NotFound(resource.noun, key)
    return found


def listed(session: Session, record: type[R], query: ListQuery, *conditions: Any) -> Page[R]:
    """Load a page of a list, with a number of queries that does not depend on its length.

    Parameters
    ----------
    session
        Bound to a caller.
    record
        What kind.
    query
        Filters, search, ordering and page, of the model `query_of` the record.
    conditions
        What all of them have to meet besides.

    Returns
    -------
    The page.

    Raises
    ------
    InvalidRecord
        If the ordering names what cannot be ordered by.
    """
    ensure_orderable(record, query.ordering)
    statement = narrowed(select_of(session, record).where(*conditions), record, query)
    count = session.scalar(statement.with_only_columns(func.count(record.id))) or 0
    page = ordered(statement, record, query.ordering).options(*load_links(record))
    page = page.limit(query.page_size).offset((query.page - 1) * query.page_size)
    return Page(count, list(session.scalars(page)))


def create(session: Session, resource: Resource[R], values: Values) -> R:
    """Make a record and say so.

    Parameters
    ----------
    session
        Bound to a caller.
    resource
        What kind.
    values
        By API name; what is missing has its default.

    Returns
    -------
    The record, flushed.

    Raises
    ------
    InvalidRecord
        If values do not fit together, or name what is not there.
    """
    record = (resource.create or create_plainly)(session, resource, values)
    ensure_own(session, record)
    return record


def update(session: Session, resource: Resource[R], record: R, values: Values) -> None:
    """Change a record and say so.

    Parameters
    ----------
    session
        Bound to a caller.
    resource
        What kind.
    record
        With its linking rows loaded.
    values
        What changes, by API name.

    Raises
    ------
    InvalidRecord
        If values do not fit together, or name what is not there.
    """
    (resource.update or update_plainly)(session, resource, record, values)
    ensure_own(session, record)


def delete(session: Session, resource: Resource[R], record: R) -> None:
    """Delete a record, or hide one that can be hidden, and say so.

    Parameters
    ----------
    session
        Bound to a caller.
    resource
        What kind.
    record
        What goes.
    """
    (resource.delete or delete_plainly)(session, resource, record)


def create_plainly(session: Session, resource: Resource[R], values: Values) -> R:
    """Make a record from its values alone."""
    ensure_known(session, resource.record, values)
    record = resource.record()
    assign(record, values)
    inherit(session, record, values)
    session.add(record)
    session.flush()
    if (event := resource.created or resource.saved) is not None:
        emit(session, event(record.id))
    return record


def update_plainly(session: Session, resource: Resource[R], record: R, values: Values) -> None:
    """Change a record by its values alone."""
    ensure_known(session, resource.record, values)
    assign(record, values)
    ensure_fit(record)
    if isinstance(record, Entity) and session.is_modified(record):
        record.updated_at = now()
        session.flush()
        if resource.saved is not None:
            emit(session, resource.saved(record.id))


def delete_plainly(session: Session, resource: Resource[R], record: R) -> None:
    """Hide a record that can be hidden, delete any other."""
    if isinstance(record, Hidden):
        record.hidden_at = now()
    else:
        session.delete(record)
    session.flush()
    if resource.deleted is not None:
        emit(session, resource.deleted(record.id))


def assign(record: Record, values: Values) -> None:
    """Set the fields of a record, by API name, with all instants in UTC."""
    fields = stored_fields(type(record))
    record.assign(
        {
            fields[name].attribute: in_utc(value)
            for name, value in values.items()
            if not _to_inherit(fields, name, value)
        }
    )


def inherit(session: Session, record: Record, values: Values) -> None:
    """Give a new record what the organization decides where the values do not."""
    for each in stored_fields(type(record)).values():
        if each.inherits is not None and values.get(each.name) is None:
            setattr(record, each.attribute, getattr(organization(session), each.inherits))


def _to_inherit(fields: Mapping[str, Any], name: str, value: Any) -> bool:
    return value is None and fields[name].inherits is not None


def ensure_orderable(record: type[Record], ordering: str) -> None:
    """Refuse an ordering that names what cannot be ordered by.

    Raises
    ------
    InvalidRecord
        With the names that are unknown.
    """
    known = orderings_of(record)
    faults = [
        Fault("ordering", f'"{part}"', f"fields of {', '.join(known)}", nearest(part.removeprefix("-"), known))
        for part in (part.strip() for part in ordering.split(","))
        if part and part.removeprefix("-") not in known
    ]
    if faults:
        raise InvalidRecord(faults)
