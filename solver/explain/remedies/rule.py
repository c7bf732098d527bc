"""A relaxed rule: without a closure, with a limit that is a little higher, or booked at shorter notice."""

from collections.abc import Iterable, Iterator
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal

from pydantic import JsonValue

from models.enums import RuleType
from models.rules import LimitParameters, Rule
from models.timegrid import minute_of
from solver.explain.causes import BLACKOUT, BOOKING, BREAK, HOLIDAY, LIMIT, MAINTENANCE
from solver.explain.place import Place
from solver.explain.remedies.case import Case
from solver.explain.remedies.change import Change, put
from solver.explain.wording import minutes_in_words

MOST = 8  # rules of a type that are tried
CLOSING = {
    RuleType.HOLIDAY: (HOLIDAY, "holiday"),
    RuleType.BLACKOUT: (BLACKOUT, "blackout"),
    RuleType.MAINTENANCE: (MAINTENANCE, "maintenance"),
    RuleType.BREAK_TIME: (BREAK, "break"),
}
LIMITS = {
    "max_concurrent": "{} at once",
    "max_per_day": "{} a day",
    "max_per_week": "{} a week",
    "max_minutes_per_day": "{} a day",
    "max_minutes_per_week": "{} a week",
}


def changes(case: Case) -> Iterable[Change]:
    """Propose to relax one rule.

    Parameters
    ----------
    case
        The task that is left out, and why.

    Yields
    ------
    One change per rule of a type without which there would be a place.
    """
    for rule_type, (bit, noun) in CLOSING.items():
        rules = list(_active(case, rule_type))
        if rules and case.opens(everywhere=bit) is not None:
            yield from (_without(index, rule, noun) for index, rule in rules[:MOST])
    limits = list(_active(case, RuleType.CAPACITY_LIMIT))
    if limits and case.opens(everywhere=LIMIT) is not None:
        yield from (change for index, rule in limits[:MOST] for change in _raised(case, index, rule))
    bookings = list(_active(case, RuleType.ADVANCE_BOOKING))
    place = case.opens(everywhere=BOOKING) if bookings else None
    if place is not None:
        yield from (change for index, rule in bookings[:MOST] for change in _sooner(case, index, rule, place))


def _active(case: Case, rule_type: RuleType) -> Iterator[tuple[int, Rule]]:
    return (
        (index, rule) for index, rule in enumerate(case.problem.rules) if rule.is_active and rule.rule_type is rule_type
    )


def _without(index: int, rule: Rule, noun: str) -> Change:
    name = rule.name or rule.id
    called = (
        f"the {noun}"
        if name.lower().replace("_", " ") in (noun, rule.rule_type.value.replace("_", " "))
        else f"the {noun} {name}"
    )
    return Change("rule", f"do without {called}", (put(f"/rules/{index}/is_active", False),))


def _raised(case: Case, index: int, rule: Rule) -> Iterator[Change]:
    """Raise each limit of a rule by what one more appointment needs."""
    given = rule.limits.model_dump(exclude_none=True)
    for name in LimitParameters.model_fields:
        if name not in given:
            continue
        in_minutes = name.startswith("max_minutes")
        raised = given[name] + (case.task.duration if in_minutes else 1)
        amount = minutes_in_words(raised) if in_minutes else f"{raised:,}"
        parameters: dict[str, JsonValue] = {**given, name: raised}
        text = f"raise the limit {rule.name or rule.id} to {LIMITS[name].format(amount)}"
        yield Change("rule", text, (put(f"/rules/{index}/parameters", parameters),))


def _sooner(case: Case, index: int, rule: Rule, place: Place) -> Iterator[Change]:
    """Move the nearer or the farther end of the time that can be booked."""
    if case.problem.now is None:
        return
    notice = Decimal(place.start + case.instance.origin - minute_of(case.problem.now)) / 60
    kept: dict[str, JsonValue] = {}
    kept |= {} if rule.min_hours is None else {"min_hours": float(rule.min_hours)}
    kept |= {} if rule.max_days is None else {"max_days": float(rule.max_days)}
    name = rule.name or rule.id
    if rule.min_hours is not None and notice < rule.min_hours:
        hours = (notice * 4).to_integral_value(ROUND_FLOOR) / 4
        parameters = kept | {"min_hours": float(hours)}
        text = f"book at {_figure(hours)} hours' notice, where {name} asks for {_figure(rule.min_hours)}"
    elif rule.max_days is not None and notice > rule.max_days * 24:
        days = (notice / 24 * 4).to_integral_value(ROUND_CEILING) / 4
        parameters = kept | {"max_days": float(days)}
        text = f"book {_figure(days)} days ahead, where {name} allows {_figure(rule.max_days)}"
    else:
        return
    yield Change("rule", text, (put(f"/rules/{index}/parameters", parameters),))


def _figure(value: Decimal) -> str:
    return f"{value.normalize():f}"
