"""Lists: filters, search, ordering and pages, derived from what a record says may be filtered."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum
from functools import cache
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, WithJsonSchema, create_model
from sqlalchemy import ColumnElement, Select, false, or_, select
from sqlalchemy.orm import InstrumentedAttribute

from models.faults import refuse
from models.fields import Day
from models.records.base import Record
from models.records.fields import MAX_ID, read_moment
from models.records.stored import StoredField, stored_fields
from service.linking import link_rows
from service.output import bare_type

PAGE_SIZE = 20
LARGEST_PAGE = 200
_LAST_PAGE = 10**9


@dataclass(frozen=True, slots=True)
class Filter:
    """One query parameter of a list: the field it looks at, and how.

    Parameters
    ----------
    name
        Of the parameter.
    field
        What it looks at.
    how
        "in", "from", "before", "linked" or "is".
    kind
        The type of the parameter.
    """

    name: str
    field: StoredField
    how: str
    kind: Any


def _query_moment(value: object) -> datetime:
    # A plus sign that was not escaped arrives as a space.
    return read_moment(value.replace(" ", "+") if isinstance(value, str) else value)


def _plain_text(text: str) -> str:
    if "\0" in text:
        raise refuse(text, "text without the character U+0000")
    return text


Text = Annotated[str, Field(max_length=200), AfterValidator(_plain_text)]
QueryMoment = Annotated[
    datetime, BeforeValidator(_query_moment), WithJsonSchema({"type": "string", "format": "date-time"})
]
QueryNumber = Annotated[int, Field(ge=-(2**31), lt=2**31)]
QueryKey = Annotated[int, Field(ge=1, le=MAX_ID)]

_RANGED: Mapping[type, Any] = {datetime: QueryMoment, date: Day, int: QueryNumber}


class PageQuery(BaseModel):
    """Which page of a list; unknown parameters are refused."""

    model_config = ConfigDict(extra="forbid")

    page: Annotated[int, Field(ge=1, le=_LAST_PAGE, description="Which page, from 1.")] = 1
    page_size: Annotated[int, Field(ge=1, le=LARGEST_PAGE, description="How many on a page.")] = PAGE_SIZE


class ListQuery(PageQuery):
    """What can be asked of every list of records."""

    search: Text = ""
    ordering: Text = ""


@cache
def filters_of(record: type[Record]) -> Mapping[str, Filter]:
    """List the filters of a record by the name of their parameter."""
    found: list[Filter] = []
    by_attribute = {field.attribute: field for field in stored_fields(record).values()}
    for attribute in record.FILTERS:
        field = by_attribute[attribute]
        kind = bare_type(field.annotation)
        if field.target is not None:
            found.append(Filter(field.name, field, "in", list[QueryKey]))
        elif kind is bool:
            found.append(Filter(field.name, field, "is", bool))
        elif issubclass(kind, Enum):
            found.append(Filter(field.name, field, "in", list[kind]))  # type: ignore[valid-type]  # found at run time
        elif kind is str:
            found.append(Filter(field.name, field, "in", list[Text]))
        else:
            ranged = _RANGED.get(kind, kind)
            if kind is not datetime:
                found.append(Filter(field.name, field, "is", ranged))
            found.append(Filter(f"{field.name}_after", field, "from", ranged))
            found.append(Filter(f"{field.name}_before", field, "before", ranged))
    found += [
        Filter(field.name.removesuffix("s"), field, "linked", list[QueryKey])
        for field in by_attribute.values()
        if field.rows is not None
    ]
    return {each.name: each for each in found}


def orderings_of(record: type[Record]) -> dict[str, str]:
    """List the fields by which lists of a record can be ordered: API name to attribute."""
    names = {field.attribute: field.name for field in stored_fields(record).values()}
    extra = [name for name in ("created_at", "updated_at") if name in names]
    return {names[attribute]: attribute for attribute in ("id", *record.FILTERS, *extra)}


@cache
def query_of(record: type[Record], without: frozenset[str] = frozenset(), **more: Any) -> type[ListQuery]:
    """Derive the query parameters of the list of a record.

    Parameters
    ----------
    record
        What is listed.
    without
        Filters that the list itself sets.
    more
        Further parameters: name to (type, Field).

    Returns
    -------
    A model that refuses unknown parameters.
    """
    names = orderings_of(record)
    orderings = [sign + name for name in names for sign in ("", "-")]
    one = f"-?({'|'.join(names)})"
    fields: dict[str, Any] = {
        "search": (Text, Field("", description=f"Text to look for in {', '.join(record.SEARCHED) or 'nothing'}.")),
        "ordering": (
            Text,
            Field(
                "",
                description=f"Fields, separated by commas: {', '.join(orderings)}.",
                json_schema_extra={"pattern": f"^({one}(,{one})*)?$"},
            ),
        ),
    }
    for each in filters_of(record).values():
        if each.name not in without:
            if each.how in ("in", "linked"):
                fields[each.name] = (each.kind, Field(default_factory=list))
            else:
                fields[each.name] = (each.kind | None, Field(None))
    fields |= more
    return create_model(f"{record.__name__}Query", __base__=ListQuery, **fields)


def narrowed(statement: Select[Any], record: type[Record], query: ListQuery) -> Select[Any]:
    """Keep what a query asks for.

    Parameters
    ----------
    statement
        Selects records.
    record
        Their type.
    query
        Of the model `query_of` the record.

    Returns
    -------
    The statement with its conditions, without order or page.
    """
    for each in filters_of(record).values():
        value = getattr(query, each.name, None)
        if value is None or value == []:
            continue
        statement = statement.where(_condition(record, each, value))
    if text := query.search.strip():
        columns = [getattr(record, name) for name in record.SEARCHED]
        statement = statement.where(or_(false(), *(column.icontains(text, autoescape=True) for column in columns)))
    return statement


def ordered(statement: Select[Any], record: type[Record], ordering: str) -> Select[Any]:
    """Put records in order; the id decides between equals, so that pages neither repeat nor skip.

    Parameters
    ----------
    statement
        Selects records.
    record
        Their type.
    ordering
        Names of fields, each with a minus for descending, separated by commas.

    Returns
    -------
    The statement with its order.

    Raises
    ------
    PydanticCustomError
        If a name is unknown.
    """
    known = orderings_of(record)
    for part in filter(None, (part.strip() for part in ordering.split(","))):
        column: InstrumentedAttribute[Any] = getattr(record, known[part.removeprefix("-")])
        statement = statement.order_by(column.desc().nulls_last() if part[0] == "-" else column.asc().nulls_last())
    return statement.order_by(record.id)


def _condition(record: type[Record], each: Filter, value: Any) -> ColumnElement[bool]:
    if each.how == "linked":
        own, other = link_rows(record, each.field)
        return record.id.in_(select(own).where(other.in_(value)))
    column: InstrumentedAttribute[Any] = getattr(record, each.field.attribute)
    return _TESTS[each.how](column, value)


_TESTS: Mapping[str, Callable[[InstrumentedAttribute[Any], Any], ColumnElement[bool]]] = {
    "in": lambda column, value: column.in_(value),
    "is": lambda column, value: column == value,
    "from": lambda column, value: column >= value,
    "before": lambda column, value: column < value,
}
