"""Which appointments are behind a cause: what takes a subject, fills its limits, or stands at the end of a lost way."""

from collections.abc import Iterable, Iterator

from models.explanation import Blocker
from models.timegrid import instant
from solver.explain.causes import Cause
from solver.explain.closings import Closings
from solver.explain.crews import neighbours
from solver.explain.wording import Words
from solver.instance import NEVER, Instance


def blockers_of(closings: Closings, cause: Cause) -> tuple[Blocker, ...]:
    """List who is behind a cause of a place.

    Parameters
    ----------
    closings
        What closes the place.
    cause
        One of its causes.

    Returns
    -------
    Appointments in the order of time; none where a calendar or the task itself closes it.
    """
    tasks = dict.fromkeys(behind(closings, cause))
    scene = closings.inquiry.scene
    blockers = [(placement.start, task) for task in tasks if (placement := scene.solution[task]) is not None]
    return tuple(blocker(closings.words, scene.instance, task, start) for start, task in sorted(blockers))


def blocker(words: Words, instance: Instance, task: int, start: int) -> Blocker:
    """Describe a placed task as one that is in the way.

    Parameters
    ----------
    words, instance
        The problem in both forms.
    task, start
        Its index, and where it starts.

    Returns
    -------
    Its importance, and when it occupies what it takes.
    """
    lowered, appointment, zone = instance.tasks[task], words.problem.appointments[task], words.problem.zone
    opens = start - lowered.before + instance.origin
    closes = start + lowered.duration + lowered.after + instance.origin
    return Blocker(
        appointment=appointment.id,
        priority=appointment.priority,
        unassigned_weight=words.problem.unassigned_weight(appointment),
        mandatory=appointment.mandatory,
        pinned=lowered.pinned is not None,
        start=instant(opens, zone),
        end=instant(closes, zone),
    )


def behind(closings: Closings, cause: Cause) -> Iterable[int]:
    """Find who is behind a cause of a place.

    Parameters
    ----------
    closings, cause
        What closes the place, and one of its causes.

    Returns
    -------
    Indices of tasks, some of them twice.
    """
    inquiry = closings.inquiry
    if cause.subject is None:
        return (other for _, other in neighbours(inquiry.task)) if cause.rule == "links" else ()
    match cause.rule:
        case "overlap" | "team" | "capacity":
            uses = inquiry.scene.occupied.meeting(cause.subject, closings.mine.opens, closings.mine.closes)
            return (use.stop.task for use in uses)
        case "capacity_limit" | "weekly_hours":
            return _counted(closings, cause.rule, cause.subject)
        case "travel":
            uses = inquiry.scene.occupied.meeting(cause.subject, closings.mine.opens, closings.mine.closes)
            return [*_at_the_ends(closings, cause.subject)] or [use.stop.task for use in uses]
        case "break_time":
            return _in_the_break(closings, cause.subject)
        case _:
            return ()


def _counted(closings: Closings, rule: str, subject: int) -> Iterator[int]:
    """What fills the limits that the task would exceed."""
    instance, occupied = closings.instance, closings.occupied
    for counter, values in zip(instance.subject(subject).counters, occupied.counts(subject), strict=True):
        if counter.rule != rule or not closings.exceeds(counter, values):
            continue
        table = instance.periods[counter.zone, counter.period]
        mine = table.index_of(closings.mine.start)
        yield from (stop.task for stop in occupied.stops(subject) if table.index_of(stop.start) == mine)
    if rule == "capacity_limit" and instance.subject(subject).concurrency < NEVER:
        yield from (use.stop.task for use in closings.running(subject))


def _at_the_ends(closings: Closings, user: int) -> Iterator[int]:
    way = closings.lost_way(user)
    stops = (way.origin, way.destination) if way is not None else ()
    yield from (stop.task for stop in stops if stop is not None and stop.task >= 0)


def _in_the_break(closings: Closings, user: int) -> Iterator[int]:
    span = closings.inquiry.scene.days.lost_break(user, closings.inquiry.task, closings.mine.start)
    stops = closings.occupied.stops(user) if span is not None else ()
    yield from (stop.task for stop in stops if span is not None and stop.opens < span.end and span.start < stop.closes)
