"""Appointments and series made from a schedule template."""

from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial
from typing import Any

from sqlalchemy.orm import Session

from models.enums import AppointmentStatus as Status
from models.errors import Fault
from models.records import Appointment, ScheduleTemplate
from models.records.base import InvalidRecord, now
from models.records.requirements import Requirements
from models.timegrid import wall_minute
from models.zones import zone_of
from service.crud import Resource
from service.errors import Conflict
from service.schemas import organization
from service.series import writing
from service.series.clashing import store_clash
from service.series.loading import moment_of
from service.series.occurrences import attempt
from service.series.pattern import Pattern
from service.series.refusing import ensure_all_booked
from service.series.rewriting import moved
from service.series.shared import Values
from service.series.slots import days_of, rule_of, slots_of_day, starts_on
from service.series.suggesting import look_around
from service.series.wishes import OnConflict, Outcome, report, wished_on_conflict

LONGEST_DAYS = 400
MOST = 1000
_TRIED_DAYS = 60
FIXED = frozenset({"start_datetime", "end_datetime", "duration_minutes", "recurrence_rule", "is_recurring"})
"""What the template alone decides."""


@dataclass(frozen=True, slots=True)
class Wish:
    """What is to be made.

    Parameters
    ----------
    first, last
        Local days, both included; None for today, and for no end.
    count
        How many appointments at most, or how many occurrences each series has at most; None for no limit.
    series
        Whether each slot of the day becomes a series, which goes on by itself, instead of single appointments.
    overrides
        What differs from the template, by API name.
    """

    first: date | None
    last: date | None
    count: int | None
    series: bool
    overrides: Values


def generate(session: Session, resource: Resource[Appointment], template: ScheduleTemplate, wish: Wish) -> None:
    """Make what a template stands for; what became of each is reported to the request.

    Parameters
    ----------
    session
        Bound to a caller.
    resource
        That of appointments.
    template
        An active one.
    wish
        What is to be made.

    Raises
    ------
    Conflict
        If the template is not active.
    InvalidRecord
        If there is no end to what is wished for, or nothing in it.
    SlotTaken, RuleViolated
        If something cannot be booked and `on_conflict` is `fail`.
    """
    if not template.is_active:
        raise Conflict(f'The template "{template.name}" is not active. Set is_active, or use another one.')
    if faults := [
        Fault(f"overrides.{name}", "a value", "what the template says", "Leave it out.")
        for name in sorted(FIXED & wish.overrides.keys())
    ]:
        raise InvalidRecord(faults)
    days = _days(session, template, wish)
    values = {**_values(template), **wish.overrides}
    if wish.series:
        _series(session, resource, template, wish, days, values)
    else:
        _singles(session, resource, template, wish, days, values)
    ensure_all_booked(session)


def _days(session: Session, template: ScheduleTemplate, wish: Wish) -> list[date]:
    zone = zone_of(organization(session).timezone)
    first = wish.first or now().astimezone(zone).date()
    last = wish.last or first + timedelta(days=LONGEST_DAYS)
    if wish.last is None and wish.count is None and not wish.series:
        raise InvalidRecord([Fault("until", "null", "the last day, or a count", "Add one of them.")])
    if last < first:
        raise InvalidRecord([Fault("until", str(last), f"a day from {first} on", "Swap from and until.")])
    if (last - first).days > LONGEST_DAYS and not wish.series:
        expected = f"a day within {LONGEST_DAYS} days of {first}"
        raise InvalidRecord([Fault("until", str(last), expected, "Generate it in parts, or as a series.")])
    days = days_of(template, first, min(last, first + timedelta(days=LONGEST_DAYS)), zone)
    if not days or not slots_of_day(template):
        expected = f"days on which the template holds, from {first} to {last}"
        raise InvalidRecord([Fault("from", str(first), expected, "Look at its days, dates and times.")])
    return days


def _values(template: ScheduleTemplate) -> dict[str, Any]:
    return {
        "title": template.name,
        "description": template.description,
        "schedule_template": template.id,
        "duration_minutes": template.duration_minutes,
        "currency": template.currency,
    }


def _series(
    session: Session,
    resource: Resource[Appointment],
    template: ScheduleTemplate,
    wish: Wish,
    days: list[date],
    values: dict[str, Any],
) -> None:
    """Make a series of every slot of the day; where its first cannot be booked, it may begin later."""
    zone = zone_of(organization(session).timezone)
    on_conflict = wished_on_conflict(session)
    whole = Pattern(rule_of(template, wish.last, wish.count), wall_minute(days[0], template.start_time, zone), zone)
    for slot in starts_on(template, days[0], zone):
        pattern = moved(whole, slot)
        if pattern is None:
            expected = "slots that all lie on the day on which they begin"
            raise InvalidRecord([Fault("series", "true", expected, "Generate single appointments.")])
        if on_conflict is OnConflict.FAIL:
            writing.create(session, resource, _body(values, pattern, slot))
            continue
        for start in pattern.starts(slot, slot + _TRIED_DAYS * 24 * 60):
            error = attempt(session, partial(writing.create, session, resource, _body(values, pattern, start)))
            if error is None:
                break
            report(session, moment_of(start), Outcome.SKIPPED, None, error)


def _body(values: dict[str, Any], pattern: Pattern, start: int) -> dict[str, Any]:
    return {**values, "start_datetime": moment_of(start), "recurrence_rule": pattern.since(start).rule}


def _singles(
    session: Session,
    resource: Resource[Appointment],
    template: ScheduleTemplate,
    wish: Wish,
    days: list[date],
    values: dict[str, Any],
) -> None:
    """Make an appointment of every slot of every day."""
    zone = zone_of(organization(session).timezone)
    starts = [start for day in days for start in starts_on(template, day, zone)][: wish.count]
    if len(starts) > MOST:
        expected = f"at most {MOST} appointments at a time"
        raise InvalidRecord([Fault("until", f"{len(starts)} appointments", expected, "Generate them in parts.")])
    outcomes = {OnConflict.FAIL: Outcome.REFUSED, OnConflict.SKIP: Outcome.SKIPPED}
    on_conflict = wished_on_conflict(session)
    for start in starts:
        moment = moment_of(start)
        made: list[Appointment] = []
        error = attempt(session, partial(_keep, made, session, resource, {**values, "start_datetime": moment}))
        if error is None:
            report(session, moment, Outcome.CREATED, made[0].id, None)
        elif on_conflict in outcomes:
            report(session, moment, outcomes[on_conflict], None, error)
        else:
            look_around(session, error)
            wanted = Requirements() if values.get("requirements") is None else values["requirements"]
            asked = {"status": Status.REQUESTED, "requirements": wanted.model_copy(update={"preferred_start": moment})}
            request = writing.create(session, resource, {**values, **asked})
            store_clash(session, request, error)
            report(session, moment, Outcome.REQUESTED, request.id, error)


def _keep(made: list[Appointment], session: Session, resource: Resource[Appointment], values: dict[str, Any]) -> None:
    made.append(writing.create(session, resource, values))
