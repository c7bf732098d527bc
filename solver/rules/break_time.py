"""`break_time`: a fixed break closes a user; a flexible one needs an idle gap in its span on days of work there."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from models.enums import RuleType
from models.plan import Violation
from models.problem import Problem
from solver.instance import Break, Instance
from solver.rules.breach import breach, moment
from solver.rules.closing import close, intrusions, label_of
from solver.rules.gaps import Gaps
from solver.rules.pinned import held_of

if TYPE_CHECKING:
    from solver.reading import Reading

NAME = "break_time"


def lower(problem: Problem, instance: Instance) -> None:
    """Note fixed breaks on the users they close, and give users the spans of their flexible ones."""
    close(instance, RuleType.BREAK_TIME)
    margin = max((max(task.before, task.after) for task in instance.tasks), default=0)
    first, last = instance.start - margin, instance.end + margin
    held = held_of(problem, instance)
    for subject in instance.users:
        pins = held.get(subject.id, ())
        spans = [
            Break(start - instance.origin, end - instance.origin, minutes)
            for _, start, end, minutes in instance.calendars.break_spans(subject.id)
        ]
        subject.breaks = sorted(
            span
            for span in spans
            if (span.start < last and first < span.end)
            or any(span.start < pin.busy_end and pin.busy_start < span.end for pin in pins)
        )


def violations(reading: "Reading") -> Iterator[Violation]:
    """Find services during fixed breaks, and users without an idle gap for a flexible one."""
    yield from intrusions(reading, RuleType.BREAK_TIME)
    for user, stops in reading.by_user.items():
        breaks = reading.calendars.break_spans(user)
        if not breaks:
            continue
        day, pinned_day = Gaps(stops, reading), Gaps([placed for placed in stops if placed.pinned], reading)
        for rule, start, end, need in breaks:
            involved = day.inside(start, end)
            if not involved or (longest := day.longest(start, end)) >= need:
                continue
            if all(placed.pinned for placed in involved) and pinned_day.longest(start, end) >= need:
                # Only because of unpinned neighbours, from or to which the user travels, is the gap too short.
                involved += [placed for placed in day.beside(start, end) if not placed.pinned]
            message = (
                f"{reading.label('user', user)} has no {need} minutes for {label_of(rule)} between "
                f"{moment(reading, start)} and {moment(reading, end)}: at most {longest}."
            )
            yield breach(reading, NAME, involved, message, start=start, end=end, amount=need - longest, users=[user])
