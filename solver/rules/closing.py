"""What closes a subject for some time: what holidays, blackouts, maintenance and fixed breaks have in common."""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import TYPE_CHECKING, Any, Literal

from models.calendars import Calendars, Closure
from models.enums import RuleType
from models.intervals import contains, length, union
from models.plan import Violation
from models.problem import Problem
from models.rules import Rule
from solver.instance import Closed, Instance, Interval, Subject
from solver.placed import Placed
from solver.rules.breach import breach, moment

if TYPE_CHECKING:
    from solver.reading import Reading

SubjectKind = Literal["user", "team", "resource"]
NOBODY = "none"  # in calendars, who serves an appointment with neither users nor team


def rules_of(problem: Problem, rule_type: RuleType) -> list[Rule]:
    """List the active rules of a type."""
    return [rule for rule in problem.active_rules if rule.rule_type is rule_type]


def label_of(rule: Rule) -> str:
    """The words by which people know a rule."""
    return rule.name or rule.id


def named_by(rule: Rule) -> tuple[tuple[SubjectKind, tuple[str, ...]], ...]:
    """List the subjects that a rule names, by kind."""
    return (
        ("user", rule.applies_to_users),
        ("team", rule.applies_to_teams),
        ("resource", rule.applies_to_resources),
    )


def calendar_of(subject: Subject) -> tuple[str, str | None]:
    """Name a lowered subject the way calendars do: kind and id."""
    return (NOBODY, None) if subject.kind == "organization" else (subject.kind, subject.id)


class Closures:
    """The closures of one type, found once for all subjects with the same rules and zone.

    Parameters
    ----------
    calendars
        Of the problem, over the time that matters.
    rule_type
        Which rules.
    """

    def __init__(self, calendars: Calendars, rule_type: RuleType) -> None:
        self._calendars = calendars
        self._rule_type = rule_type
        self._known: dict[tuple[tuple[str, ...], str], list[Closure]] = {}

    def of(self, kind: str, key: str | None) -> list[Closure]:
        """List what closes a subject.

        Parameters
        ----------
        kind, key
            The subject as calendars name it.

        Returns
        -------
        Closures by start, shared between subjects.
        """
        rules = self._calendars.rules_for(kind, key, self._rule_type)
        if not rules:
            return []
        place = tuple(rule.id for rule in rules), self._calendars.problem.subject_zone(kind, key).key
        if place not in self._known:
            found = self._calendars.closures(kind, key)
            self._known[place] = [closure for closure in found if closure.rule == self._rule_type]
        return self._known[place]


def clip(instance: Instance, intervals: Iterable[Interval]) -> list[Interval]:
    """Cut epoch intervals to the horizon.

    Parameters
    ----------
    instance, intervals
        Whose horizon, and intervals in epoch minutes.

    Returns
    -------
    What is left of them, in minutes since the origin.
    """
    start, end, origin = instance.start, instance.end, instance.origin
    low, high = start + origin, end + origin
    return [(max(start, s - origin), min(end, e - origin)) for s, e in intervals if s < high and low < e]


def close(instance: Instance, rule_type: RuleType) -> None:
    """Note on every subject what rules of a type close it, for explanations.

    Parameters
    ----------
    instance
        Whose subjects.
    rule_type
        A type of closing rule.
    """
    closures = Closures(instance.calendars, rule_type)
    known: dict[int, list[Closed]] = {}
    for _, subject in instance.subjects():
        found = closures.of(*calendar_of(subject))
        if id(found) not in known and found:
            known[id(found)] = [
                Closed(start, end, rule_type.value, closure.label)
                for closure in found
                for start, end in clip(instance, [(closure.start, closure.end)])
            ]
        subject.closed.extend(known[id(found)] if found else ())


def intrusions(reading: "Reading", rule_type: RuleType) -> Iterator[Violation]:
    """Find services during a closure of somebody or something they take.

    Parameters
    ----------
    reading
        A plan beside its problem.
    rule_type
        A type of closing rule.

    Yields
    ------
    One violation for every service and subject.
    """
    closures = Closures(reading.calendars, rule_type)
    for kind, key, stops in reading.subjects():
        found = closures.of(kind, key)
        spans = union((closure.start, closure.end) for closure in found)
        for placed in stops if spans else ():
            if overlaps(spans, placed.start, placed.end):
                hits = [closure for closure in found if closure.start < placed.end and placed.start < closure.end]
                yield intrusion(reading, rule_type.value, kind, key, placed, hits)


def intrusion(
    reading: "Reading", name: str, kind: str, key: str | None, placed: Placed, hits: Sequence[Closure]
) -> Violation:
    """Report a service during closures of a subject.

    Parameters
    ----------
    reading, name
        The plan beside its problem, and the name of the hard rule.
    kind, key
        The subject as calendars name it.
    placed
        The service.
    hits
        The closures, at least one, by start.

    Returns
    -------
    The violation; its amount is the closed minutes.
    """
    closed = overlaps(union((hit.start, hit.end) for hit in hits), placed.start, placed.end)
    who = "everybody" if key is None else f"{kind} {reading.label(kind, key)}"
    why = ", ".join(dict.fromkeys(hit.label for hit in hits))
    message = f"{placed.id} lies in a closed time of {who} from {moment(reading, closed[0][0])}: {why}."
    return breach(
        reading, name, [placed], message,
        start=closed[0][0], end=closed[-1][1], amount=length(closed), **subject_field(kind, key),
    )  # fmt: skip


def outside(
    reading: "Reading", name: str, subject: tuple[str, str | None], hours: Sequence[Interval], stops: Iterable[Placed]
) -> Iterator[Violation]:
    """Find services that do not lie inside one interval of some hours.

    Parameters
    ----------
    reading, name
        The plan beside its problem, and the name of the hard rule.
    subject, stops
        Kind and id as calendars name them, and what the subject serves.
    hours
        Sorted and disjoint, in epoch minutes.

    Yields
    ------
    One violation for every such service; its amount is the minutes outside.
    """
    kind, key = subject
    who = "the organization" if key is None else f"{kind} {reading.label(kind, key)}"
    for placed in stops:
        if not contains(hours, placed.start, placed.end):
            minutes = placed.minutes - length(overlaps(hours, placed.start, placed.end))
            words = name.replace("_", " ")
            message = (
                f"{placed.id} at {moment(reading, placed.start)} lies {minutes} minutes outside the {words} of {who}."
            )
            yield breach(reading, name, [placed], message, amount=minutes, **subject_field(kind, key))


def overlaps(intervals: Sequence[Interval], start: int, end: int) -> list[Interval]:
    """Find what some sorted disjoint intervals share with one stretch."""
    first = bisect_right(intervals, start, key=lambda interval: interval[1])
    found = []
    for low, high in islice(intervals, first, None):
        if low >= end:
            break
        found.append((max(low, start), min(high, end)))
    return found


def subject_field(kind: str, key: str | None) -> dict[str, Any]:
    """Name a subject in the field of a violation that is meant for its kind."""
    return {} if key is None else {f"{kind}s": [key]}
