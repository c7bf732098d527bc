"""How values are stored: the column type that follows from a field's annotated type, on SQLite and PostgreSQL."""

import json
from datetime import UTC, date, datetime, time
from decimal import Decimal
from enum import Enum
from functools import cached_property
from types import UnionType
from typing import Annotated, Any, Union, get_args, get_origin

from pydantic import StringConstraints, TypeAdapter
from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Date,
    DateTime,
    Dialect,
    Enum as SqlEnum,
    Float,
    Integer,
    Numeric,
    String,
    Text,
    Time,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.types import TypeDecorator, TypeEngine

ENUM_LENGTH = 40
DECIMALS = 6
BIG = BigInteger().with_variant(Integer(), "sqlite")
"""A 64-bit integer; in SQLite, where every INTEGER has 64 bits, one that can number its rows."""


class UtcDateTime(TypeDecorator[datetime]):
    """An instant: stored in UTC, read with its zone; a naive one is refused."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Move an instant to UTC."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"The time {value.isoformat()} has no offset. Add one before it is stored.")
        utc = value.astimezone(UTC)
        return utc.replace(tzinfo=None) if dialect.name == "sqlite" else utc

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Say that what was stored is UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class ExactDecimal(TypeDecorator[Decimal]):
    """An exact decimal: NUMERIC, and in SQLite, which has none, a count of millionths."""

    impl = Numeric(18, DECIMALS)
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """Choose the column type."""
        return dialect.type_descriptor(BigInteger() if dialect.name == "sqlite" else Numeric(18, DECIMALS))

    def process_bind_param(self, value: Decimal | None, dialect: Dialect) -> Decimal | int | None:
        """Count millionths where there are no decimals."""
        if value is None or dialect.name != "sqlite":
            return value
        return int((Decimal(value) * 10**DECIMALS).to_integral_value())

    def process_result_value(self, value: Decimal | int | None, dialect: Dialect) -> Decimal | None:
        """Read a decimal without trailing zeros."""
        if value is None:
            return None
        number = Decimal(value) / 10**DECIMALS if dialect.name == "sqlite" else Decimal(value)
        return number.quantize(Decimal(1)) if number == number.to_integral_value() else number.normalize()


class _Kind:
    """A type that JSON values have, with identity as its hash: annotated types need not have one."""

    def __init__(self, annotation: Any) -> None:
        self.annotation = annotation

    @cached_property
    def adapter(self) -> TypeAdapter[Any]:
        """Reader and writer of the values, made when first needed."""
        return TypeAdapter(self.annotation)


class JsonOf(TypeDecorator[Any]):
    """A JSON column that holds values of one pydantic type.

    Parameters
    ----------
    kind
        The annotated type of the values.
    """

    impl = JSON(none_as_null=True)
    cache_ok = True

    def __init__(self, kind: Any) -> None:
        super().__init__()
        self.kind = _Kind(kind)

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """Choose the column type."""
        if dialect.name == "postgresql":
            return dialect.type_descriptor(JSONB(none_as_null=True))
        return dialect.type_descriptor(JSON(none_as_null=True))

    def process_bind_param(self, value: Any, dialect: Dialect) -> Any:
        """Write what was given, without the defaults of what was not."""
        if value is None:
            return None
        adapter = self.kind.adapter
        return json.loads(adapter.dump_json(adapter.validate_python(value), by_alias=True, exclude_unset=True))

    def process_result_value(self, value: Any, dialect: Dialect) -> Any:
        """Read the value as its type."""
        return None if value is None else self.kind.adapter.validate_python(value)


def column_type(annotation: Any) -> TypeEngine[Any]:
    """Derive the column type from the annotated type of a field.

    Parameters
    ----------
    annotation
        A Python or pydantic type, optional or not; what is no scalar becomes a typed JSON column.

    Returns
    -------
    The SQLAlchemy type.
    """
    kind, limits = _bare(annotation)
    if isinstance(kind, type):
        if issubclass(kind, Enum):
            return SqlEnum(
                kind, native_enum=False, length=ENUM_LENGTH, values_callable=lambda members: [m.value for m in members]
            )
        if kind is str:
            lengths = [each.max_length for each in limits if isinstance(each, StringConstraints) and each.max_length]
            return String(min(lengths)) if lengths and min(lengths) <= 500 else Text()
        for scalar, made in _SCALARS:
            if issubclass(kind, scalar):
                return made()
    return JsonOf(annotation)


def _bare(annotation: Any) -> tuple[Any, list[Any]]:
    """Strip None and Annotated from a type, collecting what the latter says."""
    limits: list[Any] = []
    while True:
        origin = get_origin(annotation)
        if origin is Annotated:
            annotation, *more = get_args(annotation)
            limits += more
        elif (
            origin in (Union, UnionType) and len(rest := [a for a in get_args(annotation) if a is not type(None)]) == 1
        ):
            annotation = rest[0]
        else:
            return annotation, limits


# A datetime is a date and a bool an int: the narrower first.
_SCALARS: tuple[tuple[type, type[TypeEngine[Any]]], ...] = (
    (bool, Boolean),
    (int, Integer),
    (float, Float),
    (Decimal, ExactDecimal),
    (datetime, UtcDateTime),
    (date, Date),
    (time, Time),
)
