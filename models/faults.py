"""From what pydantic says to faults in plain words."""

import difflib
import math
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, time
from decimal import Decimal
from functools import lru_cache
from types import UnionType
from typing import Annotated, Any, TypeVar, Union, get_args, get_origin

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails, PydanticCustomError

from models.errors import Fault

SHOWN = 60
Path = tuple[str | int, ...]
Model = TypeVar("Model", bound=BaseModel)


class LongNumber:
    """A number in a file with more digits than anything here can count.

    Parameters
    ----------
    digits
        How many it has.
    """

    def __init__(self, digits: int) -> None:
        self.digits = digits


def printable(text: str) -> str:
    """Make any text fit to be shown and encoded: lone surrogates and control characters are escaped."""
    return "".join(c if c.isprintable() else c.encode("unicode_escape", "surrogatepass").decode() for c in text)


def describe(value: object) -> str:
    """Say in a few words what was found.

    Parameters
    ----------
    value
        Anything a JSON reader or a caller can produce.

    Returns
    -------
    The value itself when it is short, else its kind and size.
    """
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    if isinstance(value, str):
        return f'"{printable(value[:SHOWN])}"' + (f"… ({len(value)} characters)" if len(value) > SHOWN else "")
    if isinstance(value, LongNumber):
        return f"a number of {value.digits} digits"
    if isinstance(value, int):
        return str(value) if value.bit_length() <= 128 else f"a number of {value.bit_length()} bits"
    if isinstance(value, float):
        return repr(value) if math.isfinite(value) else {math.inf: "Infinity", -math.inf: "-Infinity"}.get(value, "NaN")
    if isinstance(value, Mapping | BaseModel):
        names = [str(key) for key in (value if isinstance(value, Mapping) else type(value).model_fields)]
        shown = ", ".join(printable(name[:20]) for name in names[:3])
        return f"an object with {shown}{', …' if len(names) > 3 else ''}" if names else "{}"
    if isinstance(value, Sequence):
        return f"a list of {len(value)}" if value else "[]"
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    if isinstance(value, Decimal):
        return str(value)[:SHOWN]
    return f"a {type(value).__name__}"


def locate(path: Iterable[str | int]) -> str:
    """Write a path the way people point at JSON: `appointments[3].windows[0].end`."""
    where = ""
    for part in path:
        if isinstance(part, int):
            where += f"[{part}]"
        elif part.isidentifier():
            where += f".{part}" if where else part
        else:
            where += f'["{printable(part[:SHOWN])}"]'
    return where


def article(kind: str) -> str:
    """Write a kind with its article."""
    return f"an {kind}" if kind[0] in "aeio" else f"a {kind}"


def nearest(word: object, known: Iterable[str]) -> str:
    """Advise the known word that is nearest to a mistyped one, or nothing."""
    return _nearest(word[:200], tuple(known)) if isinstance(word, str) else ""


@lru_cache(maxsize=1024)
def _nearest(word: str, known: tuple[str, ...]) -> str:
    close = difflib.get_close_matches(word, known, n=1, cutoff=0.6)
    return f'Did you mean "{printable(close[0])}"?' if close else ""


def refusal(*faults: Fault) -> PydanticCustomError:
    """Wrap faults, relative to the value in hand, so that a validator can raise them."""
    return PydanticCustomError("faults", "see the faults", {"faults": faults})


def refuse(found: object, expected: str, advice: str = "", where: str = "") -> PydanticCustomError:
    """Wrap one fault of the value in hand so that a validator can raise it."""
    return refusal(Fault(where, describe(found), expected, advice))


def repeated(keys: tuple[str, ...], where: str) -> list[Fault]:
    """Find what a list of ids names twice."""
    if len(set(keys)) == len(keys):
        return []
    first: dict[str, int] = {}
    return [
        Fault(f"{where}[{i}]", f'"{key}" again', "every id once", f"Leave it out: it is {where}[{first[key]}] already.")
        for i, key in enumerate(keys)
        if first.setdefault(key, i) != i
    ]


def nested(model: type[Model], value: object) -> Model:
    """Validate a part whose type depends on another field, keeping the places of its faults."""
    try:
        return model.model_validate(value)
    except ValidationError as error:
        raise refusal(*faults_of(error, model)) from None


def faults_of(error: ValidationError, model: type[BaseModel]) -> list[Fault]:
    """Translate everything pydantic found.

    Parameters
    ----------
    error
        What the validation raised.
    model
        The type the value was to have.

    Returns
    -------
    One fault per thing that is wrong, in the order of the document.
    """
    return faults_in(error.errors(include_url=False), model)


def faults_in(details: Iterable[ErrorDetails], model: type[BaseModel]) -> list[Fault]:
    """Translate what pydantic found, one by one.

    Parameters
    ----------
    details
        The errors of a validation.
    model
        The type the value was to have.

    Returns
    -------
    One fault per thing that is wrong, in the order of the document.
    """
    faults: list[Fault] = []
    for detail in details:
        path = tuple(part for part in detail["loc"] if part != "[key]")
        if detail["type"] == "faults":
            for fault in detail["ctx"]["faults"]:
                where = locate(path)
                joint = "." if where and fault.where and not fault.where.startswith("[") else ""
                faults.append(Fault(where + joint + fault.where, fault.found, fault.expected, fault.advice))
        else:
            faults.append(_fault(detail, path, model))
    return faults


def _fault(detail: ErrorDetails, path: Path, model: type[BaseModel]) -> Fault:
    kind, found, context = detail["type"], detail["input"], detail.get("ctx", {})
    where = locate(path)
    name = str(path[-1]) if path else ""
    if kind == "missing":
        return Fault(where, "nothing", f"a value for {name}", "Add it.")
    if kind == "extra_forbidden":
        known = fields_at(model, path[:-1])
        advice = nearest(name, known) or "Leave it out."
        return Fault(
            where,
            f'the unknown field "{printable(name[:SHOWN])}"',
            f"one of {', '.join(known)}" if known else "no fields",
            advice,
        )
    if kind in ("enum", "literal_error"):
        words = str(context["expected"]).replace("'", "").replace(" or ", ", ").split(", ")
        expected = words[0] if len(words) == 1 else f"one of {', '.join(words)}"
        return Fault(where, describe(found), expected, nearest(found, words))
    if kind in ("string_too_short", "too_short") and not found:
        return Fault(where, describe(found), "something in it", "Fill it, or leave the field out.")
    expected, advice = _KINDS.get(kind, ("", ""))
    if not expected:
        expected = detail["msg"][:1].lower() + detail["msg"][1:]
    if kind == "int_type":
        advice = _whole_advice(found)
    if kind == "string_type" and isinstance(found, int) and not isinstance(found, bool):
        advice = "Put it in quotes."
    return Fault(where, describe(found), expected.format(**context), advice)


def _whole_advice(found: object) -> str:
    if isinstance(found, str) and found.lstrip("-").isdecimal():
        return "Write it without quotes."
    if isinstance(found, float) and found.is_integer():
        return f"Write {found:.0f}." if abs(found) < 1e15 else ""
    return ""


_KINDS = {
    "int_type": ("a whole number", ""),
    "int_parsing_size": ("a whole number of reasonable size", ""),
    "float_type": ("a number", ""),
    "finite_number": ("a finite number", ""),
    "bool_type": ("true or false", "Write it without quotes."),
    "string_type": ("text", ""),
    "string_sub_type": ("text", ""),
    "string_unicode": ("valid Unicode text", "Remove the lone surrogate."),
    "string_too_short": ("text of at least {min_length} characters", ""),
    "string_too_long": ("text of at most {max_length} characters", ""),
    "greater_than": ("a number above {gt}", ""),
    "greater_than_equal": ("a number of at least {ge}", ""),
    "less_than": ("a number below {lt}", ""),
    "less_than_equal": ("a number of at most {le}", ""),
    "model_type": ("an object", ""),
    "model_attributes_type": ("an object", ""),
    "dict_type": ("an object", ""),
    "tuple_type": ("a list", ""),
    "list_type": ("a list", ""),
    "too_short": ("a list of at least {min_length}", ""),
    "too_long": ("a list of at most {max_length}", ""),
    "invalid_key": ("a name as key", ""),
}


def fields_at(model: type[BaseModel], path: Path) -> list[str]:
    """List the fields that an object at a path may have.

    Parameters
    ----------
    model, path
        The type of the whole document and the place of the object in it.

    Returns
    -------
    The names as written in the file.
    """
    kind: Any = model
    for part in path:
        here = _model_in(kind)
        if isinstance(part, str) and here is not None:
            by_name = {field.alias or name: field.annotation for name, field in here.model_fields.items()}
            kind = by_name.get(part)
        else:
            kind = _item_of(kind)
    here = _model_in(kind)
    return [field.alias or name for name, field in here.model_fields.items()] if here else []


def _model_in(kind: Any) -> type[BaseModel] | None:
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        return kind
    if get_origin(kind) in (Union, UnionType, Annotated):
        return next((found for option in get_args(kind) if (found := _model_in(option))), None)
    return None


def _item_of(kind: Any) -> Any:
    origin = get_origin(kind)
    if origin in (Union, UnionType, Annotated):
        return next((item for option in get_args(kind) if (item := _item_of(option)) is not None), None)
    if origin in (tuple, list):
        return get_args(kind)[0]
    if origin is dict:
        return get_args(kind)[1]
    return None
