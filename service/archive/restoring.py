"""Appointments out of an archive, as they were: with their ids, and with what hung on them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import ValidationError
from sqlalchemy import Table, select, tuple_, update
from sqlalchemy.orm import Session

from models.records import AuditEntry, Base
from service.archive.families import APPOINTMENTS, PARENT, Row, read
from service.archive.files import BadArchive, Line, batches
from service.archive.moving import RESTORED, entry
from service.changes import note_everything
from service.database import Database

_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Restored:
    """What came back: appointments, rows of all tables, and rows that refer to what is gone and were left out."""

    appointments: int = 0
    rows: int = 0
    left_out: int = 0


def restore(database: Database, path: Path) -> Restored:
    """Put back what an archive has; what is there already stays as it is, so that it can be done twice.

    The last batch comes first: it has the first of series, and of what was written twice the later state.

    Parameters
    ----------
    database
        Where it goes.
    path
        The archive.

    Returns
    -------
    How much came back.

    Raises
    ------
    BadArchive
        If it cannot be read, or its organization is not there.
    """
    done = Restored()
    for lines in reversed(list(batches(path))):
        with database.everywhere() as session:
            came = _put_back(session, lines, path)
            session.commit()
        done = Restored(done.appointments + came.appointments, done.rows + came.rows, done.left_out + came.left_out)
    return done


def _put_back(session: Session, lines: Sequence[Line], path: Path) -> Restored:
    by_table: dict[str, list[Row]] = {}
    for line in lines:
        try:
            by_table.setdefault(line["table"], []).append(read(line["table"], line["row"]))
        except (KeyError, ValidationError) as error:
            raise BadArchive(f"{path} has a row that cannot be read: {error}") from None
    appointments = rows = left_out = 0
    for table in Base.metadata.sorted_tables:
        found = _new(session, table, by_table.get(table.name, []))
        fit = _fitting(session, table, found)
        left_out += len(found) - len(fit)
        rows += len(fit)
        if table is APPOINTMENTS:
            if len(fit) < len(found):
                raise BadArchive(f"{path} is of an organization that is not there. Restore into its database.")
            appointments = len(fit)
            _insert_appointments(session, fit, path)
        elif fit:
            _insert(session, table, fit)
    return Restored(appointments, rows, left_out)


def _new(session: Session, table: Table, rows: list[Row]) -> list[Row]:
    """Those that are not there."""
    names = [column.name for column in table.primary_key.columns]
    known: set[tuple[Any, ...]] = set()
    columns = [table.c[name] for name in names]
    for first in range(0, len(rows), _AT_ONCE):
        keys = [tuple(row[name] for name in names) for row in rows[first : first + _AT_ONCE]]
        there = select(*columns).where(tuple_(*columns).in_(keys))
        known |= {tuple(row) for row in session.connection().execute(there)}
    return [row for row in rows if tuple(row[name] for name in names) not in known]


def _fitting(session: Session, table: Table, rows: list[Row]) -> list[Row]:
    """Those whose references lead somewhere, once those that may be empty are emptied."""
    for key in table.foreign_keys:
        if key.column.table is table:
            continue
        name = key.parent.name
        wanted = {row[name] for row in rows if row.get(name) is not None}
        there = _there(session, key.column.table, wanted)
        if key.parent.nullable:
            rows = [{**row, name: None} if row.get(name) not in there else row for row in rows]
        else:
            rows = [row for row in rows if row[name] in there]
    return rows


def _there(session: Session, table: Table, keys: set[int]) -> set[int]:
    found: set[int] = set()
    ordered = sorted(keys)
    for first in range(0, len(ordered), _AT_ONCE):
        some = select(table.c.id).where(table.c.id.in_(ordered[first : first + _AT_ONCE]))
        found |= set(session.connection().scalars(some))
    return found


def _insert_appointments(session: Session, rows: list[Row], path: Path) -> None:
    """Insert all of them first, and then say which belongs to which."""
    if not rows:
        return
    _insert(session, APPOINTMENTS, [{**row, PARENT: None} for row in rows])
    parents: Mapping[int, int] = {row["id"]: row[PARENT] for row in rows if row.get(PARENT) is not None}
    there = _there(session, APPOINTMENTS, set(parents.values()))
    for key, parent in parents.items():
        if parent in there:
            named = update(APPOINTMENTS).where(APPOINTMENTS.c.id == key).values({PARENT: parent})
            session.connection().execute(named)
    for owner in {row["organization_id"] for row in rows}:
        note_everything(session, owner)
    log = Base.metadata.tables[AuditEntry.__tablename__]
    _insert(session, log, [entry(row["organization_id"], row["id"], RESTORED, path.name) for row in rows])


def _insert(session: Session, table: Table, rows: list[Row]) -> None:
    names = {name for row in rows for name in row}
    session.connection().execute(table.insert(), [{name: row.get(name) for name in names} for row in rows])
