"""Which recurrence rules are followed: those that end in bearable time, whatever their numbers say."""

from collections.abc import Mapping
from typing import Any

FREQUENCIES = ("DAILY", "WEEKLY", "MONTHLY", "YEARLY")
MOST_TIMES_A_DAY = 24
_LONGEST = {1: 31, 2: 29, 3: 31, 4: 30, 5: 31, 6: 30, 7: 31, 8: 31, 9: 30, 10: 31, 11: 30, 12: 31}


def why_not(rule: Mapping[str, Any]) -> str | None:
    """Say why a recurrence rule is not followed.

    Parameters
    ----------
    rule
        The parts of an RRULE, lists of values by name.

    Returns
    -------
    The reason with what is expected; None if it is followed.
    """
    parts = {name.upper(): list(values) if isinstance(values, list) else [values] for name, values in rule.items()}
    frequency = str((parts.get("FREQ") or [""])[0]).upper()
    if frequency not in FREQUENCIES:
        return f"It recurs {frequency or 'without FREQ'}; expected FREQ of {', '.join(FREQUENCIES)}."
    times = 1
    for name in ("BYHOUR", "BYMINUTE", "BYSECOND"):
        times *= max(1, len(set(parts.get(name, []))))
    if times > MOST_TIMES_A_DAY:
        return f"It recurs {times} times a day; expected at most {MOST_TIMES_A_DAY}."
    if "BYSETPOS" in parts and frequency not in ("MONTHLY", "YEARLY"):
        return f"It has BYSETPOS with FREQ={frequency}; expected MONTHLY or YEARLY."
    for name in ("BYWEEKNO", "BYYEARDAY"):
        if name in parts and frequency != "YEARLY":
            return f"It has {name} with FREQ={frequency}; expected YEARLY."
    if any(int(each) < 1 for each in parts.get("INTERVAL", [1])):
        return "Its INTERVAL is below 1."
    return _never(parts)


def _never(parts: Mapping[str, list[Any]]) -> str | None:
    """Refuse days that no month has: the search for one would go on to the year 9999."""
    days = [int(day) for day in parts.get("BYMONTHDAY", [])]
    months = [int(month) for month in parts.get("BYMONTH", [])] or list(_LONGEST)
    if days and not any(0 < abs(day) <= _LONGEST.get(month, 0) for day in days for month in months):
        return "No month has the days of its BYMONTHDAY."
    return None
