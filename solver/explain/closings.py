"""Sentences about what closes a subject: its calendar, its limits, and what takes it."""

from solver.explain.causes import HOURS, Cause, bit_of
from solver.explain.days import Way
from solver.explain.inquiry import Inquiry
from solver.explain.occupied import Use
from solver.explain.place import Place
from solver.explain.wording import MOST_LISTED, Words, listed, minutes_in_words
from solver.instance import NEVER, Closed, Counter


class Closings:
    """What closes the subjects of one place.

    Parameters
    ----------
    words, inquiry, place
        How the problem is spoken of, what is known of the task, and the place.
    """

    def __init__(self, words: Words, inquiry: Inquiry, place: Place) -> None:
        self.words = words
        self.inquiry = inquiry
        self.instance = inquiry.scene.instance
        self.occupied = inquiry.scene.occupied
        self.mine = inquiry.scene.days.stop(inquiry.task, place.start)
        self.place = place

    def sentence(self, cause: Cause, subject: int) -> str:
        """Say what closes a subject by a rule, as a whole sentence."""
        who = self.words.subject(subject, opening=True)
        match cause.rule:
            case "overlap" | "team" | "capacity":
                return self._taken(cause.rule, subject, who)
            case "capacity_limit" | "weekly_hours":
                return self._limited(cause.rule, subject, who)
            case "advance_booking":
                return self._early_or_late(subject, who)
            case "travel":
                return self._way(subject, who)
            case _:
                return self._closed(cause.rule, subject, who)

    def travel_beside_work(self, user: int) -> str:
        """Say that journeys are lost with the time that other work takes, and which would be lost even without that."""
        who = self.words.subject(user)
        way = self.lost_way(user)
        if way is None:
            return f"Nor would {who} have the time to travel then."
        return f"Even without that, {self._lost(way, who)}"

    def lost_way(self, user: int) -> Way | None:
        """Find a way that is lost even if what overlaps the task were not there."""
        return self.inquiry.scene.days.lost_way(user, self.inquiry.task, self.place.start, apart=True)

    def _taken(self, rule: str, subject: int, who: str) -> str:
        uses = self.occupied.meeting(subject, self.mine.opens, self.mine.closes)
        capacity = self.instance.subject(subject).capacity
        by = self._uses(uses)
        if rule == "overlap":
            return f"{who} is busy with {by}."
        if capacity == 1 or any(use.units >= capacity for use in uses):
            return f"{who} is taken by {by}."
        if rule == "team":
            return f"{who} serves at most {capacity} appointments at once: {by}."
        wanted = self.place.units[self.place.resources.index(subject)]
        free = capacity - peak(uses, self.mine.opens, self.mine.closes)
        return f"{who} has {free} of {capacity} units free and {wanted} are needed: {by}."

    def _uses(self, uses: list[Use]) -> str:
        """Who takes a subject, and when, buffers included; the day once where it is the same."""
        words = self.words
        shown = sorted(uses, key=lambda use: use.stop.opens)
        first = words.day(shown[0].stop.opens)
        together = all(words.day(use.stop.opens) == words.day(use.stop.closes - 1) == first for use in shown)
        if not together:
            return listed(
                [f"{words.task(u.stop.task)} {words.stretch(u.stop.opens, u.stop.closes)}" for u in shown], MOST_LISTED
            )
        times = [f"{words.task(use.stop.task)} {words.hours(use.stop.opens, use.stop.closes)}" for use in shown]
        return f"{listed(times, MOST_LISTED)} on {first}"

    def _limited(self, rule: str, subject: int, who: str) -> str:
        known = self.instance.subject(subject)
        found = [
            self._count(counter, values)
            for counter, values in zip(known.counters, self.occupied.counts(subject), strict=True)
            if counter.rule == rule and self.exceeds(counter, values)
        ]
        running = self.running(subject) if rule == "capacity_limit" else []
        if rule == "capacity_limit" and known.concurrency == 0:
            found.append("serves nothing: the limit is 0 at once")
        elif rule == "capacity_limit" and _peak_of_services(running) >= known.concurrency:
            found.append(f"serves at most {known.concurrency} at once: {self._uses(running)}")
        return f"{who} {'; and '.join(found)}."

    def running(self, subject: int) -> list[Use]:
        """What a subject serves at some time of the service, buffers left out."""
        return [use for use in self.occupied.uses(subject) if _meets(use, self.mine.start, self.mine.end)]

    def exceeds(self, counter: Counter, values: dict[int, int]) -> bool:
        """Whether the task would be too much for a counter with some values."""
        return counter.limit < NEVER and self._value(counter, values) + self._more(counter) > counter.limit

    def _value(self, counter: Counter, values: dict[int, int]) -> int:
        return values.get(self.instance.periods[counter.zone, counter.period].index_of(self.mine.start), 0)

    def _more(self, counter: Counter) -> int:
        return self.inquiry.task.duration if counter.measure == "minutes" else 1

    def _count(self, counter: Counter, values: dict[int, int]) -> str:
        table = self.instance.periods[counter.zone, counter.period]
        first = table.starts[table.index_of(self.mine.start)]
        # The middle of a day is in the same day of the problem's zone, even if its midnight is not.
        when = f"in the week of {self.words.day(first + 720)}" if counter.period == "week" else ""
        when = when or f"on {self.words.day(self.mine.start)}"
        value, limit = self._value(counter, values), counter.limit
        if counter.measure == "minutes":
            have, most = minutes_in_words(value), minutes_in_words(limit)
            more = minutes_in_words(self._more(counter))
            return f"serves at most {most} {when}: {have} are taken, and {more} more are too many"
        return f"serves at most {limit} appointment{'' if limit == 1 else 's'} {when}, and has {value}"

    def _early_or_late(self, subject: int, who: str) -> str:
        known = self.instance.subject(subject)
        if self.mine.start < known.fresh_from:
            return f"{who} takes new bookings only from {self.words.moment(known.fresh_from)} on."
        return f"{who} takes new bookings only until {self.words.moment(known.fresh_until)}."

    def _way(self, user: int, who: str) -> str:
        way = self.inquiry.scene.days.lost_way(user, self.inquiry.task, self.place.start)
        if way is None:
            raise AssertionError(f"{who} has no lost way {self._service()}; the mask says so")
        return self._lost(way, who)

    def _lost(self, way: Way, who: str) -> str:
        words, target, origin = self.words, way.destination, way.origin
        start = "where the shift starts" if origin is None else "there" if origin.task < 0 else origin.id
        if target is None:
            goal = f"back by the end of the shift, {words.moment(self.mine.closes + way.free)}"
        else:
            where = "there" if target.task < 0 else f"at {target.id}"
            goal = f"{where} by {words.clock(target.opens)} on {words.day(target.opens)}"
        left, needed = minutes_in_words(max(0, way.free)), minutes_in_words(way.minutes)
        return f"{who} could not be {goal}: the way from {start} takes {needed}, and {left} are left."

    def _service(self) -> str:
        return self.words.stretch(self.mine.start, self.mine.end)

    def _closed(self, rule: str, subject: int, who: str) -> str:
        """Say all that closes a subject by a rule during the service."""
        known = self.instance.subject(subject)
        start, end = self.mine.start, self.mine.end
        hits = [entry for entry in known.closed if entry.rule == rule and entry.start < end and start < entry.end]
        by_words: dict[tuple[str, str], dict[str, None]] = {}
        for entry in sorted(hits, key=lambda entry: bit_of(entry) == HOURS):
            whole = rule != "working_hours" and bit_of(entry) != HOURS
            span = (entry.start, entry.end) if whole else (max(start, entry.start), min(end, entry.end))
            by_words.setdefault(_wording(known.kind, entry), {})[self.words.stretch(*span)] = None
        parts = [f"{verb} {listed([*whens])}{tail}" for (verb, tail), whens in by_words.items()]
        lost = self.inquiry.scene.days.lost_break(subject, self.inquiry.task, start) if rule == "break_time" else None
        if lost is not None:
            when = self.words.stretch(lost.start, lost.end)
            parts.append(f"would have no {minutes_in_words(lost.minutes)} left for the break {when}")
        if not parts:
            raise AssertionError(f"{who} is not closed by {rule} {self._service()}; the mask says so")
        return f"{who} {listed(parts, most=len(parts))}."


def _meets(use: Use, start: int, end: int) -> bool:
    return use.stop.start < end and start < use.stop.end


def peak(uses: list[Use], start: int, end: int) -> int:
    """Count the most units in use at once between two minutes."""
    moments = [start, *(use.stop.opens for use in uses if start < use.stop.opens < end)]
    return max(sum(use.units for use in uses if use.stop.opens <= at < use.stop.closes) for at in moments)


def _peak_of_services(uses: list[Use]) -> int:
    """The most services at once of some that all meet the same stretch of time, buffers left out."""
    return max((sum(use.stop.start <= at.stop.start < use.stop.end for use in uses) for at in uses), default=0)


def _wording(kind: str, entry: Closed) -> tuple[str, str]:
    """What to say before and after the time of a closed stretch."""
    tail = "" if entry.label.replace("_", " ") == entry.rule.replace("_", " ") else f": {entry.label}"
    match entry.rule:
        case "availability" if bit_of(entry) == HOURS:
            return ("does not work", "") if kind == "user" else ("is not available", "")
        case "availability":
            return ("is on leave", "") if kind == "user" else ("is unavailable", "")
        case "working_hours":
            return "has no working hours", ""
        case "holiday":
            return "has a holiday", tail
        case "maintenance":
            return "is in maintenance", tail
        case "break_time":
            return "has a break", tail
        case _:
            return "is closed", f" by a blackout{tail}"
