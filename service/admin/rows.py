"""Records as pages show them: the values of the API, and names instead of the ids of others."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.records.base import Record
from service.admin.kinds import KINDS, Kind, label_of
from service.own import limited_to_own
from service.schemas import shown


class Row:
    """A record with its values as attributes, by API name; what it does not have is None.

    Parameters
    ----------
    id
        Of the record.
    label
        What people call it.
    values
        By API name; references are rows themselves.
    """

    def __init__(self, id: int, label: str, values: dict[str, Any] | None = None) -> None:  # its name
        self.id, self.label, self.values = id, label, values or {}

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return self.values.get(name)


def rows_of(session: Session, kind: Kind, records: Sequence[Record]) -> list[Row]:
    """Write records for a page, with one query for each kind of record that they refer to.

    Parameters
    ----------
    session
        Bound to who looks at the page.
    kind
        What they are.
    records
        With their linking rows loaded.

    Returns
    -------
    Their rows in the same order.
    """
    values = [shown(session, record) for record in records]
    named = _named(session, kind, values)
    found = []
    for record, each in zip(records, values, strict=True):
        for name, field in kind.fields.items():
            value = each.get(name)
            if field.target not in KINDS or value is None:
                continue
            known = named[field.target]
            each[name] = [known[key] for key in value] if field.rows else known[value]
        label = label_of(kind.record)
        found.append(Row(record.id, _label(kind, record.id, each.get(label) if label else None), each))
    return found


def _named(session: Session, kind: Kind, values: Iterable[dict[str, Any]]) -> dict[str, dict[int, Row]]:
    wanted: dict[str, set[int]] = defaultdict(set)
    for each in values:
        for name, field in kind.fields.items():
            value = each.get(name)
            if field.target in KINDS and value is not None:
                wanted[field.target].update(value if field.rows else (value,))
    return {table: _rows_by_id(session, KINDS[table], keys) for table, keys in wanted.items()}


def _rows_by_id(session: Session, kind: Kind, keys: set[int]) -> dict[int, Row]:
    """Name records; those that may not be seen, or are hidden, keep their number."""
    rows = {key: Row(key, _label(kind, key, None)) for key in keys}
    label = label_of(kind.record)
    if label is not None and keys:
        statement: Any = select(kind.record.id, getattr(kind.record, label)).where(kind.record.id.in_(keys))
        for key, text in session.execute(limited_to_own(session, statement, kind.record)):
            rows[key] = Row(key, _label(kind, key, text))
    return rows


def _label(kind: Kind, key: int, text: Any) -> str:
    return str(text) if text else f"{kind.resource.noun} {key}"
