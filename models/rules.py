"""Business rules as the file states them: ScheduleRule, its recurrence and its parameters."""

from decimal import Decimal
from typing import Annotated

from pydantic import Field, ValidationInfo, model_validator

from models.enums import RuleType, ScheduleType
from models.errors import Fault
from models.faults import nested, refusal, refuse
from models.fields import FIRST_YEAR, Amount, Clock, Count, Day, Duration, Flag, Id, Ids, Part, ReadBy, Text
from models.rrule import MAX_COUNT, rrule_counts, rrule_faults, rrule_needs_start

IsoDay = Annotated[int, Field(strict=True, ge=1, le=7)]
Interval = Annotated[int, Field(strict=True, ge=1, le=1000)]


class Recurrence(Part):
    """The seed's recurrence object: a frequency with ISO weekdays, or a list of dates."""

    frequency: ScheduleType | None = None
    interval: Interval = 1
    days: tuple[IsoDay, ...] = ()
    dates: tuple[Day, ...] = ()
    until: Day | None = None
    count: Annotated[int, Field(strict=True, ge=1, le=MAX_COUNT)] | None = None

    @model_validator(mode="after")
    def _is_one_pattern(self) -> "Recurrence":
        faults = []
        if self.dates:
            given = [name for name in ("days", "until", "count") if getattr(self, name)]
            faults = [Fault(n, f"dates and {n}", "either dates or a pattern", f"Leave {n} out.") for n in given]
        elif self.frequency is None:
            faults.append(Fault("frequency", "null", "daily, weekly, monthly or yearly", "Or list the dates."))
        elif self.frequency is ScheduleType.CUSTOM:
            advice = "List them, or choose another frequency."
            faults.append(Fault("dates", "[]", "the dates of a custom recurrence", advice))
        if faults:
            raise refusal(*faults)
        return self

    def needs_start(self) -> str:
        """Say what makes the recurrence depend on the day it starts on, or nothing."""
        if self.dates:
            return ""
        if self.interval > 1:
            return "an interval above 1"
        if self.count is not None:
            return "a count"
        if self.frequency is ScheduleType.DAILY or self.days:
            return ""
        return f"a {self.frequency} recurrence without days"


class NoParameters(Part):
    """The parameters of a rule type that has none."""


class HolidayParameters(Part):
    """Whose public holidays close the subject; without a country the rule's own dates do."""

    country: Text | None = None
    subdivision: Text | None = None

    @model_validator(mode="after")
    def _is_known(self) -> "HolidayParameters":
        if self.country is None:
            if self.subdivision is not None:
                raise refuse(self.subdivision, "a country with the subdivision", "Add the country.", "subdivision")
            return self
        import holidays

        known = holidays.list_supported_countries(include_aliases=True)
        if self.country not in known:
            expected = "an ISO country code that the holidays package knows"
            raise refuse(self.country, expected, 'Such as "US" or "DE".', "country")
        if self.subdivision is not None:
            parts = known[self.country]
            calendar = getattr(holidays, self.country)
            aliases = [*getattr(calendar, "subdivisions_aliases", {})]
            if self.subdivision not in parts and self.subdivision not in aliases:
                advice = f"There are: {', '.join(parts[:60]) or 'none'}."
                raise refuse(self.subdivision, f"a subdivision of {self.country}", advice, "subdivision")
        return self


class BreakParameters(Part):
    """How long a flexible break is; without a duration the break is fixed."""

    duration_minutes: Duration | None = None


class LimitParameters(Part):
    """What a subject takes at most, by local day, ISO week and instant."""

    max_concurrent: Count | None = None
    max_per_day: Count | None = None
    max_per_week: Count | None = None
    max_minutes_per_day: Count | None = None
    max_minutes_per_week: Count | None = None


class BookingParameters(Part):
    """How far ahead something may start."""

    min_hours: Amount | None = None
    max_days: Amount | None = None


class CancellationParameters(Part):
    """How late a cancellation is free, and what it costs then."""

    min_hours: Amount | None = None
    fee_percent: Amount | None = None

    @model_validator(mode="after")
    def _is_a_share(self) -> "CancellationParameters":
        if self.fee_percent is not None and self.fee_percent > 100:
            raise refuse(self.fee_percent, "a percentage from 0 to 100", "", "fee_percent")
        return self


Parameters = (
    HolidayParameters | BreakParameters | LimitParameters | BookingParameters | CancellationParameters | NoParameters
)

PARAMETERS: dict[RuleType, type[Parameters]] = {
    RuleType.HOLIDAY: HolidayParameters,
    RuleType.BREAK_TIME: BreakParameters,
    RuleType.CAPACITY_LIMIT: LimitParameters,
    RuleType.ADVANCE_BOOKING: BookingParameters,
    RuleType.CANCELLATION: CancellationParameters,
    RuleType.WORKING_HOURS: NoParameters,
    RuleType.BLACKOUT: NoParameters,
    RuleType.MAINTENANCE: NoParameters,
}


def read_parameters(value: object, info: ValidationInfo) -> Parameters | None:
    """Read what a rule of this type can be told; an unreadable rule type has a fault of its own."""
    rule_type = info.data.get("rule_type")
    if value is None or rule_type is None:
        return None
    return nested(PARAMETERS[rule_type], value)


def read_recurrence(value: object) -> str | Recurrence:
    """Read an RRULE string or a recurrence object."""
    if isinstance(value, Recurrence):
        return value
    if isinstance(value, str):
        if faults := rrule_faults(value):
            raise refusal(*faults)
        return value
    if isinstance(value, dict):
        return nested(Recurrence, value)
    raise refuse(value, "an RRULE string or an object with a frequency", 'Such as "FREQ=WEEKLY;BYDAY=MO".')


def needs_start(recurrence: str | Recurrence) -> str:
    """Say what makes a recurrence depend on the day it starts on, or nothing."""
    return rrule_needs_start(recurrence) if isinstance(recurrence, str) else recurrence.needs_start()


def counts(recurrence: str | Recurrence | None) -> bool:
    """Tell whether a recurrence ends after a number of times, so that it has to be followed from its start."""
    if isinstance(recurrence, str):
        return rrule_counts(recurrence)
    return recurrence is not None and recurrence.count is not None


class Rule(Part):
    """A business rule: what it governs, whom it names, when it holds."""

    id: Id
    name: Text = ""
    rule_type: RuleType
    is_active: Flag = True
    is_global: Flag = False
    applies_to_users: Ids = ()
    applies_to_teams: Ids = ()
    applies_to_resources: Ids = ()
    start_date: Day | None = None
    end_date: Day | None = None
    start_time: Clock | None = None
    end_time: Clock | None = None
    is_recurring: Flag = False
    recurrence_rule: Annotated[str | Recurrence, ReadBy(read_recurrence, str | Recurrence)] | None = None
    parameters: Annotated[Parameters | None, ReadBy(read_parameters, Parameters | None, knows_siblings=True)] = None

    @model_validator(mode="after")
    def _holds_together(self) -> "Rule":
        faults = []
        if self.start_date and self.end_date and self.end_date < self.start_date:
            advice = "Swap start_date and end_date."
            faults.append(Fault("end_date", str(self.end_date), f"a date from {self.start_date} on", advice))
        if self.start_date is None and self.recurrence_rule is not None and (why := needs_start(self.recurrence_rule)):
            advice = "Add the date on which the recurrence starts."
            faults.append(Fault("start_date", f"null with {why}", "a date", advice))
        if self.start_date and self.start_date.year < FIRST_YEAR and counts(self.recurrence_rule):
            advice = "Nobody counts from so long ago."
            faults.append(Fault("start_date", str(self.start_date), f"a date from {FIRST_YEAR} on", advice))
        if faults:
            raise refusal(*faults)
        return self

    @property
    def break_minutes(self) -> int | None:
        """The length of a flexible break, None for a fixed one and for every other rule."""
        return self.parameters.duration_minutes if isinstance(self.parameters, BreakParameters) else None

    @property
    def limits(self) -> LimitParameters:
        """What a capacity limit allows; without parameters, everything."""
        return self.parameters if isinstance(self.parameters, LimitParameters) else LimitParameters()

    @property
    def country(self) -> str | None:
        """The country whose public holidays the rule takes, None where it states its own dates."""
        return self.parameters.country if isinstance(self.parameters, HolidayParameters) else None

    @property
    def subdivision(self) -> str | None:
        """The part of the country whose public holidays the rule takes."""
        return self.parameters.subdivision if isinstance(self.parameters, HolidayParameters) else None

    @property
    def min_hours(self) -> Decimal | None:
        """The shortest notice in hours, of an advance booking or a cancellation rule."""
        if isinstance(self.parameters, BookingParameters | CancellationParameters):
            return self.parameters.min_hours
        return None

    @property
    def max_days(self) -> Decimal | None:
        """The longest notice in days of 24 hours, of an advance booking rule."""
        return self.parameters.max_days if isinstance(self.parameters, BookingParameters) else None
