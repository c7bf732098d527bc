"""Overtime of a person: hours beyond the week's, or work before or after the hours of a day."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime
from decimal import Decimal

import numpy as np
from pydantic import JsonValue

from models.enums import RuleType, Weekday
from models.explanation import Step
from models.intervals import Interval, contains
from models.rules import Rule
from models.timegrid import instant
from solver.explain.causes import HOURS, TRAVEL, WEEKLY, WORKING
from solver.explain.place import Place
from solver.explain.remedies.case import Case
from solver.explain.remedies.change import Change, put
from solver.explain.wording import minutes_in_words

MOST = 3
LONGEST = 4 * 60  # minutes before or after a shift
LOOKS = 6  # starts of a person that are looked at, those first that need the least
QUARTER = 15
OUTSIDE = HOURS | WORKING
WEEKDAYS = tuple(Weekday)


def changes(case: Case) -> Iterable[Change]:
    """Propose overtime of those who could come then, those first who need the least.

    Parameters
    ----------
    case
        The task that is left out, and why.

    Yields
    ------
    A few changes for the week's hours, and a few for a day's.
    """
    people = sorted({user for crew in case.finding.inquiry.crews for users, _ in crew.groups for user in users})
    yield from _of_the_week(case, people)
    yield from _of_the_day(case, people)


def _of_the_week(case: Case, people: list[int]) -> Iterator[Change]:
    if case.opens(everywhere=WEEKLY) is None:
        return
    options: list[tuple[int, int, Place]] = []
    for user in people:
        place = case.opens({user: WEEKLY})
        if place is not None and user in place.users:
            options.append((_beyond(case, user, place), user, place))
    for _, user, place in sorted(options, key=lambda option: option[:2])[:MOST]:
        yield from in_the_week(case, user, place)


def in_the_week(case: Case, user: int, place: Place) -> Iterator[Change]:
    """Raise the overtime of a user by what a place needs, in quarters of an hour.

    Parameters
    ----------
    case, user, place
        The task, the index of the user, and a place with the user in the crew.

    Yields
    ------
    At most one change.
    """
    minutes = -(-_beyond(case, user, place) // QUARTER) * QUARTER
    if minutes > 0:
        hours = float(Decimal(minutes) / 60 + (case.problem.users[user].overtime_hours_per_week or 0))
        text = f"let {case.words.subject(user)} work {minutes_in_words(minutes)} of overtime more a week"
        yield Change("overtime", text, (put(f"/users/{user}/overtime_hours_per_week", hours),))


def _beyond(case: Case, user: int, place: Place) -> int:
    """Minutes by which a place exceeds the hours of a user's week."""
    most = 0
    counters = case.instance.users[user].counters
    for counter, values in zip(counters, case.scene.occupied.counts(user), strict=True):
        if counter.rule == "weekly_hours":
            week = case.instance.periods[counter.zone, counter.period].index_of(place.start)
            most = max(most, values.get(week, 0) + case.task.duration - counter.limit)
    return most


def _of_the_day(case: Case, people: list[int]) -> Iterator[Change]:
    if case.opens(everywhere=OUTSIDE | TRAVEL) is None:
        return
    options = [(longer, user) for user in people if (longer := _longer(case, user)) is not None]
    for (_, start), user in sorted(options)[:MOST]:
        yield from staying(case, user, (start, start + case.task.duration))


def _longer(case: Case, user: int) -> tuple[int, int] | None:
    """Find the least time that a user would have to work beyond the hours of a day, and the start of the service."""
    inquiry = case.inquire({user: OUTSIDE})
    starts: list[tuple[int, int]] = []
    for span, flags in inquiry.starts(frozenset()):
        closed = case.scene.rows.row(user, 1, inquiry.shape, span)
        for column in (flags & ((closed & ~np.uint16(OUTSIDE)) == 0)).nonzero()[0].tolist():
            start = span.first + span.step * column
            extra = _beyond_the_day(case, user, start, outside=bool(closed[column] & OUTSIDE))
            starts += [(extra, start)] if extra > 0 else []
    for extra, start in sorted(starts)[:LOOKS]:
        window = start, start + case.task.duration
        place = case.opens({user: OUTSIDE | TRAVEL}, altered=replace(case.task, windows=[window]))
        if place is not None and user in place.users and _is_way_home(case, user, start):
            return extra, start
    return None


def _is_way_home(case: Case, user: int, start: int) -> bool:
    """Whether a user loses no way but those from and to depots, which a longer day makes possible."""
    way = case.scene.days.lost_way(user, case.task, start)
    return way is None or way.origin is None or way.destination is None


def _beyond_the_day(case: Case, user: int, start: int, *, outside: bool) -> int:
    """Minutes that a user would work longer; a day or a time off counts more than any longer day."""
    known = case.scene.days.reach(user, case.task, start)
    extra = LONGEST + 1 if known is None else max(known[0][0] - known[1][0], known[1][1] - known[0][1])
    if extra > LONGEST or (extra <= 0 and outside):
        return LONGEST + case.task.duration
    return extra


def staying(case: Case, user: int, service: Interval) -> Iterator[Change]:
    """Let a user work longer at one or both ends of a shift, or at another time altogether.

    Parameters
    ----------
    case, user
        The task, and the index of the user.
    service
        When the user would serve, in minutes since the origin.

    Yields
    ------
    At most one change.
    """
    words, name = case.words, case.words.subject(user)
    known = case.scene.days.reach(user, case.task, service[0])
    spans, parts = [service], [f"let {name} work {words.stretch(*service)}"]
    if known is not None:
        shift, needed = known
        early, late = shift[0] - needed[0], needed[1] - shift[1]
        if 0 < max(early, late) <= LONGEST:
            spans, parts = [], []
            day = words.day(service[0])
            if early > 0:
                spans.append((needed[0], max(shift[0], min(service[1], shift[1]))))
                parts.append(f"start work at {words.clock(needed[0])} on {day}, {minutes_in_words(early)} earlier")
            if late > 0:
                spans.append((min(shift[1], max(service[0], shift[0])), needed[1]))
                parts.append(f"work until {words.clock(needed[1])} on {day}, {minutes_in_words(late)} longer")
            parts = [f"let {name} {' and '.join(parts)}"]
    steps = [step for span in spans for step in _hours(case, user, span, spans)]
    if steps:
        yield Change("overtime", parts[0], tuple(steps))


def _wall(case: Case, user: int, span: Interval) -> tuple[datetime, datetime]:
    zone, origin = case.problem.subject_zone("user", case.instance.users[user].id), case.instance.origin
    return instant(span[0] + origin, zone), instant(span[1] + origin, zone)


def _hours(case: Case, user: int, span: Interval, spans: list[Interval]) -> Iterator[Step]:
    """Add a stretch to the hours of a user, of both sorts as far as it lies outside them; the first adds them all."""
    if span is spans[0]:
        yield from _own_hours(case, user, spans)
    yield from _working_hours(case, user, span, first=span is spans[0])


def _own_hours(case: Case, user: int, spans: list[Interval]) -> Iterator[Step]:
    """Add stretches to the weekly availability of a user, where they lie outside it."""
    known = case.problem.users[user]
    own = case.instance.calendars.own("user", known.id)
    missing = [] if own is None else [span for span in spans if not _inside(case, own, span)]
    if known.availability is None or not missing:
        return
    weekly: dict[str, JsonValue] = known.model_dump(mode="json")["availability"]
    for span in missing:
        first, last = _wall(case, user, span)
        added: JsonValue = {"start": f"{first:%H:%M}", "end": f"{last:%H:%M}"}
        day = WEEKDAYS[first.weekday()].value
        before = weekly.get(day)
        weekly[day] = [*(before if isinstance(before, list) else ()), added]
    yield put(f"/users/{user}/availability", weekly)


def _working_hours(case: Case, user: int, span: Interval, *, first: bool) -> Iterator[Step]:
    """Add working hours of one day for a user, beside those that hold already."""
    key = case.instance.users[user].id
    working = case.instance.calendars.working("user", key)
    if working is None or _inside(case, working, span):
        return
    rules = case.instance.calendars.rules_for("user", key, RuleType.WORKING_HOURS)
    opens, closes = _wall(case, user, span)
    taken = {rule.id for rule in case.problem.rules}
    if first and not any(key in rule.applies_to_users for rule in rules):
        yield from (put("/rules/-", _own_copy(rule, key, _free(taken, f"{rule.id} for {key}"))) for rule in rules)
    yield put(
        "/rules/-",
        {
            "id": _free(taken, f"overtime of {key}" if first else f"more overtime of {key}"),
            "rule_type": "working_hours",
            "applies_to_users": [key],
            "start_date": f"{opens:%Y-%m-%d}",
            "end_date": f"{opens:%Y-%m-%d}",
            "start_time": f"{opens:%H:%M}",
            "end_time": f"{closes:%H:%M}",
        },
    )


def _own_copy(rule: Rule, user: str, key: str) -> dict[str, JsonValue]:
    """A rule for everybody as one for a single user."""
    document: dict[str, JsonValue] = rule.model_dump(mode="json", exclude_defaults=True)
    kept = {name: value for name, value in document.items() if not name.startswith("applies_to")}
    return {**kept, "id": key, "is_global": False, "applies_to_users": [user]}


def _free(taken: set[str], wanted: str) -> str:
    """An id that no rule has."""
    found = next(key for key in (wanted, *(f"{wanted} {n}" for n in range(2, len(taken) + 3))) if key not in taken)
    taken.add(found)
    return found


def _inside(case: Case, hours: list[Interval], service: Interval) -> bool:
    origin = case.instance.origin
    return contains(hours, service[0] + origin, service[1] + origin)
