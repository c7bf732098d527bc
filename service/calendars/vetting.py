"""What a calendar file must be like before anything reads it: of bearable size, whole, and without endless clocks."""

import re
from collections import Counter
from collections.abc import Iterator

from models.errors import Fault, InvalidDocument

MOST_BYTES = 5_000_000
MOST_LINES = 200_000
MOST_EVENTS = 10_000
MOST_ZONES = 100
MOST_DEPTH = 6
MOST_CHANGES = 2_000
"""Lines in one time zone."""

_FOLD = re.compile(r"\r?\n[ \t]")
_ADVICE = "Export it again, and send the file as it is."


class Unreadable(InvalidDocument):
    """A calendar that cannot be read at all."""

    noun = "calendar"


def vetted(data: bytes) -> str:
    """Decode a calendar, and refuse one that is not what it says or would take too long to read.

    Parameters
    ----------
    data
        One or more VCALENDAR objects in UTF-8, as RFC 5545 wants it.

    Returns
    -------
    The text, unfolded, a property a line.

    Raises
    ------
    Unreadable
        With where, what was found, and what is expected.
    """
    if len(data) > MOST_BYTES:
        raise _unreadable("", f"{len(data)} bytes", f"at most {MOST_BYTES} bytes", "Divide the calendar.")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        found = f"the byte 0x{data[error.start]:02X}, which is not UTF-8"
        raise _unreadable(f"byte {error.start}", found, "text in UTF-8", "Save it as UTF-8.") from None
    if (place := text.find("\0")) >= 0:
        raise _unreadable(f"character {place}", "the character U+0000", "text", _ADVICE)
    lines = _FOLD.sub("", text).splitlines()
    if len(lines) > MOST_LINES:
        raise _unreadable("", f"{len(lines)} lines", f"at most {MOST_LINES} lines", "Divide the calendar.")
    _walk(lines)
    return "\r\n".join(line for line in lines if line.strip()) + "\r\n"


def _walk(lines: list[str]) -> None:
    """Follow the components from line to line."""
    open_: list[str] = []
    counts: Counter[str] = Counter()
    changes = 0
    for place, name, value in _properties(lines):
        if name == "BEGIN":
            open_.append(value)
            counts[value] += 1
            changes = 0 if value == "VTIMEZONE" else changes
            _ensure_bearable(place, open_, counts)
        elif name == "END":
            if not open_ or open_.pop() != value:
                raise _unreadable(place, f"END:{value}", "the end of what was begun last", _ADVICE)
        elif not open_:
            raise _unreadable(place, name[:40], "BEGIN:VCALENDAR", "This is no calendar file. " + _ADVICE)
        elif "VTIMEZONE" in open_:
            changes += 1 + value.count(",")
            _ensure_zone(place, name, value, changes)
    if open_:
        raise _unreadable("the end", f"{open_[-1]} without its END", f"END:{open_[-1]}", "The file is cut off.")
    if not counts["VCALENDAR"]:
        raise _unreadable("", "no VCALENDAR", "BEGIN:VCALENDAR", "This is no calendar file. " + _ADVICE)


def _properties(lines: list[str]) -> Iterator[tuple[str, str, str]]:
    for number, line in enumerate(lines, start=1):
        if line.strip():
            head, _, value = line.partition(":")
            yield f"line {number}", head.partition(";")[0].strip().upper(), value.strip().upper()


def _ensure_bearable(place: str, open_: list[str], counts: Counter[str]) -> None:
    if len(open_) > MOST_DEPTH:
        raise _unreadable(place, f"{len(open_)} components in each other", f"at most {MOST_DEPTH}", _ADVICE)
    if open_[0] != "VCALENDAR":
        raise _unreadable(place, f"BEGIN:{open_[0]}"[:60], "BEGIN:VCALENDAR", "This is no calendar file. " + _ADVICE)
    for name, most in (("VEVENT", MOST_EVENTS), ("VTIMEZONE", MOST_ZONES)):
        if counts[name] > most:
            raise _unreadable(place, f"more than {most} of {name}", f"at most {most}", "Divide the calendar.")


def _ensure_zone(place: str, name: str, value: str, changes: int) -> None:
    if name == "RRULE" and "FREQ=YEARLY" not in value.split(";"):
        raise _unreadable(place, f"RRULE:{value}"[:80], "a time zone that changes by FREQ=YEARLY", _ADVICE)
    if changes > MOST_CHANGES:
        raise _unreadable(place, f"a time zone of more than {MOST_CHANGES} lines and dates", "fewer", _ADVICE)


def _unreadable(where: str, found: str, expected: str, advice: str) -> Unreadable:
    return Unreadable([Fault(where, found, expected, advice)])
