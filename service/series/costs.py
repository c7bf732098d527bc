"""What an appointment will cost: the base price of its template, or the rates of who and what it takes."""

from collections.abc import Iterable
from decimal import ROUND_HALF_UP, Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.records import Appointment, Resource, ScheduleTemplate, User
from service.schemas import organization

CENT = Decimal("0.01")
_HOUR, _DAY = 60, 24 * 60


def rounded(amount: Decimal) -> Decimal:
    """Round to cents, half up, and write it as it is read back from the database."""
    cents = amount.quantize(CENT, ROUND_HALF_UP)
    return cents.quantize(Decimal(1)) if cents == cents.to_integral_value() else cents.normalize()


def hire(minutes: int, hourly: Decimal | None, daily: Decimal | None) -> Decimal | None:
    """Price the use of a resource: by the day and by the hour, whichever is less.

    Parameters
    ----------
    minutes
        How long.
    hourly, daily
        Rates; None where there is none.

    Returns
    -------
    The price; None without rates.
    """
    if hourly is None and daily is None:
        return None
    if daily is None:
        assert hourly is not None
        return hourly * minutes / _HOUR
    days, rest = divmod(minutes, _DAY)
    if hourly is None:
        return daily * (days + (rest > 0))
    whole = min(daily, hourly * _DAY / _HOUR) * days
    return whole + min(daily, hourly * rest / _HOUR)


def added(parts: Iterable[tuple[str, Decimal]]) -> dict[str, Decimal]:
    """Add amounts up, each currency for itself."""
    sums: dict[str, Decimal] = {}
    for currency, amount in parts:
        sums[currency] = sums.get(currency, Decimal(0)) + amount
    return {currency: rounded(amount) for currency, amount in sorted(sums.items())}


def estimate(session: Session, appointment: Appointment) -> dict[str, Decimal]:
    """Estimate what an appointment costs.

    Parameters
    ----------
    session
        Bound to its organization.
    appointment
        With its linking rows loaded.

    Returns
    -------
    Amounts by currency: the base price of its template, if that has one, else what its resources and people cost by
    their rates. A resource of which it takes some units costs their share. Nothing is converted, so that there may be
    several currencies; none if nothing has a price.
    """
    if appointment.schedule_template_id is not None:
        template = session.get(ScheduleTemplate, appointment.schedule_template_id)
        if template is not None and template.base_price:
            return {template.currency: rounded(template.base_price)}
    minutes = appointment.duration_minutes
    if minutes is None:
        return {}
    return added([*_resources(session, appointment, minutes), *_people(session, appointment, minutes)])


def _resources(session: Session, appointment: Appointment, minutes: int) -> list[tuple[str, Decimal]]:
    units = {link.resource_id: link.units for link in appointment.resource_links}
    if not units:
        return []
    rows = session.execute(
        select(Resource.id, Resource.hourly_rate, Resource.daily_rate, Resource.currency, Resource.capacity).where(
            Resource.id.in_(units)
        )
    )
    found = []
    for row in rows:
        price = hire(minutes, row.hourly_rate, row.daily_rate)
        if price is not None:
            taken = units[row.id]
            found.append((row.currency, price if taken is None else price * taken / row.capacity))
    return found


def _people(session: Session, appointment: Appointment, minutes: int) -> list[tuple[str, Decimal]]:
    keys = list(appointment.assigned_user_ids)
    if not keys:
        return []
    rates = session.scalars(select(User.hourly_cost).where(User.id.in_(keys), User.hourly_cost.is_not(None)))
    currency = organization(session).currency
    return [(currency, rate * minutes / _HOUR) for rate in rates if rate is not None]
