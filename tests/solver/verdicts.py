"""Violations by the words that an independent check and the primitives have for them."""

from __future__ import annotations

from collections.abc import Iterable

from models.enums import RuleType
from models.plan import Violation
from solver.reading import Reading
from solver.rules.closing import intrusions

CALENDARS = ("availability", "working_hours", "holiday", "blackout", "maintenance")
PRIMITIVES = {
    "horizon": "start",
    "window": "start",
    "step": "start",
    "past": "start",
    "crew": "crew",
    "team": "crew",
    "team at once": "team",
    "overlap": "overlap",
    "travel": "travel",
    "capacity": "capacity",
    "availability": "open",
    "break_time": "break",
    "capacity_limit": "counter",
    "capacity_limit at once": "concurrency",
    "weekly_hours": "counter",
    "advance_booking": "fresh",
    "links": "links",
    "mandatory": "mandatory",
    "pinned": "pinned",
}


def families(reading: Reading, violations: Iterable[Violation]) -> dict[str, set[str]]:
    """Group violations: all calendars as one, what is too much at once apart.

    Parameters
    ----------
    reading
        The plan beside its problem.
    violations
        Any of what it breaks.

    Returns
    -------
    The appointments involved, by family.
    """
    fixed_breaks = list(intrusions(reading, RuleType.BREAK_TIME))
    found: dict[str, set[str]] = {}
    for violation in violations:
        family = violation.rule
        if family in CALENDARS or violation in fixed_breaks:
            family = "availability"
        if family in ("team", "capacity_limit") and " at once " in violation.message:
            family += " at once"
        found.setdefault(family, set()).update(violation.appointments)
    return found
