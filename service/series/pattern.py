"""When a series takes place: its rule expanded from its first start, at the same time on the wall of its zone."""

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property
from zoneinfo import ZoneInfo

from models.enums import RuleType
from models.fields import FIRST_YEAR, LAST_YEAR
from models.recurrence import rule_days
from models.rrule import rrule_parts
from models.rules import Recurrence, Rule, counts
from models.timegrid import instant, local_date, wall_minute

RecurrenceRule = str | Recurrence
_ONE_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Pattern:
    """A rule and the start it is followed from, which is always one of its starts.

    Parameters
    ----------
    rule
        An RRULE or the seed's object; there is at most one start on a day.
    start
        Epoch minute of the first start.
    zone
        On whose wall the time of day stays the same; a time that does not exist moves forward by the gap, one that
        exists twice is the first.
    """

    rule: RecurrenceRule
    start: int
    zone: ZoneInfo

    @cached_property
    def first_day(self) -> date:
        """The local date of the first start."""
        return local_date(self.start, self.zone)

    @cached_property
    def clock(self) -> time:
        """The local time of day of the first start."""
        return instant(self.start, self.zone).time()

    def starts(self, low: int, high: int) -> list[int]:
        """List the starts in a range.

        Parameters
        ----------
        low, high
            Epoch minutes, half-open.

        Returns
        -------
        Epoch minutes in order.
        """
        if high <= self.start:
            return []
        last_day = local_date(high - 1, self.zone)
        counted = _count_of(self.rule)
        from_day = self.first_day if counted is not None else max(self.first_day, local_date(low, self.zone))
        days = self._days(from_day, last_day)
        if counted is not None:
            days = days[:counted]
        return sorted({minute for day in days if low <= (minute := self.minute_on(day)) < high})

    def minute_on(self, day: date) -> int:
        """Find the epoch minute of the series' time of day on a local day."""
        return self.start if day == self.first_day else wall_minute(day, self.clock, self.zone)

    def includes(self, minute: int) -> bool:
        """Tell whether a minute is one of the starts."""
        return self.starts(minute, minute + 1) == [minute]

    def day_of(self, minute: int) -> date:
        """The local date of a minute, on the wall of the series."""
        return local_date(minute, self.zone)

    def before(self, end: int) -> "Pattern":
        """The same series, ended before a minute; its first start stays.

        Parameters
        ----------
        end
            Epoch minute; what would start then or later is no start any more.

        Returns
        -------
        The ended series.
        """
        return replace(self, rule=_ended(self.rule, self, end))

    def since(self, start: int) -> "Pattern":
        """What follows of a series from one of its starts on.

        Parameters
        ----------
        start
            Epoch minute of one of its starts.

        Returns
        -------
        A series with exactly the starts from there on.
        """
        if (count := _count_of(self.rule)) is not None:
            left = count - len(self.starts(self.start, start))
            return replace(self, rule=with_count(self.rule, left), start=start)
        if isinstance(self.rule, Recurrence) and self.rule.dates:
            day = self.day_of(start)
            kept = tuple(each for each in self.rule.dates if each >= day)
            return replace(self, rule=self.rule.model_copy(update={"dates": kept or (day,)}), start=start)
        return replace(self, start=start)

    def last_day(self) -> date | None:
        """The last local day on which the UNTIL of an RRULE lets it start; None without one."""
        text = rrule_parts(self.rule).get("UNTIL") if isinstance(self.rule, str) else None
        if text is None:
            return None
        minute = _until_minute(text, self.zone)
        day = self.day_of(int(minute))
        return day if self.minute_on(day) <= minute else day - _ONE_DAY

    def _days(self, first: date, last: date) -> list[date]:
        if first > last:
            return []
        # Not validated: a first day in the last hours of 1969 is no fault here.
        rule = Rule.model_construct(
            id="", rule_type=RuleType.BLACKOUT, start_date=self.first_day, recurrence_rule=self.rule
        )
        days = {day for day in rule_days(rule, first, last, self.zone) if self._reaches(day)}
        if first <= self.first_day <= last:
            days.add(self.first_day)
        return sorted(days)

    def _reaches(self, day: date) -> bool:
        """Tell whether the time of day still lies before the end that an RRULE states."""
        until = rrule_parts(self.rule).get("UNTIL", "") if isinstance(self.rule, str) else ""
        if "T" not in until:
            return True
        if until.endswith("Z"):
            return self.minute_on(day) <= _until_minute(until, self.zone)
        return datetime.combine(day, self.clock) <= datetime.strptime(until, "%Y%m%dT%H%M%S")  # noqa: DTZ007  # a wall time


def _count_of(rule: RecurrenceRule) -> int | None:
    if not counts(rule):
        return None
    return int(rrule_parts(rule)["COUNT"]) if isinstance(rule, str) else rule.count


def _ended(rule: RecurrenceRule, pattern: Pattern, end: int) -> RecurrenceRule:
    if _count_of(rule) is not None:
        return with_count(rule, max(1, len(pattern.starts(pattern.start, end))))
    if isinstance(rule, str):
        parts = rrule_parts(rule)
        last = max(end - 1, pattern.start)
        known = parts.get("UNTIL")
        if known is None or _until_minute(known, pattern.zone) > last:
            parts["UNTIL"] = f"{datetime.fromtimestamp(last * 60, UTC):%Y%m%dT%H%M%SZ}"
        return written(parts)
    if rule.dates:
        kept = tuple(each for each in rule.dates if pattern.minute_on(each) < end)
        return rule.model_copy(update={"dates": kept or (pattern.first_day,)})
    day = pattern.day_of(end)
    until = day if pattern.minute_on(day) < end else day - _ONE_DAY
    return rule.model_copy(update={"until": max(pattern.first_day, min(until, rule.until or until))})


def _until_minute(text: str, zone: ZoneInfo) -> float:
    """The last epoch minute that an UNTIL allows; one far away is as good as none."""
    day = min(max(date.fromisoformat(text[:8]), date(FIRST_YEAR, 1, 1)), date(LAST_YEAR, 12, 31))
    if "T" not in text:
        return wall_minute(day, time(23, 59), zone)
    moment = datetime.combine(day, time.fromisoformat(text[9:15]))
    return moment.replace(tzinfo=UTC if text.endswith("Z") else zone).timestamp() / 60


def with_count(rule: RecurrenceRule, count: int) -> RecurrenceRule:
    """Write a rule that has a count with another one."""
    if isinstance(rule, str):
        return written(rrule_parts(rule) | {"COUNT": str(count)})
    return rule.model_copy(update={"count": count})


def written(parts: dict[str, str]) -> str:
    """Write the parts of an RRULE."""
    return ";".join(f"{name}={value}" for name, value in parts.items())
