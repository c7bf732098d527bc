"""How values are written in answers: times in UTC, decimals as text, and types that say so in the schema."""

from datetime import UTC, date, datetime, time
from decimal import Decimal
from enum import Enum
from types import UnionType
from typing import Annotated, Any, Union, get_args, get_origin

from pydantic import BaseModel, PlainSerializer, WithJsonSchema

from models.fields import CLOCK


def decimal_text(number: Decimal) -> str:
    """Write a decimal with all its digits, and at least two after the point."""
    exponent = number.normalize().as_tuple().exponent
    places = max(2, -exponent) if isinstance(exponent, int) else 2
    return f"{number:.{places}f}"


DecimalText = Annotated[
    Decimal,
    PlainSerializer(decimal_text, return_type=str),
    WithJsonSchema({"type": "string", "examples": ["12.50"]}),
]
WallText = Annotated[time, WithJsonSchema({"type": "string", "pattern": CLOCK, "examples": ["09:00:00"]})]
_PLAIN: tuple[type, ...] = (bool, int, float, datetime, date, time, str)


def written(annotation: Any) -> Any:
    """Give the type that a field has in answers: the same without its checks, which stored values have passed.

    Parameters
    ----------
    annotation
        The type of the stored field.

    Returns
    -------
    The type of the answer.
    """
    kind, optional = _bare(annotation)
    if isinstance(kind, type) and issubclass(kind, Enum):
        found: Any = kind
    elif isinstance(kind, type) and issubclass(kind, Decimal):
        found = DecimalText
    else:
        plain = next((each for each in _PLAIN if isinstance(kind, type) and issubclass(kind, each)), None)
        found = _without_none(annotation) if plain is None else WallText if plain is time else plain
    return found | None if optional else found


def bare_type(annotation: Any) -> type[Any]:
    """Find the plain type under an annotated, perhaps optional one."""
    kind, _ = _bare(annotation)
    assert isinstance(kind, type), annotation
    return kind


def in_utc(value: Any) -> Any:
    """Move all instants in a value to UTC.

    Parameters
    ----------
    value
        An instant, or models, lists and objects that hold some.

    Returns
    -------
    The same, in UTC.
    """
    if isinstance(value, datetime):
        return value.astimezone(UTC)
    if isinstance(value, tuple | list):
        return type(value)(in_utc(item) for item in value)
    if isinstance(value, BaseModel):
        moved = {
            name: in_utc(getattr(value, name)) for name in value.model_fields_set & type(value).model_fields.keys()
        }
        changed = {name: item for name, item in moved.items() if item is not getattr(value, name)}
        return value.model_copy(update=changed) if changed else value
    return value


def _bare(annotation: Any) -> tuple[Any, bool]:
    optional = False
    while True:
        origin = get_origin(annotation)
        if origin is Annotated:
            annotation = get_args(annotation)[0]
        elif origin in (Union, UnionType) and type(None) in get_args(annotation):
            optional, annotation = True, _without_none(annotation)
        else:
            return annotation, optional


def _without_none(annotation: Any) -> Any:
    if get_origin(annotation) not in (Union, UnionType):
        return annotation
    return Union[tuple(kind for kind in get_args(annotation) if kind is not type(None))]  # noqa: UP007  # made here
