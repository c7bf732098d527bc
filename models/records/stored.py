"""What a record says about its fields: the one place from which schemas, filters and the audit log are derived."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from inspect import get_annotations
from typing import Any, get_args, get_origin, get_type_hints

from pydantic import TypeAdapter
from sqlalchemy import inspect
from sqlalchemy.ext.associationproxy import AssociationProxy
from sqlalchemy.orm import Mapped, RelationshipProperty

from models.records.base import Base, Record
from models.records.fields import Access, Key, Keys


@dataclass(frozen=True, slots=True)
class StoredField:
    """One field of a record.

    Parameters
    ----------
    name
        What the API calls it: a reference `team_id` is `team`, linked ids `user_ids` are `users`.
    attribute
        What the record calls it.
    annotation
        The annotated type of its values, None included where it may be.
    access
        Who may see and set it.
    default
        The column's default; None if it has none.
    inherits
        The field of the organization that fills it in.
    target
        The table whose ids it holds, for references and linked ids.
    rows
        The relationship with the linking rows, for linked ids.
    key
        The field of a linking row that holds the other id.
    """

    name: str
    attribute: str
    annotation: Any
    access: Access
    default: Any = None
    inherits: str | None = None
    target: str | None = None
    rows: str | None = None
    key: str | None = None

    @property
    def nullable(self) -> bool:
        """Whether it may be None."""
        return type(None) in get_args(self.annotation)

    @property
    def required(self) -> bool:
        """Whether a new record must be told its value."""
        return not self.nullable and self.default is None and not self.rows

    def made(self) -> Any:
        """Make the value of a new record that is told none."""
        if self.rows is not None:
            return []
        if self.default is None:
            return None
        return self.default.arg(None) if self.default.is_callable else self.default.arg


@cache
def stored_fields(record: type[Record]) -> Mapping[str, StoredField]:
    """List the fields of a record, as the API names them.

    Parameters
    ----------
    record
        A mapped class.

    Returns
    -------
    The fields by name, in the order of the columns, linked ids after them.
    """
    mapper = inspect(record)
    found = [_column(record, attribute.key) for attribute in mapper.column_attrs]
    found += [
        _links(record, name, proxy)
        for name, proxy in mapper.all_orm_descriptors.items()
        if isinstance(proxy, AssociationProxy)
    ]
    return {field.name: field for field in found}


@cache
def adapter_of(record: type[Record], name: str) -> TypeAdapter[Any]:
    """Make the reader and writer of the values of a field, once."""
    return TypeAdapter(stored_fields(record)[name].annotation)


def _column(record: type[Record], attribute: str) -> StoredField:
    column = inspect(record).column_attrs[attribute].columns[0]
    target = next((key.column.table.name for key in column.foreign_keys), None)
    annotation = _annotation(record, attribute)
    if target is not None:
        annotation = Key | None if column.nullable else Key
    return StoredField(
        name=attribute.removesuffix("_id") if target else attribute,
        attribute=attribute,
        annotation=annotation,
        access=column.info.get("access", Access.OPEN),
        default=column.default,
        inherits=column.info.get("inherits"),
        target=target,
    )


def _links(record: type[Record], name: str, proxy: AssociationProxy[Any]) -> StoredField:
    rows = inspect(record).relationships[proxy.target_collection]
    key = _linking(rows).__table__.c[proxy.value_attr]
    return StoredField(
        name=name.removesuffix("_ids") + "s",
        attribute=name,
        annotation=Keys,
        access=proxy.info["access"],
        target=next(iter(key.foreign_keys)).column.table.name,
        rows=proxy.target_collection,
        key=proxy.value_attr,
    )


def _linking(rows: RelationshipProperty[Any]) -> type[Base]:
    found: type[Base] = rows.mapper.class_
    return found


def _annotation(record: type[Record], attribute: str) -> Any:
    for owner in record.__mro__:
        if attribute in get_annotations(owner):
            hint = get_type_hints(owner, include_extras=True)[attribute]
            return get_args(hint)[0] if get_origin(hint) is Mapped else hint
    raise LookupError(f"{record.__name__}.{attribute} has no annotation. Give it one: its type is its column.")
