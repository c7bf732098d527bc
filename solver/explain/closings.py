"""Sentences about what closes a subject: its calendar, its limits, and what takes it."""

from solver.explain.causes import Cause, bit_of
from solver.explain.inquiry import Inquiry
from solver.explain.occupied import Use
from solver.explain.search import Place
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
        """Say that journeys are lost with the time that other work takes; how long they take does not matter then."""
        return f"Nor would {self.words.subject(user)} have the time to travel then."

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
        free = capacity - _peak(uses, self.mine.opens, self.mine.closes)
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
        found = [
            self._count(counter, values, who)
            for counter, values in zip(
                self.instance.subject(subject).counters, self.occupied.counts(subject), strict=True
            )
            if counter.rule == rule and self._exceeds(counter, values)
        ]
        if found:
            return found[0]
        most = self.instance.subject(subject).concurrency
        running = [use for use in self.occupied.uses(subject) if _meets(use, self.mine.start, self.mine.end)]
        if most == 0 or not running:
            return f"{who} serves nothing: the limit is {most} at once."
        return f"{who} serves at most {most} at once: {self._uses(running)}."

    def _exceeds(self, counter: Counter, values: dict[int, int]) -> bool:
        return counter.limit < NEVER and self._value(counter, values) + self._more(counter) > counter.limit

    def _value(self, counter: Counter, values: dict[int, int]) -> int:
        return values.get(self.instance.periods[counter.zone, counter.period].index_of(self.mine.start), 0)

    def _more(self, counter: Counter) -> int:
        return self.inquiry.task.duration if counter.measure == "minutes" else 1

    def _count(self, counter: Counter, values: dict[int, int], who: str) -> str:
        table = self.instance.periods[counter.zone, counter.period]
        first = table.starts[table.index_of(self.mine.start)]
        # The middle of a day is in the same day of the problem's zone, even if its midnight is not.
        when = f"in the week of {self.words.day(first + 720)}" if counter.period == "week" else ""
        when = when or f"on {self.words.day(self.mine.start)}"
        value, limit = self._value(counter, values), counter.limit
        if counter.measure == "minutes":
            have, most = minutes_in_words(value), minutes_in_words(limit)
            more = minutes_in_words(self._more(counter))
            return f"{who} serves at most {most} {when}: {have} are taken, and {more} more are too many."
        return f"{who} serves at most {limit} appointments {when}, and has {value}."

    def _early_or_late(self, subject: int, who: str) -> str:
        known = self.instance.subject(subject)
        if self.mine.start < known.fresh_from:
            return f"{who} takes new bookings only from {self.words.moment(known.fresh_from)} on."
        return f"{who} takes new bookings only until {self.words.moment(known.fresh_until)}."

    def _way(self, user: int, who: str) -> str:
        way = self.inquiry.scene.days.lost_way(user, self.inquiry.task, self.place.start)
        if way is None:
            raise AssertionError(f"{who} has no lost way {self._service()}; the mask says so")
        words, target, origin = self.words, way.destination, way.origin
        start = "where the shift starts" if origin is None else "there" if origin.task < 0 else origin.id
        if target is None:
            shifts = self.instance.users[user].shifts
            end = next(end for first, end in shifts if first <= self.mine.start < end)
            goal = f"back by the end of the shift, {words.moment(end)}"
        else:
            where = "there" if target.task < 0 else f"at {target.id}"
            goal = f"{where} by {words.clock(target.opens)} on {words.day(target.opens)}"
        left, needed = minutes_in_words(max(0, way.free)), minutes_in_words(way.minutes)
        return f"{who} could not be {goal}: the way from {start} takes {needed}, and {left} are left."

    def _service(self) -> str:
        return self.words.stretch(self.mine.start, self.mine.end)

    def _closed(self, rule: str, subject: int, who: str) -> str:
        known = self.instance.subject(subject)
        start, end = self.mine.start, self.mine.end
        hits = [entry for entry in known.closed if entry.rule == rule and entry.start < end and start < entry.end]
        if not hits:  # a flexible break is no closed time
            return self._no_break(subject, who)
        away = [entry for entry in hits if bit_of(entry) != bit_of(Closed(0, 0, rule, "outside own hours"))]
        entry = away[0] if away else hits[0]
        when = self.words.stretch(entry.start, entry.end)
        part = self.words.stretch(max(start, entry.start), min(end, entry.end))
        name = "" if entry.label.replace("_", " ") == rule.replace("_", " ") else entry.label
        match rule:
            case "availability" if not away:
                return f"{who} does not work {part}." if known.kind == "user" else f"{who} is not available {part}."
            case "availability":
                return f"{who} is on leave {when}." if known.kind == "user" else f"{who} is unavailable {when}."
            case "working_hours":
                return f"{who} has no working hours {part}."
            case "holiday":
                return f"{who} has a holiday {when}{f': {name}' if name else ''}."
            case "maintenance":
                return f"{who} is in maintenance {when}{f': {name}' if name else ''}."
            case "break_time":
                return f"{who} has a break {when}{f': {name}' if name else ''}."
            case _:
                return f"{who} is closed {when} by a blackout{f': {name}' if name else ''}."

    def _no_break(self, user: int, who: str) -> str:
        span = self.inquiry.scene.days.lost_break(user, self.inquiry.task, self.place.start)
        if span is None:
            raise AssertionError(f"{who} has no lost break {self._service()}; the mask says so")
        when = self.words.stretch(span.start, span.end)
        return f"{who} would have no {minutes_in_words(span.minutes)} left for the break {when}."


def _meets(use: Use, start: int, end: int) -> bool:
    return use.stop.start < end and start < use.stop.end


def _peak(uses: list[Use], start: int, end: int) -> int:
    """The most units in use at once between two minutes."""
    moments = [start, *(use.stop.opens for use in uses if start < use.stop.opens < end)]
    return max(sum(use.units for use in uses if use.stop.opens <= at < use.stop.closes) for at in moments)
