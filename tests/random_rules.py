"""Random business rules for a random problem."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from tests.factories import Json
from tests.random_draw import Draw

KINDS = ("users", "teams", "resources")


def random_rules(draw: Draw, problem: Json) -> list[Json]:
    """Draw rules for the features of a problem.

    Parameters
    ----------
    draw
        Where the numbers come from.
    problem
        The parts drawn so far; rules name its users, teams and resources.

    Returns
    -------
    Rules as in problem.json.
    """
    named = {kind: [part["id"] for part in problem[kind]] for kind in KINDS}
    rules: list[Json] = []
    makers = {
        "working_hours": _working_hours,
        "holiday": _holiday,
        "blackout": _blackout,
        "maintenance": _maintenance,
        "fixed_break": _fixed_break,
        "flexible_break": _flexible_break,
        "capacity_limit": _capacity_limit,
        "advance_booking": _advance_booking,
    }
    for feature, maker in makers.items():
        if draw.has(feature) and (feature != "advance_booking" or "now" in problem):
            for _ in range(draw.pick(1, 1, 2)):
                fields = maker(draw, named)
                if fields is not None:
                    rules.append(
                        {"id": f"{feature}-{len(rules)}", "name": feature, "is_active": draw.chance(0.92), **fields}
                    )
    return rules


def _subjects(draw: Draw, named: dict[str, list[str]], kinds: tuple[str, ...], everyone: float) -> Json:
    """Who a rule binds: everybody, or some of the named kinds."""
    fields: Json = {"is_global": draw.chance(everyone)}
    for kind in kinds:
        if named[kind] and not fields["is_global"] and draw.chance(0.7):
            fields[f"applies_to_{kind}"] = draw.sample(named[kind], draw.between(1, len(named[kind])))
    return fields


def _recurrence(draw: Draw) -> Json:
    """Dates and a recurrence in one of all forms, mostly holding on most days."""
    first = draw.day - timedelta(days=draw.pick(0, 3, 14))
    days = sorted(draw.sample(range(1, 8), draw.between(4, 7)))
    codes = ",".join(("MO", "TU", "WE", "TH", "FR", "SA", "SU")[day - 1] for day in days)
    until = (draw.day + timedelta(days=draw.pick(0, 1, 30))).isoformat()
    dates = [(draw.day + timedelta(days=k)).isoformat() for k in range(draw.days) if draw.chance(0.7)]
    options: list[Json] = [
        {},
        {"start_date": first.isoformat(), "end_date": until},
        {"is_recurring": True, "recurrence_rule": {"frequency": "weekly", "days": days}},
        {"is_recurring": True, "recurrence_rule": {"frequency": "daily"}},
        {"recurrence_rule": {"frequency": "weekly", "days": days, "until": until}},
        {"start_date": first.isoformat(), "recurrence_rule": {"frequency": "daily", "interval": 2}},
        {"start_date": first.isoformat(), "recurrence_rule": {"frequency": "daily", "count": 15}},
        {"start_date": first.isoformat(), "recurrence_rule": {"frequency": "weekly", "interval": 2, "days": days}},
        {"recurrence_rule": f"FREQ=WEEKLY;BYDAY={codes}"},
        {"start_date": first.isoformat(), "recurrence_rule": "FREQ=DAILY;INTERVAL=2"},
        {"recurrence_rule": f"FREQ=DAILY;UNTIL={until.replace('-', '')}T120000Z"},
        {"start_date": first.isoformat(), "recurrence_rule": f"FREQ=WEEKLY;COUNT=9;BYDAY={codes}"},
        {"recurrence_rule": f"FREQ=MONTHLY;BYMONTHDAY={draw.day.day},{min(28, draw.day.day + 1)}"},
    ]
    if dates:
        options.append({"is_recurring": True, "recurrence_rule": {"frequency": "custom", "dates": dates}})
    return draw.pick(*options)


def _between(draw: Draw, minutes: int) -> Json:
    start = draw.opening * 60 + draw.pick(0, 60, 120, 180, 240)
    return {"start_time": draw.clock(start), "end_time": draw.clock(start + minutes)}


def _working_hours(draw: Draw, named: dict[str, list[str]]) -> Json:
    length = (draw.closing - draw.opening) * 60 - draw.pick(0, 60, 120)
    times = {"start_time": draw.clock(draw.opening * 60), "end_time": draw.clock(draw.opening * 60 + length)}
    return {"rule_type": "working_hours", **_recurrence(draw), **times, **_subjects(draw, named, KINDS, 0.6)}


def _holiday(draw: Draw, named: dict[str, list[str]]) -> Json:
    fields: Json = {"rule_type": "holiday", **_subjects(draw, named, KINDS, 0.5)}
    if draw.chance(0.5):
        fields["parameters"] = draw.pick({"country": "DE", "subdivision": "BY"}, {"country": "US"}, {"country": "DE"})
    else:
        day = draw.date()
        fields |= {"start_date": day.isoformat(), "end_date": day.isoformat()}
    if draw.chance(0.7):
        fields |= _between(draw, 180)
    return fields


def _blackout(draw: Draw, named: dict[str, list[str]]) -> Json:
    return {"rule_type": "blackout", **_closing(draw), **_subjects(draw, named, KINDS, 0.4)}


def _maintenance(draw: Draw, named: dict[str, list[str]]) -> Json | None:
    subjects = _subjects(draw, named, ("resources",), 0.3)
    return {"rule_type": "maintenance", **_closing(draw), **subjects} if named["resources"] else None


def _closing(draw: Draw) -> Json:
    """A closure once, open on a side, or recurring."""
    day = draw.date()
    if draw.chance(0.3):
        return _recurrence(draw) | _between(draw, draw.pick(60, 90))
    fields: dict[str, Any] = {"start_date": day.isoformat(), "end_date": day.isoformat()} | _between(
        draw, draw.pick(60, 150)
    )
    if fields["end_time"] <= fields["start_time"] and draw.chance(0.5):
        fields["end_date"] = (day + timedelta(days=1)).isoformat()
    if draw.chance(0.1):
        fields["start_date"] = None
        fields["end_date"] = draw.day.isoformat()
    elif draw.chance(0.1):
        fields["start_date"] = (draw.day + timedelta(days=draw.days - 1)).isoformat()
        fields["end_date"] = fields["end_time"] = None
    return fields


def _fixed_break(draw: Draw, named: dict[str, list[str]]) -> Json:
    return {
        "rule_type": "break_time",
        **_recurrence(draw),
        **_between(draw, draw.pick(30, 60)),
        **_subjects(draw, named, ("users",), 0.5),
    }


def _flexible_break(draw: Draw, named: dict[str, list[str]]) -> Json:
    fields = {"rule_type": "break_time", **_recurrence(draw), **_between(draw, draw.pick(90, 180, 300))}
    return (
        fields | {"parameters": {"duration_minutes": draw.pick(20, 30, 60)}} | _subjects(draw, named, ("users",), 0.6)
    )


def _capacity_limit(draw: Draw, named: dict[str, list[str]]) -> Json:
    limits = {
        "max_concurrent": (1, 2),
        "max_per_day": (1, 3),
        "max_per_week": (1, 4),
        "max_minutes_per_day": (60, 300),
        "max_minutes_per_week": (90, 600),
    }
    chosen = draw.sample(list(limits), draw.pick(1, 1, 2, 3))
    scale = {"tiny": 1, "small": 2, "medium": 4}[draw.size]
    parameters = {name: draw.between(*limits[name]) * scale for name in chosen}
    return {"rule_type": "capacity_limit", "parameters": parameters, **_subjects(draw, named, KINDS, 0.35)}


def _advance_booking(draw: Draw, named: dict[str, list[str]]) -> Json:
    options = ({"min_hours": 1}, {"min_hours": 2.5}, {"max_days": 2}, {"min_hours": 0.5, "max_days": 3.25})
    return {"rule_type": "advance_booking", "parameters": draw.pick(*options), **_subjects(draw, named, KINDS, 0.5)}
