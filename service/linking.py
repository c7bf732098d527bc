"""The rows that link records with others, and the ids they hold."""

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from sqlalchemy import inspect, select
from sqlalchemy.orm import InstrumentedAttribute, Session, selectinload
from sqlalchemy.sql.base import ExecutableOption

from models.errors import Fault
from models.faults import article
from models.records import Appointment, Base
from models.records.base import InvalidRecord, Record
from models.records.requirements import Requirements
from models.records.stored import StoredField, stored_fields

_BY_TABLE: Mapping[str, type[Record]] = {
    each.class_.__tablename__: each.class_ for each in Base.registry.mappers if issubclass(each.class_, Record)
}


def load_links(record: type[Record]) -> list[ExecutableOption]:
    """Options that load all linking rows of listed records, with one query for each kind."""
    return [
        selectinload(getattr(record, field.rows)) for field in stored_fields(record).values() if field.rows is not None
    ]


def link_rows(
    record: type[Record], field: StoredField
) -> tuple[InstrumentedAttribute[int], InstrumentedAttribute[int]]:
    """Find the linking rows of a field of linked ids.

    Parameters
    ----------
    record, field
        The record, and its field.

    Returns
    -------
    Their column with the id of the record, and their column with the other id.
    """
    assert field.rows is not None
    assert field.key is not None
    relationship = inspect(record).relationships[field.rows]
    rows: type[Base] = relationship.mapper.class_
    own = next(iter(relationship.remote_side)).name
    return getattr(rows, own), getattr(rows, field.key)


def ensure_known(session: Session, record: type[Record], values: Mapping[str, Any]) -> None:
    """Refuse ids of records that the organization does not have.

    Parameters
    ----------
    session
        Bound to the organization.
    record
        What is to be written.
    values
        Its new values by API name.

    Raises
    ------
    InvalidRecord
        With every id that is unknown.
    """
    named: dict[str, list[tuple[str, int]]] = {}
    for name, where, key in _named(record, values):
        named.setdefault(name, []).append((where, key))
    faults: list[Fault] = []
    for table, places in named.items():
        target = _BY_TABLE[table]
        found = known_ids(session, target, {key for _, key in places})
        noun = target.__name__.removeprefix("Schedule").lower()
        faults += [
            Fault(where, str(key), f"the id of {article(noun)} of this organization", "List them to find it.")
            for where, key in places
            if key not in found
        ]
    if faults:
        raise InvalidRecord(faults)


def known_ids(session: Session, record: type[Record], keys: Collection[int]) -> set[int]:
    """Find which of some ids are those of records that the session sees."""
    return set(session.scalars(select(record.id).where(record.id.in_(keys)))) if keys else set()


def _named(record: type[Record], values: Mapping[str, Any]) -> Iterable[tuple[str, str, int]]:
    for name, field in stored_fields(record).items():
        value = values.get(name)
        if field.target is None or value is None:
            continue
        if field.rows is None:
            yield field.target, name, value
        else:
            yield from ((field.target, f"{name}[{i}]", key) for i, key in enumerate(value))
    requirements = values.get("requirements")
    if record is Appointment and isinstance(requirements, Requirements):
        for where, table, text in requirements.references():
            yield table, f"requirements.{where}", int(text) if text.isdecimal() and len(text) < 19 else 0
