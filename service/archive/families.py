"""Appointments with all that hangs on them, as rows of tables: what their deletion would take along."""

from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any

from sqlalchemy import ForeignKeyConstraint, Table, or_, select
from sqlalchemy.orm import Session

from models.records import Appointment, Base
from models.records.base import Record
from models.records.stored import adapter_of, stored_fields

Row = dict[str, Any]
APPOINTMENTS: Table = Appointment.metadata.tables[Appointment.__tablename__]
PARENT = "parent_appointment_id"


def family_of(session: Session, keys: Iterable[int]) -> dict[str, list[Row]]:
    """Read appointments and every row that hangs on them.

    Parameters
    ----------
    session
        That may read them.
    keys
        The ids of appointments, few enough for one query.

    Returns
    -------
    Rows by table, each table after those that it refers to.
    """
    found: dict[str, list[Row]] = {}
    ids: dict[str, list[int]] = {APPOINTMENTS.name: sorted(keys)}
    for table in Base.metadata.sorted_tables:
        if table is APPOINTMENTS:
            hangs = [table.c.id.in_(ids[table.name])]
        else:
            hangs = [column.in_(ids[target]) for column, target in _hangs_on(table.name) if ids.get(target)]
        if not hangs:
            continue
        order = list(table.primary_key.columns)
        statement = select(table).where(or_(*hangs)).order_by(*order)
        rows = [dict(row) for row in session.connection().execute(statement).mappings()]
        if rows:
            found[table.name] = rows
            if "id" in table.c:
                ids[table.name] = [row["id"] for row in rows]
    return found


@cache
def _hangs_on(name: str) -> tuple[tuple[Any, str], ...]:
    """The columns of a table by which its rows go with rows of another, and the other."""
    table = Base.metadata.tables[name]
    return tuple(
        (table.c[key.column_keys[0]], key.referred_table.name)
        for key in table.constraints
        if isinstance(key, ForeignKeyConstraint) and key.ondelete == "CASCADE" and key.referred_table is not table
        if key.referred_table.name != "organizations"
    )


def written(table: str, row: Row) -> Row:
    """Write a row as JSON has it."""
    adapters = _adapters(table)
    return {
        name: adapters[name].dump_python(value, mode="json", by_alias=True, warnings=False)
        if name in adapters
        else value
        for name, value in row.items()
    }


def read(table: str, row: Mapping[str, Any]) -> Row:
    """Read a row that `written` has written; columns that have come since are left to their defaults.

    Raises
    ------
    pydantic.ValidationError
        If a value cannot be what it should be.
    """
    adapters, known = _adapters(table), Base.metadata.tables[table].c
    return {
        name: adapters[name].validate_python(value) if name in adapters else value
        for name, value in row.items()
        if name in known
    }


@cache
def _adapters(table: str) -> Mapping[str, Any]:
    """The reader and writer of each column; linking rows have numbers only, and need none."""
    mapped = next(each for each in Base.registry.mappers if each.local_table is Base.metadata.tables[table])
    record = mapped.class_
    if not issubclass(record, Record):
        return {}
    return {
        field.attribute: adapter_of(record, name) for name, field in stored_fields(record).items() if field.rows is None
    }
