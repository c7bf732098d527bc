"""How lists are filtered: the filters of the library, on the columns that fields are stored in."""

import math
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from starlette_admin.contrib.sqla.filters import (
    BetweenFilter,
    DateInFutureFilter,
    DateInPastFilter,
    DateTimeBetweenFilter,
    GreaterThanFilter,
    GreaterThanOrEqualFilter,
    IsNotNullFilter,
    IsNullFilter,
    LessThanFilter,
    LessThanOrEqualFilter,
    NumericEqualFilter,
    SqlaFilterRegistry,
)
from starlette_admin.fields import BaseField, DateField, DateTimeField, NumberField
from starlette_admin.filters import filters
from starlette_admin.filters.base import BaseFilter, FilterApplyContext, FilterDataType, FilterValidationError
from starlette_admin.i18n import get_tzinfo

from models.records.base import Record
from models.records.stored import StoredField

_LARGEST = 2**53


def _number(raw: Any) -> float:
    """Read a number that every column can be compared with."""
    try:
        found = float(str(raw))
    except ValueError:
        found = math.nan
    if not -_LARGEST < found < _LARGEST:
        raise FilterValidationError(f"{raw} is no number from {-_LARGEST} to {_LARGEST}.")
    return int(found) if found.is_integer() else found


def _sane(kind: type[BaseFilter]) -> type[BaseFilter]:
    return type(kind.__name__, (kind,), {"parse_value": lambda _self, raw: _number(raw)})


_EQUAL = _sane(NumericEqualFilter)
REFERENCE: tuple[type[BaseFilter], ...] = (_EQUAL, IsNullFilter, IsNotNullFilter)
_NUMERIC: tuple[type[BaseFilter], ...] = (
    _EQUAL,
    *(_sane(kind) for kind in (GreaterThanFilter, GreaterThanOrEqualFilter, LessThanFilter, LessThanOrEqualFilter)),
    _sane(BetweenFilter),
    IsNullFilter,
    IsNotNullFilter,
)


class Columns:
    """The columns of a record by the names of its fields.

    Parameters
    ----------
    record, fields
        The record, and its fields by name.
    """

    def __init__(self, record: type[Record], fields: Mapping[str, StoredField]) -> None:
        self._record, self._fields = record, fields

    def __getattr__(self, name: str) -> Any:
        if name not in self._fields:
            raise AttributeError(name)
        return getattr(self._record, self._fields[name].attribute)


def _moment(raw: Any) -> datetime:
    """Read a wall time of the organization."""
    try:
        found = datetime.fromisoformat(str(raw))
    except ValueError:
        raise FilterValidationError(f"{raw} is no time, such as 2026-11-23T09:00.") from None
    return found if found.tzinfo else found.replace(tzinfo=get_tzinfo())


class _Between(DateTimeBetweenFilter):
    def parse_value(self, raw: Any) -> datetime:
        """Read either end."""
        return _moment(raw)


class _From(BaseFilter):
    name, label, data_type = "from", "From", FilterDataType.DATETIME

    def parse_value(self, raw: Any) -> datetime:
        """Read the first instant."""
        return _moment(raw)

    def apply(self, ctx: FilterApplyContext) -> Any:
        """Keep what is not before it."""
        return getattr(ctx.view.model, ctx.field_name) >= ctx.value  # type: ignore[union-attr]  # a view of records


class _Before(_From):
    name, label = "before", "Before"

    def apply(self, ctx: FilterApplyContext) -> Any:
        """Keep what is before it."""
        return getattr(ctx.view.model, ctx.field_name) < ctx.value  # type: ignore[union-attr]  # a view of records


class Filters(SqlaFilterRegistry):
    """Which filters a field has; instants are those of the organization's clock."""

    @filters(NumberField)
    def numeric_filters(self, _field: BaseField) -> list[type[BaseFilter]]:
        """Those of numbers."""
        return list(_NUMERIC)

    @filters(DateTimeField)
    def datetime_filters(self, field: BaseField) -> list[type[BaseFilter]]:
        """Those of instants; the ones of dates are the library's."""
        if isinstance(field, DateField):
            return list(self.date_filters(field))
        return [_From, _Before, _Between, DateInPastFilter, DateInFutureFilter, IsNullFilter, IsNotNullFilter]
