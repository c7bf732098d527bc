"""What goes in and out over HTTP, derived from the records."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, create_model, model_validator
from sqlalchemy.orm import Session

from models.records import Organization, Owned
from models.records.base import Record
from models.records.fields import Access
from models.records.stored import StoredField, stored_fields
from service.examples import EXAMPLES
from service.output import written
from service.rights import SEE_CONFIDENTIAL
from service.secrecy import SECRET
from service.tenancy import caller_of

WRITABLE = (Access.OPEN, Access.CONFIDENTIAL, Access.WRITE_ONLY)
READABLE = (Access.OPEN, Access.CONFIDENTIAL, Access.READ_ONLY)


@dataclass(frozen=True, slots=True)
class Schemas:
    """The models of a record: bodies to create and to update it, one of it, and a page of them."""

    create: type[BaseModel]
    update: type[BaseModel]
    read: type[BaseModel]
    page: type[BaseModel]


@cache
def schemas_of(record: type[Record]) -> Schemas:
    """Derive the models of a record.

    Parameters
    ----------
    record
        A mapped class.

    Returns
    -------
    The models; secret fields are in no answer, read-only ones in no body.
    """
    name = record.__name__
    read = _model(name, record, _read_fields(record), ConfigDict(json_schema_extra=_example(record, "read")))
    # Who sends back what was read need not take out what cannot be set.
    ignored = frozenset(read.model_fields) - {field.name for field in _writable(record)}
    lenient = {"_ignored": model_validator(mode="before")(lambda value: _without(value, ignored))}
    strict = ConfigDict(extra="forbid", hide_input_in_errors=True)
    create = _model(
        f"{name}Create",
        record,
        {field.name: _to_create(field) for field in _writable(record)},
        strict | ConfigDict(json_schema_extra=_example(record, "create")),
        lenient,
    )
    update = _model(
        f"{name}Update",
        record,
        {field.name: (_guarded(field), _maybe()) for field in _writable(record)},
        strict | ConfigDict(json_schema_extra=_example(record, "update")),
        lenient,
    )
    return Schemas(create, update, read, page_of(read))


def page_of(read: type[BaseModel]) -> type[BaseModel]:
    """Derive the model of a page of a list.

    Parameters
    ----------
    read
        The model of one result.

    Returns
    -------
    The model with `count`, `next`, `previous` and `results`.
    """
    return create_model(
        f"{read.__name__}Page",
        __doc__=f"A page of a list of {read.__name__}.",
        count=Annotated[int, Field(description="How many there are on all pages.")],
        next=Annotated[str | None, Field(description="The address of the next page.")],
        previous=Annotated[str | None, Field(description="The address of the page before.")],
        results=list[read],  # type: ignore[valid-type]  # a model made at run time
    )


def shown(session: Session, record: Record) -> dict[str, Any]:
    """Write a record as the API shows it.

    Parameters
    ----------
    session
        Its session, for the time zone of the organization.
    record
        With its linking rows loaded.

    Returns
    -------
    The values by name, fit for the read model.
    """
    fields = _shown_fields(type(record))
    values = {name: getattr(record, attribute) for name, attribute in fields}
    values |= {name: sorted(values[name]) for name in _linked(type(record))}
    if caller_of(session).role not in SEE_CONFIDENTIAL:
        values |= dict.fromkeys(_confidential(type(record)))
    if "timezone" not in values:
        values["timezone"] = organization(session).timezone
    return values


def organization(session: Session) -> Organization:
    """Load the organization of a session, once: a session does not keep what nobody else holds."""
    known = session.info.get("organization")
    if not isinstance(known, Organization):
        known = session.info["organization"] = session.get_one(Organization, caller_of(session).organization_id)
    return known


def values_of(record: type[Record], body: BaseModel, *, given_only: bool) -> dict[str, Any]:
    """Take the values out of a body.

    Parameters
    ----------
    record
        What it describes.
    body
        A create or an update model of the record.
    given_only
        Whether what the body leaves out is left out, instead of its default.

    Returns
    -------
    The values by API name.
    """
    names = [field.name for field in _writable(record)]
    return {name: getattr(body, name) for name in names if not given_only or name in body.model_fields_set}


def _model(
    name: str,
    record: type[Record],
    fields: Mapping[str, Any],
    config: ConfigDict,
    validators: Mapping[str, Any] | None = None,
) -> type[BaseModel]:
    made: type[BaseModel] = create_model(
        name, __config__=config, __doc__=record.__doc__, __validators__=dict(validators or {}), **dict(fields)
    )
    return made


def _without(value: Any, names: frozenset[str]) -> Any:
    if not isinstance(value, dict) or names.isdisjoint(value):
        return value
    return {name: item for name, item in value.items() if name not in names}


def _writable(record: type[Record]) -> list[StoredField]:
    return [field for field in stored_fields(record).values() if field.access in WRITABLE]


@cache
def _shown_fields(record: type[Record]) -> list[tuple[str, str]]:
    return [(field.name, field.attribute) for field in stored_fields(record).values() if field.access in READABLE]


@cache
def _linked(record: type[Record]) -> list[str]:
    return [field.name for field in stored_fields(record).values() if field.rows and field.access in READABLE]


@cache
def _confidential(record: type[Record]) -> list[str]:
    return [field.name for field in stored_fields(record).values() if field.access is Access.CONFIDENTIAL]


def _read_fields(record: type[Record]) -> dict[str, Any]:
    fields: dict[str, Any] = {
        field.name: (written(field.annotation), _confidence(field))
        for field in stored_fields(record).values()
        if field.access in READABLE
    }
    if "timezone" not in fields and issubclass(record, Owned):
        fields["timezone"] = (str, Field(description="The time zone of the organization; times are in UTC."))
    return fields


def _confidence(field: StoredField) -> Any:
    if field.access is not Access.CONFIDENTIAL:
        return Field()
    assert field.nullable, f"{field.name} is confidential: it must be able to be null"
    return Field(description=f"Null to all but {', '.join(sorted(SEE_CONFIDENTIAL))}.")


def _to_create(field: StoredField) -> tuple[Any, Any]:
    if field.inherits is not None:
        return field.annotation | None, Field(None, description=f"By default the organization's {field.inherits}.")
    annotation = _guarded(field)
    if field.required:
        return annotation, Field()
    if field.default is not None and not field.default.is_callable:
        return annotation, Field(field.default.arg)
    return annotation, (Field(None) if field.nullable else Field(default_factory=field.made))


def _guarded(field: StoredField) -> Any:
    return Annotated[field.annotation, SECRET] if field.access is Access.WRITE_ONLY else field.annotation


def _maybe() -> Any:
    """Make a field one that may be left out; that is not the same as null."""
    return Field(default_factory=lambda: None)


def _example(record: type[Record], kind: str) -> Any:
    example = EXAMPLES.get(record)
    if example is None:
        return None
    if kind == "create":
        return {"examples": [example]}
    if kind == "update":
        first = next(iter(example))
        return {"examples": [{first: example[first]}]}
    return None
