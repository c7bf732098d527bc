"""RRULE strings of RFC 5545: what is wrong with one, and what it depends on."""

import re
from datetime import date, time

from models.errors import Fault
from models.faults import describe, nearest

MAX_COUNT = 10_000
FREQUENCIES = ("DAILY", "WEEKLY", "MONTHLY", "YEARLY")
WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_UNTIL = re.compile(r"\d{8}(T\d{6}Z?)?", re.ASCII)
_WEEKDAY = re.compile(r"([+-]?\d{1,2})?(MO|TU|WE|TH|FR|SA|SU)", re.ASCII)
_NUMBER = re.compile(r"[+-]?\d{1,6}", re.ASCII)
_EXAMPLE = 'Such as "FREQ=WEEKLY;BYDAY=MO,WE".'
_RANGES = {
    "INTERVAL": (1, 1000),
    "COUNT": (1, MAX_COUNT),
    "BYMONTH": (1, 12),
    "BYMONTHDAY": (-31, 31),
    "BYYEARDAY": (-366, 366),
    "BYWEEKNO": (-53, 53),
    "BYSETPOS": (-366, 366),
    "BYHOUR": (0, 23),
    "BYMINUTE": (0, 59),
    "BYSECOND": (0, 59),
}
_SINGLE = ("INTERVAL", "COUNT", "BYHOUR", "BYMINUTE", "BYSECOND")
_ZERO_ALLOWED = ("BYHOUR", "BYMINUTE", "BYSECOND")
_PARTS = ("FREQ", "UNTIL", "WKST", "BYDAY", *_RANGES)


def rrule_parts(text: str) -> dict[str, str]:
    """Split an RRULE into its parts.

    Parameters
    ----------
    text
        The rule, with or without "RRULE:".

    Returns
    -------
    Upper-case part names to upper-case values.
    """
    pairs = (pair.partition("=") for pair in text.strip().upper().removeprefix("RRULE:").split(";") if pair)
    return {name.strip(): value.strip() for name, _, value in pairs}


def rrule_faults(text: str) -> list[Fault]:
    """Find what is wrong with an RRULE.

    Parameters
    ----------
    text
        The rule as written.

    Returns
    -------
    Faults with an empty where; none if it can be expanded.
    """

    def fault(found: str, expected: str, advice: str = "") -> Fault:
        return Fault("", found, expected, advice)

    if len(text) > 1000 or not text.isascii() or any(c in text for c in "\r\n"):
        return [fault(describe(text), "one RRULE in one line", "Dates and exceptions have fields of their own.")]
    names = [pair.partition("=")[0].strip() for pair in text.strip().upper().removeprefix("RRULE:").split(";") if pair]
    parts = rrule_parts(text)
    if "FREQ" not in parts:
        return [fault(describe(text), "an RRULE with a FREQ", _EXAMPLE)]
    faults = [fault(f"{name} twice", "every part once") for name in parts if names.count(name) > 1]
    if parts["FREQ"] not in FREQUENCIES:
        found = f"FREQ={parts['FREQ'][:60]}"
        faults.append(fault(found, f"FREQ with one of {', '.join(FREQUENCIES)}", _EXAMPLE))
    for name, value in parts.items():
        if name not in _PARTS:
            faults.append(fault(f"the part {describe(name)}", f"one of {', '.join(_PARTS)}", nearest(name, _PARTS)))
        elif problem := _part_fault(name, value):
            faults.append(fault(f"{name}={value[:60]}", problem))
    if "UNTIL" in parts and "COUNT" in parts:
        faults.append(fault("both UNTIL and COUNT", "one of them", "Leave one out."))
    return faults


def _part_fault(name: str, value: str) -> str:
    if name == "UNTIL":
        right = _UNTIL.fullmatch(value) and _is_date(value)
        return "" if right else "a date such as 20261231 or a time such as 20261231T235900Z"
    if name == "WKST":
        return "" if value in WEEKDAYS else f"one of {', '.join(WEEKDAYS)}"
    if name == "BYDAY":
        days = [_WEEKDAY.fullmatch(day) for day in value.split(",")]
        right = all(day and (day[1] is None or 1 <= abs(int(day[1])) <= 53) for day in days)
        return "" if right else "weekdays such as MO,WE or 1MO"
    if name in _RANGES:
        low, high = _RANGES[name]
        items = value.split(",")
        if name in _SINGLE and len(items) > 1:
            return "one number"
        zero = name in _ZERO_ALLOWED
        if not all(_NUMBER.fullmatch(x) and low <= int(x) <= high and (zero or int(x)) for x in items):
            return f"whole numbers from {low} to {high}" + ("" if zero or low > 0 else " without 0")
    return ""


def _is_date(value: str) -> bool:
    try:
        date.fromisoformat(value[:8])
        time.fromisoformat(value[9:15] or "000000")
    except ValueError:
        return False
    return True


def rrule_needs_start(text: str) -> str:
    """Say what makes an RRULE depend on the day it starts on, or nothing.

    Parameters
    ----------
    text
        A rule without faults.

    Returns
    -------
    The reason in words.
    """
    parts = rrule_parts(text)
    if int(parts.get("INTERVAL", "1")) > 1:
        return "an interval above 1"
    if "COUNT" in parts:
        return "a count"
    choosing = {"BYDAY", "BYMONTHDAY", "BYYEARDAY", "BYWEEKNO"}
    if parts["FREQ"] == "DAILY" or choosing & parts.keys():
        return ""
    return f"FREQ={parts['FREQ']} without BYDAY or BYMONTHDAY"


def rrule_counts(text: str) -> bool:
    """Tell whether an RRULE without faults has a COUNT."""
    return "COUNT" in rrule_parts(text)
