"""The figures of a period, put together from what the database sums up and what calendars leave open."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from sqlalchemy.orm import Session

from models.enums import AppointmentStatus as Status, ConflictStatus
from models.records import Appointment
from models.zones import zone_of
from service.analytics.capacity import Capacity, Open, capacity_of
from service.analytics.periods import Period
from service.analytics.sums import Clash, Group, Load, Sums
from service.own import own_condition
from service.schemas import organization
from service.snapshot.reading import STANDING
from service.snapshot.subjects import Wanted
from service.tenancy import caller_of

_HOUR_MINUTES = 60
_NOTHING = Load(0, Decimal(0))


@dataclass(frozen=True, slots=True)
class Usage:
    """How much of its available time something is used; exact, in minutes.

    Parameters
    ----------
    name
        What people call it.
    appointments
        Scheduled ones that start in the period.
    scheduled, available
        Minutes.
    """

    name: str
    appointments: int
    scheduled: Decimal
    available: Decimal

    @property
    def rate(self) -> Decimal | None:
        """Percent; None where nothing is available."""
        return percent(self.scheduled, self.available) if self.available else None

    def document(self) -> dict[str, Any]:
        """Write it as JSON has it."""
        return {
            "name": self.name,
            "appointments": self.appointments,
            "scheduled_hours": float(hours(self.scheduled)),
            "available_hours": float(hours(self.available)),
            "utilization_rate": None if self.rate is None else float(self.rate),
        }


@dataclass(frozen=True, slots=True)
class Takings:
    """Money of one currency: how much, of how many appointments."""

    amount: Decimal = Decimal(0)
    count: int = 0

    @property
    def average(self) -> Decimal | None:
        """What one of them brings; None of none."""
        return rounded(self.amount / self.count) if self.count else None


@dataclass(frozen=True, slots=True)
class Figures:
    """All figures of a period.

    Parameters
    ----------
    period
        Which.
    currency
        Of the organization.
    statuses
        Appointments that start in it, by status.
    total
        The time of the organization: of its people.
    users, teams, resources
        By id. For somebody who sees only its own, only that.
    revenue, fees
        By currency: of what is completed, and of what was cancelled too late.
    conflicts
        Conflicts by status.
    conflict_kinds
        Conflicts by type.
    resolution_minutes
        The average from the detection of a conflict to its resolution; None of none.
    rating
        The average of `completion_rating`; None of none.
    """

    period: Period
    currency: str
    statuses: Mapping[Status, int]
    total: Usage
    users: Mapping[int, Usage]
    teams: Mapping[int, Usage]
    resources: Mapping[int, Usage]
    revenue: Mapping[str, Takings]
    fees: Mapping[str, Takings]
    conflicts: Mapping[ConflictStatus, int] = field(default_factory=dict)
    conflict_kinds: Mapping[str, int] = field(default_factory=dict)
    resolution_minutes: Decimal | None = None
    rating: Decimal | None = None

    @property
    def appointments(self) -> int:
        """How many appointments start in the period, whatever became of them."""
        return sum(self.statuses.values())

    def share(self, status: Status) -> Decimal:
        """Which percentage of the appointments has a status."""
        return percent(self.statuses.get(status, 0), self.appointments)

    @property
    def utilization(self) -> Decimal:
        """Scheduled / available in percent; 0 where nothing is available."""
        return self.total.rate or Decimal(0)

    @property
    def earned(self) -> Takings:
        """Revenue in the organization's currency."""
        return self.revenue.get(self.currency, Takings())


def figures_of(session: Session, period: Period) -> Figures:
    """Compute the figures of a period, with a number of queries that depends on nothing.

    Parameters
    ----------
    session
        Bound to a caller: who sees only its own appointments gets the figures of those.
    period
        Which.

    Returns
    -------
    The figures.
    """
    caller, owner = caller_of(session), organization(session)
    span = period.span(zone_of(owner.timezone))
    limit = own_condition(caller, Appointment)
    sums = Sums(session, span, limit)
    groups, loads = sums.groups(), sums.by_user()
    users = {key: load for key, load in loads.items() if key is not None}
    if limit is None:
        resources = {key: load for key, load in sums.by_resource().items() if key is not None}
        teams, only, clashes = _team_loads(groups), None, sums.clashes()
    else:
        own = caller.user_id or 0
        users = {key: load for key, load in users.items() if key == own}
        only = Wanted(frozenset({own}), frozenset(), frozenset())
        resources, teams, clashes = {}, {}, []
    needed = Wanted(frozenset(users), frozenset(teams), frozenset(resources))
    capacity = capacity_of(session, span, needed, only)
    ratings = sum(group.ratings for group in groups)
    return Figures(
        period=period,
        currency=owner.currency,
        statuses=_statuses(groups),
        total=_total(users, loads.get(None, _NOTHING), capacity),
        users=_usages(users, capacity.users),
        teams=_usages(teams, capacity.teams),
        resources=_usages(resources, capacity.resources),
        revenue=_takings(groups, Status.COMPLETED),
        fees=_takings(groups, Status.CANCELLED),
        conflicts=_counted((each.status, each.found) for each in clashes),
        conflict_kinds=_counted((str(each.kind), each.found) for each in clashes),
        resolution_minutes=_resolution(clashes),
        rating=rounded(Decimal(sum(group.rated for group in groups)) / ratings) if ratings else None,
    )


def percent(part: Decimal | int, whole: Decimal | int) -> Decimal:
    """Say how much of a whole a part is, in percent with two decimals; 0 of nothing."""
    return rounded(Decimal(part) * 100 / Decimal(whole)) if whole else Decimal(0)


def hours(minutes: Decimal | int) -> Decimal:
    """Write minutes as hours with two decimals."""
    return rounded(Decimal(minutes) / _HOUR_MINUTES)


def rounded(number: Decimal) -> Decimal:
    """Round to two decimals, half up."""
    return number.quantize(Decimal("0.01"), ROUND_HALF_UP)


def _statuses(groups: Iterable[Group]) -> dict[Status, int]:
    counts = _counted((group.status, group.started) for group in groups)
    return {status: counts[status] for status in Status if counts.get(status)}


def _team_loads(groups: Iterable[Group]) -> dict[int, Load]:
    loads: dict[int, Load] = defaultdict(lambda: _NOTHING)
    for group in groups:
        if group.team is not None and group.status in STANDING:
            started, minutes = loads[group.team]
            loads[group.team] = Load(started + group.started, minutes + group.minutes)
    return dict(loads)


def _total(users: Mapping[int, Load], nobody: Load, capacity: Capacity) -> Usage:
    counted = [each.minutes for key, each in capacity.users.items() if each.bounded or key in users]
    return Usage(
        "",
        0,
        sum((load.minutes for load in users.values()), nobody.minutes),
        Decimal(sum(counted)),
    )


def _usages(loads: Mapping[int, Load], opened: Mapping[int, Open]) -> dict[int, Usage]:
    return {
        key: Usage(each.name, *loads.get(key, _NOTHING), Decimal(each.minutes * each.at_once))
        for key, each in opened.items()
    }


def _takings(groups: Iterable[Group], status: Status) -> dict[str, Takings]:
    found: dict[str, Takings] = defaultdict(Takings)
    for group in groups:
        if group.status is status and group.charged:
            before = found[group.currency]
            found[group.currency] = Takings(before.amount + group.amount, before.count + group.charged)
    return dict(sorted(found.items()))


def _resolution(clashes: Iterable[Clash]) -> Decimal | None:
    known = list(clashes)
    count = sum(each.resolved for each in known)
    return rounded(Decimal(sum(each.seconds for each in known)) / 60 / count) if count else None


def _counted(pairs: Iterable[tuple[Any, int]]) -> dict[Any, int]:
    counts: Counter[Any] = Counter()
    for key, count in pairs:
        counts[key] += count
    return dict(counts)
