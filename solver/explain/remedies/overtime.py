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
from solver.explain.causes import HOURS, WEEKLY, WORKING
from solver.explain.remedies.case import Case
from solver.explain.remedies.change import Change, put
from solver.explain.search import Place
from solver.explain.wording import minutes_in_words

MOST = 3
LONGEST = 4 * 60  # minutes before or after a shift
LOOKS = 6  # starts of a person that are looked at, those first that need the least
QUARTER = 15
DAY = 24 * 60
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
    options: list[tuple[int, int]] = []
    for user in people:
        place = case.opens({user: WEEKLY})
        if place is not None and user in place.users:
            options.append((_beyond(case, user, place), user))
    for minutes, user in sorted(option for option in options if option[0] > 0)[:MOST]:
        known = case.problem.users[user]
        hours = Decimal(-(-minutes // QUARTER) * QUARTER) / 60
        name = case.words.subject(user)
        text = f"let {name} work {minutes_in_words(int(hours * 60))} of overtime more a week"
        total = float(hours + (known.overtime_hours_per_week or 0))
        yield Change("overtime", text, (put(f"/users/{user}/overtime_hours_per_week", total),))


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
    if case.opens(everywhere=OUTSIDE) is None:
        return
    options = [(longer, user) for user in people if (longer := _longer(case, user)) is not None]
    for (_, start), user in sorted(options)[:MOST]:
        yield from _staying(case, user, (start, start + case.task.duration))


def _longer(case: Case, user: int) -> tuple[int, int] | None:
    """Find the least time that a user would have to work beyond the hours of a day, and the start of the service."""
    inquiry = case.inquire({user: OUTSIDE})
    starts: list[tuple[int, int]] = []
    for span, flags in inquiry.starts(frozenset()):
        closed = case.scene.rows.row(user, 1, inquiry.shape, span)
        wanted = flags & ((closed & OUTSIDE) != 0) & ((closed & ~np.uint16(OUTSIDE)) == 0)
        for column in wanted.nonzero()[0].tolist():
            start = span.first + span.step * column
            starts.append((_beyond_the_day(case, user, start), start))
    for extra, start in sorted(starts)[:LOOKS]:
        window = start, start + case.task.duration
        place = case.opens({user: OUTSIDE}, altered=replace(case.task, windows=[window]))
        if place is not None and user in place.users:
            return extra, start
    return None


def _beyond_the_day(case: Case, user: int, start: int) -> int:
    """Minutes that a user would work longer; a day or a time off counts more than any longer day."""
    end = start + case.task.duration
    shift = _nearest_shift(case, user, start)
    extra = LONGEST + 1 if shift is None else max(shift[0] - start, end - shift[1])
    return extra if 0 < extra <= LONGEST else LONGEST + case.task.duration


def _nearest_shift(case: Case, user: int, start: int) -> Interval | None:
    end = start + case.task.duration
    shifts = case.instance.users[user].shifts
    return min(shifts, key=lambda shift: max(shift[0] - start, end - shift[1]), default=None)


def _staying(case: Case, user: int, service: Interval) -> Iterator[Change]:
    """Let a user work from the end of a shift, or up to its start, or at another time altogether."""
    words, minutes = case.words, case.task.duration
    extra, shift = _beyond_the_day(case, user, service[0]), _nearest_shift(case, user, service[0])
    name, day = words.subject(user), words.day(service[0])
    span = service
    if extra > LONGEST or shift is None:
        text = f"let {name} work {words.stretch(*service)}"
    elif service[1] > shift[1]:
        span = min(service[0], shift[1]), service[1]
        text = f"let {name} work until {words.clock(service[1])} on {day}, {minutes_in_words(extra)} longer"
    else:
        span = service[0], max(service[1], shift[0])
        text = f"let {name} start work at {words.clock(service[0])} on {day}, {minutes_in_words(extra)} earlier"
    steps = [*_own_hours(case, user, service, span), *_working_hours(case, user, service, span)]
    if steps and minutes < DAY:
        yield Change("overtime", text, tuple(steps))


def _wall(case: Case, user: int, span: Interval) -> tuple[datetime, datetime]:
    zone, origin = case.problem.subject_zone("user", case.instance.users[user].id), case.instance.origin
    return instant(span[0] + origin, zone), instant(span[1] + origin, zone)


def _own_hours(case: Case, user: int, service: Interval, span: Interval) -> Iterator[Step]:
    """Add a stretch to the weekly availability of a user, where the service is outside it."""
    known = case.problem.users[user]
    own = case.instance.calendars.own("user", known.id)
    if own is None or known.availability is None or _inside(case, own, service):
        return
    first, last = _wall(case, user, span)
    weekly: dict[str, JsonValue] = known.model_dump(mode="json")["availability"]
    added: JsonValue = {"start": f"{first:%H:%M}", "end": f"{last:%H:%M}"}
    day = WEEKDAYS[first.weekday()].value
    before = weekly.get(day)
    weekly[day] = [*(before if isinstance(before, list) else ()), added]
    yield put(f"/users/{user}/availability", weekly)


def _working_hours(case: Case, user: int, service: Interval, span: Interval) -> Iterator[Step]:
    """Add working hours of one day for a user, beside those that hold already."""
    key = case.instance.users[user].id
    working = case.instance.calendars.working("user", key)
    if working is None or _inside(case, working, service):
        return
    rules = case.instance.calendars.rules_for("user", key, RuleType.WORKING_HOURS)
    first, last = _wall(case, user, span)
    taken = {rule.id for rule in case.problem.rules}
    if not any(key in rule.applies_to_users for rule in rules):
        yield from (put("/rules/-", _own_copy(rule, key, _free(taken, f"{rule.id} for {key}"))) for rule in rules)
    yield put(
        "/rules/-",
        {
            "id": _free(taken, f"overtime of {key}"),
            "rule_type": "working_hours",
            "applies_to_users": [key],
            "start_date": f"{first:%Y-%m-%d}",
            "end_date": f"{first:%Y-%m-%d}",
            "start_time": f"{first:%H:%M}",
            "end_time": f"{last:%H:%M}",
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
