"""What it costs to cancel an appointment now, or why that is refused: the rules of type cancellation."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.enums import RuleType
from models.errors import RuleViolated
from models.records import Appointment, ScheduleRule
from models.records.base import now
from models.recurrence import rule_days
from models.rules import CancellationParameters
from models.zones import zone_of
from service.linking import load_links
from service.schemas import organization
from service.series.costs import rounded

_HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Terms:
    """On what terms something can be cancelled.

    Parameters
    ----------
    allowed
        Whether it can be at all.
    fee_percent, fee
        The share of the estimated cost, and the amount; None if there is no fee, or no cost to take it from.
    free_until
        The last moment at which it costs nothing; None if there is no such.
    rule, reason
        The rule that decides, and what it says, in words.
    """

    allowed: bool = True
    fee_percent: Decimal = Decimal(0)
    fee: Decimal | None = None
    free_until: datetime | None = None
    rule: int | None = None
    reason: str = ""


class TooLate(RuleViolated):
    """It can no longer be cancelled."""


def terms_of(session: Session, appointment: Appointment) -> Terms:
    """Find out on what terms an appointment can be cancelled now; the strictest of its rules decides.

    Parameters
    ----------
    session
        Bound to its organization.
    appointment
        With its linking rows loaded; one without a time can always be cancelled.

    Returns
    -------
    The terms.
    """
    start = appointment.start_datetime
    if start is None:
        return Terms()
    found = Terms()
    notice = start - now()
    limits = []
    for record, parameters in _rules(session, appointment, start):
        if parameters.min_hours is not None:
            limits.append(start - float(parameters.min_hours) * _HOUR)
            if notice >= float(parameters.min_hours) * _HOUR:
                continue
        elif parameters.fee_percent is None:
            continue
        hours = f"{parameters.min_hours:f} h" if parameters.min_hours is not None else "any time"
        if parameters.fee_percent is None:
            why = f'The rule "{record.name}" allows cancelling until {hours} before the start.'
            return Terms(False, rule=record.id, reason=f"{why} A planner can override it with a reason.")
        if parameters.fee_percent > found.fee_percent:
            why = f'The rule "{record.name}" takes {parameters.fee_percent:f} % for less than {hours} of notice.'
            if parameters.min_hours is None:
                why = f'The rule "{record.name}" takes {parameters.fee_percent:f} % of every cancellation.'
            found = Terms(True, parameters.fee_percent, None, None, record.id, why)
    cost = appointment.estimated_cost if appointment.is_billable else None
    fee = rounded(cost * found.fee_percent / 100) if cost is not None and found.fee_percent else None
    return Terms(True, found.fee_percent, fee, min(limits, default=None), found.rule, found.reason)


def charge(session: Session, appointment: Appointment, *, overridden: bool) -> None:
    """Let an appointment that is about to be cancelled cost its fee, or refuse.

    Parameters
    ----------
    session, appointment
        As for `terms_of`; booked.
    overridden
        Whether its caller may and does override rules: then it is neither refused nor charged.

    Raises
    ------
    RuleViolated
        If it can no longer be cancelled.
    """
    if overridden:
        return
    terms = terms_of(session, appointment)
    if not terms.allowed:
        raise TooLate(terms.reason)
    if terms.fee is not None:
        appointment.actual_cost = terms.fee


def _rules(
    session: Session, appointment: Appointment, start: datetime
) -> list[tuple[ScheduleRule, CancellationParameters]]:
    statement = select(ScheduleRule).where(ScheduleRule.rule_type == RuleType.CANCELLATION, ScheduleRule.is_active)
    zone = zone_of(organization(session).timezone)
    day = start.astimezone(zone).date()
    found = []
    for record in session.scalars(statement.order_by(ScheduleRule.id).options(*load_links(ScheduleRule))):
        rule = record.as_rule()
        if not isinstance(rule.parameters, CancellationParameters) or not _binds(record, appointment):
            continue
        if rule_days(rule, day, day, zone):
            found.append((record, rule.parameters))
    return found


def _binds(record: ScheduleRule, appointment: Appointment) -> bool:
    return (
        record.is_global
        or bool(set(record.applies_to_user_ids) & set(appointment.assigned_user_ids))
        or bool(set(record.applies_to_resource_ids) & set(appointment.required_resource_ids))
        or appointment.assigned_team_id in record.applies_to_team_ids
    )
