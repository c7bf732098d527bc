"""The fields of forms and lists, derived from what records declare, and what is typed into them."""

import json
from collections.abc import Mapping
from datetime import date, datetime, time
from decimal import Decimal
from enum import Enum
from typing import Any, get_args
from zoneinfo import ZoneInfo

from pydantic import StringConstraints
from sqlalchemy import JSON
from starlette.requests import Request
from starlette_admin.fields import (
    BaseField,
    BooleanField,
    DateField,
    DateTimeField,
    DecimalField,
    EnumField,
    HasMany,
    HasOne,
    IntegerField,
    StringField,
    TextAreaField,
    TimeField,
)
from starlette_admin.i18n import get_tzinfo
from starlette_admin.types import RequestAction

from models.records.fields import Access
from models.records.sql_types import JsonOf
from models.records.stored import StoredField, adapter_of
from service.admin.clocks import WallDate, WallMoment, WallTime
from service.admin.filters import REFERENCE
from service.admin.kinds import KINDS, Kind, label_of
from service.output import bare_type, decimal_text

UNSEEN = (Access.WRITE_ONLY,)
_LINE = 2000


class Document(TextAreaField):
    """A value of many parts, as JSON text."""

    async def serialize_value(self, request: Request, value: Any) -> Any:
        """Write the text."""
        return value


def fields_of(kind: Kind, only: tuple[str, ...] = ()) -> list[BaseField]:
    """Make the fields of the pages of a kind of record.

    Parameters
    ----------
    kind
        Which.
    only
        Names of those that are wanted; none for all.

    Returns
    -------
    The fields, the id first.
    """
    listed = _listed(kind)
    made: list[BaseField] = [IntegerField("id", label="Id", exclude_from_create=True, exclude_from_edit=True)]
    for name, field in kind.fields.items():
        if name == "id" or (only and name not in only):
            continue
        made.append(_field(kind, field, in_list=bool(only) or name in listed))
    return made


def _listed(kind: Kind) -> set[str]:
    """Choose what lists show: what people know a record by, and what it is filtered by, as far as it is short."""
    by_attribute = {field.attribute: name for name, field in kind.fields.items()}
    names = [label_of(kind.record), *(by_attribute.get(attribute) for attribute in kind.record.FILTERS)]
    return set(dict.fromkeys(name for name in names if name is not None))


def _field(kind: Kind, field: StoredField, *, in_list: bool) -> BaseField:
    computed = field.access is Access.READ_ONLY
    secret = field.access in UNSEEN
    options: dict[str, Any] = {
        "name": field.name,
        "label": field.name.replace("_", " ").capitalize(),
        "required": field.required and not computed and not secret,
        "read_only": computed,
        "exclude_from_list": not in_list or secret,
        "exclude_from_detail": secret,
        "exclude_from_export": secret,
        "exclude_from_create": computed,
        "exclude_from_edit": computed and field.name != "version",
        "parser": {RequestAction.CREATE: _as_typed, RequestAction.EDIT: _as_typed},
    }
    if field.default is not None and not field.default.is_callable and not computed:
        options["default"] = field.default.arg
    if field.target in KINDS:
        relation: dict[str, Any] = options | {"key": KINDS[field.target].path}
        relation.pop("default", None)
        return HasMany(**relation, filters=[]) if field.rows else HasOne(**relation, filters=list(REFERENCE))
    if secret:
        return StringField(
            **options, input_type="password", placeholder="unchanged", help_text="Never shown. Leave empty to keep it."
        )
    return _plain(kind, field, options)


def _plain(kind: Kind, field: StoredField, options: dict[str, Any]) -> BaseField:
    column = getattr(kind.record, field.attribute)
    if field.rows or is_document(column):
        options |= {"exclude_from_list": True, "filters": []}
        options.pop("default", None)
        return Document(**options, getter=lambda _request, row: _json(kind, field, row), rows=3)
    bare = bare_type(field.annotation)
    if issubclass(bare, bool):
        return BooleanField(**options | {"required": False})
    if issubclass(bare, Enum):
        blank = [] if field.required or field.default is not None else [("", "")]
        return EnumField(**options, choices=blank + [(each.value, each.value.replace("_", " ")) for each in bare])
    for scalar, made in _SCALARS.items():
        if issubclass(bare, scalar):
            found: BaseField = made(**options)
            return found
    return TextAreaField(**options, rows=3) if _is_prose(field.annotation) else StringField(**options)


def is_document(column: Any) -> bool:
    """Tell a column that holds JSON."""
    return isinstance(column.type, JsonOf | JSON)


def _is_prose(annotation: Any) -> bool:
    """Tell text of many lines from a line."""
    limits = (each for kind in (annotation, *get_args(annotation)) for each in getattr(kind, "__metadata__", ()))
    return any(isinstance(each, StringConstraints) and (each.max_length or 0) > _LINE for each in limits)


def _money(**options: Any) -> BaseField:
    return DecimalField(**options, step="any", getter=lambda _request, row: _decimal(getattr(row, options["name"])))


def _moment(**options: Any) -> BaseField:
    return WallMoment(**options, form_alt_format="Y-m-d H:i")


_SCALARS: Mapping[type, Any] = {
    datetime: _moment,
    date: WallDate,
    time: WallTime,
    Decimal: _money,
    int: IntegerField,
    float: lambda **options: DecimalField(**options, step="any"),
}
"""A datetime is a date: the narrower first."""


def _decimal(value: Any) -> Any:
    return Decimal(decimal_text(value)) if isinstance(value, Decimal) else value


def _json(kind: Kind, field: StoredField, row: Any) -> str | None:
    value = getattr(row, field.name)
    if value is None:
        return None
    document = adapter_of(kind.record, field.name).dump_python(value, mode="json", exclude_unset=True, warnings=False)
    if not isinstance(document, dict) or not document:
        return json.dumps(document, ensure_ascii=False)
    lines = (f"  {json.dumps(key)}: {json.dumps(part, ensure_ascii=False)}" for key, part in document.items())
    return "{\n" + ",\n".join(lines) + "\n}"


def _as_typed(_request: Request, raw: Any) -> Any:
    """Keep what was typed: the models of the API read it, and say what is wrong with it."""
    return raw


def read(kind: Kind, field: BaseField, raw: Any) -> Any:
    """Turn what was typed into what the API is told.

    Parameters
    ----------
    kind, field
        Where it was typed.
    raw
        Text, several texts, or what a value is written as.

    Returns
    -------
    A JSON value.

    Raises
    ------
    ValueError
        If it is no JSON where JSON is wanted.
    """
    stored = kind.fields[field.name]
    if isinstance(field, BooleanField):
        return raw is True or str(raw).lower() in ("on", "true", "1", "yes")
    if isinstance(field, HasMany):
        return sorted(_number(each) for each in raw or ())
    if raw is None or raw == "":
        return None if stored.nullable or not isinstance(field, StringField | TextAreaField) else ""
    if isinstance(field, HasOne):
        return _number(raw)
    if isinstance(field, Document):
        try:
            return json.loads(raw)
        except json.JSONDecodeError as error:
            raise ValueError(f"This is no JSON: {error.msg} at position {error.pos}.") from None
    if isinstance(field, TimeField | DateField):
        return str(raw)
    if isinstance(field, DateTimeField):
        return _instant(str(raw))
    if isinstance(field, IntegerField):
        return _number(raw)
    return str(raw)


def _number(raw: Any) -> Any:
    text = str(raw).strip()
    return int(text) if text.lstrip("-").isdecimal() and len(text) < 20 else text


def _instant(text: str) -> str:
    """Read a wall time of the organization; of one that comes twice the first is meant."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return text
    zone = get_tzinfo()
    return (
        moment if moment.tzinfo else moment.replace(tzinfo=zone if isinstance(zone, ZoneInfo) else None)
    ).isoformat()
