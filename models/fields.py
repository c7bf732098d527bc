"""The kinds of values a field of a file can hold."""

import re
from collections.abc import Callable
from datetime import date, datetime, time, timedelta, timezone
from decimal import Decimal, InvalidOperation
from typing import Annotated, TypeVar

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, GetCoreSchemaHandler, StringConstraints
from pydantic_core import CoreSchema, core_schema

from models.faults import refuse

MAX_DAYS = 400
MAX_MINUTES = MAX_DAYS * 1440
MAX_UNITS = 10**6
MAX_WEIGHT = 10**12
MAX_WHOLE = 10**18
FIRST_YEAR, LAST_YEAR = 1970, 2199
SCALE = 6
CLOCK = r"^([01]\d|2[0-3]):[0-5]\d(:00(\.0+)?)?$"  # JSON Schema's own format "time" demands an offset
Item = TypeVar("Item")

_INSTANT = re.compile(r"\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d(:\d\d(\.\d+)?)?([Zz]|[+-]\d\d:\d\d)?", re.ASCII)
_CLOCK = re.compile(r"\d\d:\d\d(:\d\d(\.\d+)?)?", re.ASCII)
_DATE = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_AN_INSTANT = "a time with an offset, such as 2026-11-23T09:00:00-08:00"
_MINUTE = timedelta(minutes=1)


class Part(BaseModel):
    """A part of a file: no unknown fields, never changed once read."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)


class ReadBy:
    """Have one function read a field, and let the value write itself.

    Parameters
    ----------
    read
        From the raw value to the field's; it raises a `refusal`.
    written
        The type that describes the raw value in a JSON schema.
    knows_siblings
        Whether `read` also takes the validation info, with the fields before it.
    """

    def __init__(self, read: Callable[..., object], written: object, knows_siblings: bool = False) -> None:
        self.read, self.written, self.knows_siblings = read, written, knows_siblings

    def __get_pydantic_core_schema__(self, source: object, handler: GetCoreSchemaHandler) -> CoreSchema:
        """Validate by the function alone: pydantic's own plain validator serializes each value through Python."""
        described = handler.generate_schema(self.written)
        if self.knows_siblings:
            return core_schema.with_info_plain_validator_function(self.read, json_schema_input_schema=described)
        return core_schema.no_info_plain_validator_function(self.read, json_schema_input_schema=described)


def read_instant(value: object) -> datetime:
    """Read a time with an offset in whole minutes."""
    moment = value if isinstance(value, datetime) else None
    if isinstance(value, str):
        if _INSTANT.fullmatch(value) is None:
            raise refuse(value, _AN_INSTANT, "Write it as RFC 3339 says: date, T, time, offset.")
        try:
            moment = datetime.fromisoformat(value.upper())
        except ValueError:
            raise refuse(value, _AN_INSTANT, "There is no such day or time.") from None
    if moment is None:
        raise refuse(value, _AN_INSTANT)
    offset = moment.utcoffset()
    if offset is None:
        raise refuse(value, "a time with an offset", "Add the offset, such as +01:00, or Z for UTC.")
    if moment.second or moment.microsecond or offset % _MINUTE:
        raise refuse(value, "a time in whole minutes", "Leave the seconds at 00.")
    if not FIRST_YEAR <= moment.year <= LAST_YEAR:
        raise refuse(value, f"a time in the years {FIRST_YEAR} to {LAST_YEAR}")
    # Python compares two times of one zone by their wall clocks, which is wrong in the hour that comes twice.
    return moment if isinstance(moment.tzinfo, timezone) else moment.replace(tzinfo=timezone(offset), fold=0)


def read_date(value: object) -> date:
    """Read a calendar date."""
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    if not isinstance(value, str) or _DATE.fullmatch(value) is None:
        raise refuse(value, "a date, such as 2026-12-24")
    try:
        return date.fromisoformat(value)
    except ValueError:
        raise refuse(value, "a date, such as 2026-12-24", "There is no such day.") from None


def read_clock(value: object) -> time:
    """Read a wall time in whole minutes."""
    if isinstance(value, str):
        if value in ("24:00", "24:00:00"):
            advice = 'Write "00:00": an end that is not after its start is the next day\'s.'
            raise refuse(value, "a wall time from 00:00 to 23:59", advice)
        try:
            clock = time.fromisoformat(value) if _CLOCK.fullmatch(value) else None
        except ValueError:
            clock = None
    else:
        clock = value if isinstance(value, time) else None
    if clock is None or clock.tzinfo is not None:
        raise refuse(value, "a wall time without offset, such as 09:00")
    if clock.second or clock.microsecond:
        raise refuse(value, "a wall time in whole minutes", "Leave the seconds out.")
    return clock


def read_decimal(value: object) -> Decimal:
    """Read an exact amount of at most six decimals, from a number or a text."""
    number = None
    if isinstance(value, Decimal | int | float | str) and not isinstance(value, bool) and len(text := str(value)) <= 30:
        try:
            number = Decimal(text)
        except InvalidOperation:
            number = None
    if number is None or not number.is_finite():
        raise refuse(value, "a number, such as 37.5")
    if not 0 <= number <= MAX_UNITS:
        raise refuse(value, f"a number from 0 to {MAX_UNITS}")
    if number != round(number, SCALE):
        raise refuse(value, f"a number of at most {SCALE} decimals")
    return number


def distinct(items: tuple[Item, ...]) -> tuple[Item, ...]:
    """Drop what is listed again: a list that stands for a set."""
    return items if len(items) < 2 else tuple(dict.fromkeys(items))


Id = Annotated[str, StringConstraints(strict=True, min_length=1, max_length=200)]
Text = Annotated[str, StringConstraints(strict=True, max_length=10_000)]
Flag = Annotated[bool, Field(strict=True)]
Ids = Annotated[tuple[Id, ...], AfterValidator(distinct)]
Names = Annotated[tuple[Id, ...], AfterValidator(distinct)]
Minutes = Annotated[int, Field(strict=True, ge=0, le=MAX_MINUTES)]
Duration = Annotated[int, Field(strict=True, ge=1, le=MAX_MINUTES)]
Gap = Annotated[int, Field(strict=True, ge=-MAX_MINUTES, le=MAX_MINUTES)]
Count = Annotated[int, Field(strict=True, ge=0, le=MAX_UNITS)]
Positive = Annotated[int, Field(strict=True, ge=1, le=MAX_UNITS)]
Weight = Annotated[int, Field(strict=True, ge=0, le=MAX_WEIGHT)]
Whole = Annotated[int, Field(strict=True, ge=-MAX_WHOLE, le=MAX_WHOLE)]
Real = Annotated[float, Field(strict=True, allow_inf_nan=False)]
Instant = Annotated[datetime, ReadBy(read_instant, datetime)]
Day = Annotated[date, ReadBy(read_date, date)]
Clock = Annotated[time, ReadBy(read_clock, Annotated[str, StringConstraints(pattern=CLOCK)])]
Amount = Annotated[Decimal, ReadBy(read_decimal, float | str)]
