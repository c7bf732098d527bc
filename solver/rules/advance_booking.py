"""`advance_booking`: what is not booked yet starts neither too soon nor too far ahead of now."""

from collections.abc import Iterator
from fractions import Fraction
from math import ceil, floor
from typing import TYPE_CHECKING

from models.appointments import Appointment
from models.enums import RuleType
from models.plan import Violation
from models.problem import Problem
from models.rules import Rule
from models.timegrid import DAY_MINUTES, minute_of
from solver.instance import NEVER, Instance, Task, TaskWriter
from solver.rules.breach import breach, moment
from solver.rules.closing import NOBODY, label_of, named_by, rules_of

if TYPE_CHECKING:
    from solver.reading import Reading

NAME = "advance_booking"


def bounds(rule: Rule, now: int) -> tuple[int, int]:
    """Find when something booked now may start.

    Parameters
    ----------
    rule
        With the least hours and the most days of notice.
    now
        Any minute count.

    Returns
    -------
    First and last start, both allowed, in the same count.
    """
    earliest, latest = now - NEVER, now + NEVER
    if rule.min_hours is not None:
        earliest = ceil(now + Fraction(rule.min_hours) * 60)
    if rule.max_days is not None:
        latest = floor(now + Fraction(rule.max_days) * DAY_MINUTES)
    return earliest, latest


def lower(problem: Problem, instance: Instance) -> TaskWriter:
    """Bound the starts of what is not booked yet, for the subjects a rule names, or for all when it is global."""

    def write(task: Task, appointment: Appointment) -> None:
        task.fresh = appointment.current is None

    if problem.now is None:
        return write
    now = minute_of(problem.now) - instance.origin
    for rule in rules_of(problem, RuleType.ADVANCE_BOOKING):
        earliest, latest = bounds(rule, now)
        subjects = [instance.organization] if rule.is_global else []
        for kind, keys in named_by(rule):
            subjects += [instance.subject(instance.subject_index[kind, key]) for key in keys]
        for subject in subjects:
            subject.fresh_from = max(subject.fresh_from, earliest)
            subject.fresh_until = min(subject.fresh_until, latest)
    return write


def violations(reading: "Reading") -> Iterator[Violation]:
    """Find new bookings that start too soon or too far ahead."""
    if reading.now is None:
        return
    booking = reading.calendars.rules_for
    for placed in reading.placed.values():
        if placed.appointment.current is not None:
            continue
        taken: list[tuple[str, str | None]] = [("user", user) for user in dict.fromkeys(placed.users)]
        taken += [] if placed.team is None else [("team", placed.team)]
        taken += [("resource", take.resource) for take in placed.resources]
        rules = {
            rule.id: rule
            for kind, key in [*taken, (NOBODY, None)]
            for rule in booking(kind, key, RuleType.ADVANCE_BOOKING)
        }
        for rule in rules.values():
            earliest, latest = bounds(rule, reading.now)
            off = max(earliest - placed.start, placed.start - latest)
            if off > 0:
                how = "too soon" if placed.start < earliest else "too far ahead"
                message = (
                    f"{placed.id} at {moment(reading, placed.start)} is booked {off} minutes {how} ({label_of(rule)})."
                )
                yield breach(reading, NAME, [placed], message, amount=off)
