"""From bytes to plain JSON values, or one fault that says why not."""

import json
from collections.abc import Mapping

from models.errors import Fault
from models.faults import LongNumber, describe

MAX_DIGITS = 300


class Unreadable(Exception):
    """A document that is no JSON object.

    Parameters
    ----------
    fault
        Why not.
    """

    def __init__(self, fault: Fault) -> None:
        self.fault = fault
        super().__init__(str(fault))


class RepeatedKey(Exception):
    """An object with the same key twice.

    Parameters
    ----------
    key
        The key.
    """

    def __init__(self, key: str) -> None:
        self.key = key
        super().__init__(key)


def read_json(raw: bytes | str | Mapping[str, object]) -> dict[str, object]:
    """Read a document whose root is an object.

    Parameters
    ----------
    raw
        UTF-8 bytes, text, or an object that was read already.

    Returns
    -------
    Plain dicts, lists and scalars. NaN and Infinity are floats and numbers of very many digits are a `LongNumber`,
    so that the fields they stand in can refuse them.

    Raises
    ------
    Unreadable
        With the place and the reason.
    """
    document = _load(raw) if isinstance(raw, bytes | bytearray | str) else raw
    if not isinstance(document, Mapping):
        raise Unreadable(Fault("", describe(document), "an object", "Put everything between { and }."))
    return dict(document)


def _load(raw: bytes | bytearray | str) -> object:
    try:
        text = raw if isinstance(raw, str) else bytes(raw).decode("utf-8-sig")
    except UnicodeDecodeError as error:
        found = f"0x{error.object[error.start]:02x} at byte {error.start}"
        raise Unreadable(Fault("", found, "UTF-8", "Save the file as UTF-8.")) from None
    if not text.strip():
        raise Unreadable(Fault("", "nothing", "a JSON object", "The file is empty."))
    try:
        return _decode(text.removeprefix("\ufeff"))
    except json.JSONDecodeError as error:
        place = f"line {error.lineno}, column {error.colno}"
        raise Unreadable(Fault(place, _at(text, error.pos), "JSON", f"{error.msg}.")) from None
    except RepeatedKey as error:
        found = f"the key {describe(error.key)} twice in one object"
        raise Unreadable(Fault("", found, "every key once", "Leave one out.")) from None
    except RecursionError:
        raise Unreadable(Fault("", "lists or objects nested hundreds deep", "a document of ordinary depth")) from None


def _decode(text: str) -> object:
    try:
        return json.loads(text, object_pairs_hook=_object)
    except json.JSONDecodeError:
        raise
    except ValueError:
        # The one other refusal of the reader is a number beyond Python's limit of digits: leave it to its field.
        return json.loads(text, parse_int=_whole, object_pairs_hook=_object)


def _at(text: str, place: int) -> str:
    return describe(text[place : place + 20]) if place < len(text) else "the end of the text"


def _whole(digits: str) -> int | LongNumber:
    return int(digits) if len(digits) <= MAX_DIGITS else LongNumber(len(digits))


def _object(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) < len(pairs):
        seen: set[str] = set()
        for key, _ in pairs:
            if key in seen:
                raise RepeatedKey(key)
            seen.add(key)
    return found
