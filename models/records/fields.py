"""The kinds of values a stored field can hold, and what a record says about a field beside its type."""

from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from typing import Annotated, Any, TypeVar

from pydantic import AfterValidator, Field, JsonValue, PlainSerializer, StringConstraints
from sqlalchemy import ForeignKey
from sqlalchemy.ext.associationproxy import AssociationProxy, association_proxy
from sqlalchemy.orm import MappedColumn, mapped_column, relationship

from models.faults import refuse
from models.fields import FIRST_YEAR, LAST_YEAR, SCALE, ReadBy
from models.people import SkillList

MAX_ID = 2**53 - 1  # what every reader of JSON keeps exactly
MAX_JSON_DEPTH = 20
MAX_MONEY = 10**12 - 1
LARGEST = 1e300
Row = TypeVar("Row")


class Access(StrEnum):
    """Who may see and set a field: anybody may both, unless its record says otherwise.

    What is confidential is null to those who do not plan.
    """

    OPEN = "open"
    CONFIDENTIAL = "confidential"
    READ_ONLY = "read_only"
    WRITE_ONLY = "write_only"
    HIDDEN = "hidden"


def read_moment(value: object) -> datetime:
    """Read an instant with an offset, seconds included."""
    moment = value
    if isinstance(value, str):
        try:
            moment = datetime.fromisoformat(value.upper())
        except ValueError:
            moment = None
    if not isinstance(moment, datetime):
        raise refuse(value, "a time with an offset, such as 2026-11-23T09:00:00Z")
    if moment.utcoffset() is None:
        raise refuse(value, "a time with an offset", "Add the offset, such as +01:00, or Z for UTC.")
    if not FIRST_YEAR <= moment.year <= LAST_YEAR:
        raise refuse(value, f"a time in the years {FIRST_YEAR} to {LAST_YEAR}")
    return moment.astimezone(UTC)


def read_money(value: object) -> Decimal:
    """Read an exact amount of money, up to a trillion, with at most six decimals."""
    text = str(value) if isinstance(value, Decimal | int | float | str) and not isinstance(value, bool) else ""
    try:
        number = Decimal(text) if len(text) <= 40 else Decimal("NaN")
    except InvalidOperation:
        number = Decimal("NaN")
    if not number.is_finite() or not 0 <= number <= MAX_MONEY or number != round(number, SCALE):
        raise refuse(value, f"an amount from 0 to {MAX_MONEY} with at most {SCALE} decimals")
    return number


def _storable(text: str) -> str:
    if "\0" in text:
        raise refuse(text, "text without the character U+0000", "Leave it out.")
    return text


def _storable_json(value: Any, depth: int = 0) -> Any:
    if depth > MAX_JSON_DEPTH:
        raise refuse("…", f"at most {MAX_JSON_DEPTH} objects or lists inside each other")
    if isinstance(value, str):
        return _storable(value)
    if isinstance(value, dict):
        for key, item in value.items():
            _storable(key)
            _storable_json(item, depth + 1)
    elif isinstance(value, list):
        for item in value:
            _storable_json(item, depth + 1)
    elif isinstance(value, float | int) and not -LARGEST < value < LARGEST:
        raise refuse(value, f"a number between {-LARGEST} and {LARGEST}")
    return value


def _distinct(keys: list[int]) -> list[int]:
    return list(dict.fromkeys(keys))


def _as_given(skills: SkillList) -> list[Any]:
    return [skill.model_dump() if "level" in skill.model_fields_set else skill.name for skill in skills]


Key = Annotated[int, Field(strict=True, ge=1, le=MAX_ID)]
Keys = Annotated[list[Key], Field(max_length=1000), AfterValidator(_distinct)]
Moment = Annotated[datetime, ReadBy(read_moment, datetime)]
Name = Annotated[
    str, StringConstraints(strict=True, strip_whitespace=True, min_length=1, max_length=200), AfterValidator(_storable)
]
Label = Annotated[str, StringConstraints(strict=True, max_length=200), AfterValidator(_storable)]
Prose = Annotated[str, StringConstraints(strict=True, max_length=10_000), AfterValidator(_storable)]
Address = Annotated[str, StringConstraints(strict=True, max_length=2000), AfterValidator(_storable)]
Currency = Annotated[str, StringConstraints(strict=True, to_upper=True, pattern=r"^[A-Za-z]{3}$", max_length=3)]
Email = Annotated[
    str,
    StringConstraints(
        strict=True,
        strip_whitespace=True,
        to_lower=True,
        max_length=254,
        pattern=r"^[^@\s\x00]+@[^@\s\x00]+\.[^@\s\x00]+$",
    ),
]
Phone = Annotated[str, StringConstraints(strict=True, max_length=50, pattern=r"^[-+0-9 ()./x]*$")]
Digest = Annotated[str, StringConstraints(max_length=128)]
Money = Annotated[Decimal, ReadBy(read_money, float | str)]
Rating = Annotated[int, Field(strict=True, ge=1, le=5)]
JsonObject = Annotated[dict[str, JsonValue], AfterValidator(_storable_json)]
JsonList = Annotated[list[JsonValue], AfterValidator(_storable_json)]
Skills = Annotated[SkillList, PlainSerializer(_as_given)]


def field(
    default: Any = None, *, access: Access = Access.OPEN, inherits: str | None = None, **column: Any
) -> MappedColumn[Any]:
    """Say about a stored field what its type does not.

    Parameters
    ----------
    default
        The value of a new record, or a function that makes it.
    access
        Who may see and set it.
    inherits
        The field of the organization that it takes its value from when none is given.
    column
        Passed on to the column.

    Returns
    -------
    The declaration.
    """
    info = {"access": access, "inherits": inherits}
    return mapped_column(info=info, **({} if default is None else {"default": default}), **column)


def reference(target: str, *, on_delete: str = "RESTRICT", access: Access = Access.OPEN) -> MappedColumn[Any]:
    """Declare a field that holds the id of another record; the API names it without its `_id`.

    Parameters
    ----------
    target
        The table it points into.
    on_delete
        What becomes of this row when that one goes: RESTRICT, CASCADE or SET NULL.
    access
        Who may see and set it.

    Returns
    -------
    The declaration.
    """
    return mapped_column(ForeignKey(f"{target}.id", ondelete=on_delete), info={"access": access}, index=True)


def links(order: str) -> Any:
    """Declare the rows that link a record with others; they come and go with it, in this order."""
    return relationship(cascade="all, delete-orphan", passive_deletes=True, lazy="raise", order_by=order)


def linked(
    rows: str, key: str, make: Callable[[int], Row], *, access: Access = Access.OPEN
) -> AssociationProxy[list[int]]:
    """Declare the ids at the other end of `links`; the API names `some_user_ids` `some_users`.

    Parameters
    ----------
    rows, key
        The relationship to the linking rows, and their field with the other id.
    make
        A new linking row from the other id.
    access
        Who may see and set them.

    Returns
    -------
    A list of ids that can be read, set and filtered by.
    """
    return association_proxy(rows, key, creator=make, info={"access": access})
