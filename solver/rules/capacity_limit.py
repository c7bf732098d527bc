"""`capacity_limit`: at most so many services at once, and so many or so long ones a day and week."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Literal

from models.enums import RuleType
from models.plan import Violation
from models.problem import Problem
from models.rules import LimitParameters, Rule
from solver.instance import Counter, Instance, Subject
from solver.placed import Placed
from solver.rules.breach import breach, moment, names
from solver.rules.closing import NOBODY, label_of, named_by, rules_of, subject_field
from solver.rules.sweep import Use, excesses

if TYPE_CHECKING:
    from solver.reading import Reading

NAME = "capacity_limit"

Period = Literal["day", "week"]
Measure = Literal["count", "minutes"]


def counters(limits: LimitParameters, zone: str) -> list[Counter]:
    """Say in counters what a subject takes per day and week.

    Parameters
    ----------
    limits
        The rule's parameters.
    zone
        IANA name of the zone that tells the subject's days.

    Returns
    -------
    One counter for each limit that is given.
    """
    rows: tuple[tuple[Period, Measure, int | None], ...] = (
        ("day", "count", limits.max_per_day),
        ("week", "count", limits.max_per_week),
        ("day", "minutes", limits.max_minutes_per_day),
        ("week", "minutes", limits.max_minutes_per_week),
    )
    return [Counter(NAME, period, zone, measure, limit) for period, measure, limit in rows if limit is not None]


def lower(problem: Problem, instance: Instance) -> None:
    """Give the subjects that a rule names, and the organization if it is global, their counters and concurrency."""
    for rule in rules_of(problem, RuleType.CAPACITY_LIMIT):
        named: list[tuple[Subject, str]] = []
        if rule.is_global:
            named.append((instance.organization, problem.timezone))
        for kind, keys in named_by(rule):
            for key in keys:
                subject = instance.subject(instance.subject_index[kind, key])
                named.append((subject, problem.subject_zone(kind, key).key))
        for subject, zone in named:
            if rule.limits.max_concurrent is not None:
                subject.concurrency = min(subject.concurrency, rule.limits.max_concurrent)
            subject.counters.extend(counters(rule.limits, zone))


def violations(reading: "Reading") -> Iterator[Violation]:
    """Find who or what has too many services at once, or too many or too long ones in a day or week."""
    everything = sorted(reading.placed.values(), key=lambda placed: (placed.start, placed.id))
    held: dict[tuple[str, str | None], list[Placed]] = {
        (kind, key): stops for kind, key, stops in reading.subjects() if key is not None
    }
    for rule in rules_of(reading.problem, RuleType.CAPACITY_LIMIT):
        if rule.is_global:
            yield from _excess(reading, rule, NOBODY, None, everything)
        for kind, keys in named_by(rule):
            for key in keys:
                yield from _excess(reading, rule, kind, key, held.get((kind, key), []))


def _excess(reading: "Reading", rule: Rule, kind: str, key: str | None, stops: list[Placed]) -> Iterator[Violation]:
    """Check one subject, or with no key the organization, against one rule."""
    who = "The organization" if key is None else f"{kind} {reading.label(kind, key)}"
    limits, zone = rule.limits, reading.zone(kind, key)
    if limits.max_concurrent is not None:
        for excess in excesses((Use(stop.start, stop.end, 1, stop) for stop in stops), limits.max_concurrent):
            message = (
                f"{who} has {excess.peak} services at once from {moment(reading, excess.start)}, of at most "
                f"{limits.max_concurrent} ({label_of(rule)}): {names(excess.involved)}."
            )
            yield breach(
                reading, NAME, excess.involved, message,
                start=excess.start, end=excess.end, amount=excess.peak - limits.max_concurrent,
                **subject_field(kind, key),
            )  # fmt: skip
    for period, groups, most, most_minutes in (
        ("day", reading.by_day, limits.max_per_day, limits.max_minutes_per_day),
        ("week", reading.by_week, limits.max_per_week, limits.max_minutes_per_week),
    ):
        if most is None and most_minutes is None:
            continue
        for group in groups(stops, zone):
            count, minutes = len(group), sum(placed.minutes for placed in group)
            when = f"the {period} of {moment(reading, group[0].start)}"
            if most is not None and count > most:
                message = f"{who} has {count} services in {when}, of at most {most} ({label_of(rule)})."
                yield breach(reading, NAME, group, message, amount=count - most, **subject_field(kind, key))
            if most_minutes is not None and minutes > most_minutes:
                message = f"{who} serves {minutes} minutes in {when}, of at most {most_minutes} ({label_of(rule)})."
                yield breach(reading, NAME, group, message, amount=minutes - most_minutes, **subject_field(kind, key))
