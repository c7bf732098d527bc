"""When people, teams and resources are open: availability, rules and closures as intervals of epoch minutes."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from models.binding import Bindings
from models.enums import RuleType, Weekday
from models.intervals import Interval, intersect, subtract, union
from models.occurrences import Occurrence, occurrences, padded_days
from models.people import Availability, Period, Resource, Team, User
from models.problem import Problem
from models.recurrence import days_between
from models.rules import Rule
from models.timegrid import local_date, minute_of, span_of_day

CLOSING = (RuleType.HOLIDAY, RuleType.BLACKOUT, RuleType.MAINTENANCE, RuleType.BREAK_TIME)
_WEEKDAYS = tuple(Weekday)
_ALWAYS_PAD = 5 * 1440


@dataclass(frozen=True, slots=True)
class Closure:
    """A stretch of time that is closed, and why.

    Parameters
    ----------
    start, end
        Epoch minutes, half-open.
    rule
        The hard rule it counts under: availability, holiday, blackout, maintenance or break_time.
    rule_id
        The id of the business rule; None for a subject's own `unavailable`.
    label
        What people call it, such as "leave" or "Christmas Day".
    """

    start: int
    end: int
    rule: str
    rule_id: str | None
    label: str


class Calendars:
    """The calendars of everybody and everything in a problem, over a range of time.

    Results are shared between subjects that agree in all that counts: treat the lists as read-only.

    Parameters
    ----------
    problem
        Whose subjects and active rules.
    first, last
        Epoch minutes; what is returned is right inside them and reaches two local days beyond.
    """

    def __init__(self, problem: Problem, first: int, last: int) -> None:
        self.problem, self.first, self.last = problem, first, last
        self.always: list[Interval] = [(first - _ALWAYS_PAD, last + _ALWAYS_PAD)]
        self.bindings = Bindings(problem)
        self._named_spans: dict[tuple[str, str], list[Occurrence]] = {}
        self._spans: dict[tuple[str, str], list[Interval]] = {}
        self._shared: dict[object, list[Interval]] = {}
        self._known: dict[tuple[str, str, str | None], list[Interval] | None] = {}
        self._horizon = [(minute_of(problem.horizon.start), minute_of(problem.horizon.end))]

    def rules_for(self, kind: str, key: str | None, rule_type: RuleType) -> list[Rule]:
        """List the active rules of a type that bind a subject, as `Bindings.rules_for` defines it."""
        return self.bindings.rules_for(kind, key, rule_type)

    def spans(self, rule: Rule, zone: ZoneInfo) -> list[Interval]:
        """Expand a rule on the wall of a zone.

        Parameters
        ----------
        rule
            Of any type that has dates and times.
        zone
            Whose wall times they are.

        Returns
        -------
        One interval per occurrence, sorted; overnight occurrences may overlap.
        """
        key = rule.id, zone.key
        if key not in self._spans:
            self._spans[key] = [(start, end) for start, end, _ in self._occurrences(rule, zone)]
        return self._spans[key]

    def own(self, kind: str, key: str | None) -> list[Interval] | None:
        """Find the hours of a subject's own `availability`.

        Parameters
        ----------
        kind, key
            "user", "team" or "resource" and the id; "none" and None for an appointment without users and team.

        Returns
        -------
        Sorted disjoint intervals; None is always.
        """
        place = "own", kind, key
        if place not in self._known:
            subject = self._subject(kind, key)
            weekly = None if subject is None else subject.availability
            self._known[place] = None if weekly is None else self._weekly(weekly, self.problem.subject_zone(kind, key))
        return self._known[place]

    def working(self, kind: str, key: str | None) -> list[Interval] | None:
        """Find the working hours of a subject: the rules that name it, else the global ones.

        Parameters
        ----------
        kind, key
            The subject, as in `own`.

        Returns
        -------
        Sorted disjoint intervals; None is always.
        """
        place = "working", kind, key
        if place not in self._known:
            rules = self.rules_for(kind, key, RuleType.WORKING_HOURS)
            zone = self.problem.subject_zone(kind, key)
            self._known[place] = self._union_of(rules, zone) if rules else None
        return self._known[place]

    def hours(self, kind: str, key: str | None) -> list[Interval] | None:
        """Find the hours of a subject before closures: own availability ∩ working hours.

        Parameters
        ----------
        kind, key
            The subject, as in `own`.

        Returns
        -------
        Sorted disjoint intervals; None is always.
        """
        own, working = self.own(kind, key), self.working(kind, key)
        if own is None or working is None:
            return working if own is None else own
        place = "hours", id(own), id(working)
        if place not in self._shared:
            self._shared[place] = intersect(own, working)
        return self._shared[place]

    def closures(self, kind: str, key: str | None) -> list[Closure]:
        """List what closes a subject, for explanations.

        Parameters
        ----------
        kind, key
            The subject, as in `own`.

        Returns
        -------
        Closures by start; they may overlap.
        """
        absence = "leave" if kind == "user" else "unavailable"
        found = [
            Closure(minute_of(away.start), minute_of(away.end), "availability", None, absence)
            for away in self._unavailable(kind, key)
        ]
        zone = self.problem.subject_zone(kind, key)
        for rule in self._closing(kind, key):
            for start, end, label in self._occurrences(rule, zone):
                found.append(Closure(start, end, rule.rule_type.value, rule.id, label))
        return sorted(found, key=lambda closure: (closure.start, closure.end, closure.rule, closure.rule_id or ""))

    def available(self, kind: str, key: str | None) -> list[Interval]:
        """Find the time in which a subject can serve: its hours minus what closes it.

        Parameters
        ----------
        kind, key
            The subject, as in `own`.

        Returns
        -------
        Sorted disjoint intervals.
        """
        hours = self.hours(kind, key)
        if hours is None:
            hours = self.always
        away = tuple((minute_of(period.start), minute_of(period.end)) for period in self._unavailable(kind, key))
        rules, zone = self._closing(kind, key), self.problem.subject_zone(kind, key)
        if not away and not rules:
            return hours
        place = "available", id(hours), away, tuple(rule.id for rule in rules), zone.key
        if place not in self._shared:
            closed = self._union_of(rules, zone)
            self._shared[place] = subtract(hours, union([*closed, *away]) if away else closed)
        return self._shared[place]

    def shifts(self, user_id: str) -> list[Interval]:
        """Find the shifts of a user: the hours that start on one local day, from the first start to the last end.

        Parameters
        ----------
        user_id
            The user.

        Returns
        -------
        Sorted disjoint intervals; the horizon where the user has neither availability nor working hours.
        """
        hours = self.hours("user", user_id)
        if hours is None:
            return self._horizon
        zone = self.problem.subject_zone("user", user_id)
        place = "shifts", id(hours), zone.key
        if place not in self._shared:
            days: dict[date, Interval] = {}
            for start, end in hours:
                day = local_date(start, zone)
                days[day] = (days[day][0], end) if day in days else (start, end)
            self._shared[place] = list(days.values())
        return self._shared[place]

    def break_spans(self, user_id: str) -> list[tuple[Rule, int, int, int]]:
        """List where the flexible breaks of a user can lie.

        Parameters
        ----------
        user_id
            The user.

        Returns
        -------
        (rule, start, end, duration in minutes) per occurrence, in the order of the rules.
        """
        zone = self.problem.subject_zone("user", user_id)
        return [
            (rule, start, end, rule.break_minutes)
            for rule in self.rules_for("user", user_id, RuleType.BREAK_TIME)
            if rule.break_minutes is not None
            for start, end in self.spans(rule, zone)
        ]

    def _subject(self, kind: str, key: str | None) -> User | Team | Resource | None:
        if kind == "user":
            return self.problem.users_by_id[key or ""]
        if kind == "team":
            return self.problem.teams_by_id[key or ""]
        return self.problem.resources_by_id[key or ""] if kind == "resource" else None

    def _unavailable(self, kind: str, key: str | None) -> Sequence[Period]:
        subject = self._subject(kind, key)
        return () if subject is None or isinstance(subject, Team) else subject.unavailable

    def _closing(self, kind: str, key: str | None) -> list[Rule]:
        rules = (rule for rule_type in CLOSING for rule in self.rules_for(kind, key, rule_type))
        return [rule for rule in rules if rule.break_minutes is None]

    def _union_of(self, rules: Iterable[Rule], zone: ZoneInfo) -> list[Interval]:
        rules = list(rules)
        place = "rules", tuple(rule.id for rule in rules), zone.key
        if place not in self._shared:
            self._shared[place] = union(span for rule in rules for span in self.spans(rule, zone))
        return self._shared[place]

    def _weekly(self, weekly: Availability, zone: ZoneInfo) -> list[Interval]:
        signature = tuple(
            sorted((day, tuple((span.start, span.end) for span in spans)) for day, spans in weekly.items())
        )
        place = "weekly", signature, zone.key
        if place not in self._shared:
            first, last = padded_days((self.first, self.last), zone)
            self._shared[place] = union(
                span_of_day(day, span.start, span.end, zone)
                for day in days_between(first, last)
                for span in weekly.get(_WEEKDAYS[day.weekday()], ())
            )
        return self._shared[place]

    def _occurrences(self, rule: Rule, zone: ZoneInfo) -> list[Occurrence]:
        key = rule.id, zone.key
        if key not in self._named_spans:
            self._named_spans[key] = occurrences(rule, zone, (self.first, self.last), self.always[0])
        return self._named_spans[key]
