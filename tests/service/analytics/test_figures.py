"""Figures of a week and of days of clock changes, computed by hand."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from decimal import Decimal
from threading import Event
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from models.enums import AppointmentStatus as Status, ConflictStatus, ConflictType, PeriodType, Weekday
from models.records import (
    Absence,
    Executor,
    Resource,
    Role,
    ScheduleAnalytics,
    ScheduleConflict,
    Team,
    TeamMember,
    User,
)
from service.analytics import Period, figures_of, period_of, refresh, store
from service.analytics.fresh import refresh_regularly
from service.analytics.keeping import values_of
from service.callers import Caller, the_service
from service.database import Database
from service.jobs.job import Host, Job
from tests.service.accounts import account
from tests.service.analytics.world import WORKDAYS, put, weekly
from tests.service.api.conftest import SETTINGS

LOS_ANGELES = ZoneInfo("America/Los_Angeles")
WEEK = Period(date(2026, 11, 9), date(2026, 11, 15), PeriodType.WEEKLY)


def at(day: int, hour: int, minute: int = 0, month: int = 11) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=LOS_ANGELES)


@pytest.fixture
def session(database: Database) -> Iterator[Session]:
    """Bound to an organization in Los Angeles that counts in euros, with an owner who has no calendar."""
    owner = account(database)
    with database.session(the_service(owner.organization)) as opened:
        yield opened


def exact(*values: object) -> tuple[object, ...]:
    """Compare decimals with whole numbers."""
    return values


def user(session: Session, name: str = "Ana", **more: object) -> int:
    made = User(name=name, **more)
    session.add(made)
    session.flush()
    return made.id


def test_week_is_counted_by_hand(session: Session) -> None:
    ana = user(session, availability=weekly(WORKDAYS, ("09:00", "17:00")))
    ben = user(session, "Ben", availability=weekly([Weekday.MONDAY], ("22:00", "06:00")))
    team = Team(name="Alpha", availability_schedule=weekly(WORKDAYS, ("09:00", "17:00")), max_concurrent=2)
    van = Resource(name="Van", capacity=2, availability_schedule=weekly([Weekday.MONDAY], ("08:00", "18:00")))
    session.add_all([team, van, Absence(user_id=ana, start=at(10, 13), end=at(10, 23))])
    session.flush()
    put(session, at(9, 9), 120, Status.COMPLETED, users=[ana, ben], assigned_team_id=team.id, actual_cost=Decimal(100))
    put(session, at(9, 12), 60, Status.COMPLETED, users=[ana], actual_cost=Decimal("50.5"), currency="USD")
    put(session, at(9, 13), 60, Status.COMPLETED, users=[ana], actual_cost=Decimal(7), is_billable=False)
    put(session, at(9, 14), 60, Status.CONFIRMED, users=[ana], resources=[(van.id, 1)], completion_rating=4)
    put(session, at(9, 15), 30, resources=[(van.id, None)])
    put(session, at(10, 9), 90, Status.CANCELLED, users=[ana], actual_cost=Decimal(20))
    put(session, at(11, 9), 90, Status.NO_SHOW, users=[ana])
    put(session, at(8, 23), 120, users=[ben])  # an hour of it lies in the week; it starts before
    put(session, at(15, 23), 120, Status.IN_PROGRESS, users=[ben], assigned_team_id=team.id)
    put(session, at(16, 9), 60, users=[ana])
    hidden = put(session, at(9, 9), 60, users=[ana])
    hidden.hidden_at = at(9, 9)
    found = figures_of(session, WEEK)
    assert found.statuses == {
        Status.COMPLETED: 3,
        Status.CONFIRMED: 1,
        Status.SCHEDULED: 1,
        Status.CANCELLED: 1,
        Status.NO_SHOW: 1,
        Status.IN_PROGRESS: 1,
    }
    assert exact(found.appointments, found.share(Status.COMPLETED), found.share(Status.NO_SHOW)) == (
        8,
        Decimal("37.50"),
        Decimal("12.50"),
    )
    assert exact(found.users[ana].scheduled, found.users[ana].available, found.users[ana].appointments) == (
        300,
        36 * 60,
        4,
    )
    assert exact(found.users[ben].scheduled, found.users[ben].available, found.users[ben].appointments) == (240, 480, 2)
    # 300 + 240, and the half hour with nobody; the owner has no calendar and is not booked.
    assert exact(found.total.scheduled, found.total.available) == (570, 36 * 60 + 480)
    assert found.utilization == Decimal("21.59")  # 570 / 2640
    assert exact(found.teams[team.id].scheduled, found.teams[team.id].available) == (180, 2 * 40 * 60)
    assert exact(found.resources[van.id].scheduled, found.resources[van.id].available) == (60, 600)
    assert found.resources[van.id].rate == 10
    assert {key: exact(each.amount, each.count) for key, each in found.revenue.items()} == {
        "EUR": (100, 1),
        "USD": (50.5, 1),
    }
    assert {key: each.amount for key, each in found.fees.items()} == {"EUR": 20}
    assert found.rating == 4


def test_night_is_cut_at_midnight_of_the_organization(session: Session) -> None:
    ana = user(session, availability=weekly([Weekday.MONDAY], ("20:00", "04:00")), timezone="America/New_York")
    put(session, at(9, 23), 120, users=[ana])
    monday, tuesday = (figures_of(session, Period(date(2026, 11, day), date(2026, 11, day))) for day in (9, 10))
    # New York's Monday, 20:00 to 04:00, is 17:00 to 01:00 in Los Angeles.
    assert [exact(each.users[ana].scheduled, each.users[ana].available) for each in (monday, tuesday)] == [
        (60, 7 * 60),
        (60, 60),
    ]
    assert (monday.appointments, tuesday.appointments) == (1, 0)


@pytest.mark.parametrize(("day", "hours"), [(date(2026, 3, 8), 23), (date(2026, 11, 1), 25), (date(2026, 11, 2), 24)])
def test_day_of_a_clock_change_is_as_long_as_it_is(session: Session, day: date, hours: int) -> None:
    ana = user(session)  # always open, and counted since booked
    midnight = datetime(day.year, day.month, day.day, tzinfo=LOS_ANGELES)
    put(session, midnight - timedelta(hours=2), 40 * 60, users=[ana])
    found = figures_of(session, Period(day, day))
    assert exact(found.total.scheduled, found.total.available) == (hours * 60, hours * 60)
    assert found.utilization == 100


def test_inactive_resource_is_seen_only_while_it_is_used(session: Session) -> None:
    old, older = Resource(name="Old", is_active=False), Resource(name="Older", is_active=False)
    session.add_all([old, older])
    session.flush()
    put(session, at(9, 9), 60, resources=[(old.id, None)])
    found = figures_of(session, WEEK)
    assert set(found.resources) == {old.id}
    assert exact(found.resources[old.id].scheduled, found.resources[old.id].rate) == (60, None)


def test_member_hours_and_rules_bound_what_is_available(session: Session) -> None:
    ana = user(session, availability=weekly([Weekday.MONDAY], ("09:00", "12:00")))
    team = Team(name="Alpha", availability_schedule=weekly([Weekday.MONDAY], ("09:00", "17:00")))
    session.add(team)
    session.flush()
    evening = weekly([Weekday.TUESDAY], ("18:00", "20:00"))
    session.add(TeamMember(team_id=team.id, user_id=ana, availability_schedule=evening))
    session.flush()
    assert figures_of(session, WEEK).users[ana].available == (3 + 2) * 60


def test_conflicts_are_counted_with_the_time_to_resolve_them(session: Session) -> None:
    visit = put(session, at(9, 9), 60)

    def conflict(day: int, status: ConflictStatus, resolved: int | None = None) -> None:
        made = ScheduleConflict(
            conflict_type=ConflictType.TIME_CONFLICT,
            primary_appointment_id=visit.id,
            conflict_datetime=at(day, 9),
            status=status,
            created_at=at(9, 10),
            resolved_at=None if resolved is None else at(9, 10, resolved),
        )
        session.add(made)
        session.flush()

    conflict(9, ConflictStatus.RESOLVED, 30)
    conflict(10, ConflictStatus.RESOLVED, 15)
    conflict(10, ConflictStatus.PENDING)
    conflict(16, ConflictStatus.PENDING)
    found = figures_of(session, WEEK)
    assert found.conflicts == {ConflictStatus.RESOLVED: 2, ConflictStatus.PENDING: 1}
    assert found.conflict_kinds == {"time_conflict": 3}
    assert found.resolution_minutes == Decimal("22.50")


def test_member_sees_figures_of_its_own(database: Database) -> None:
    owner = account(database)
    with database.session(the_service(owner.organization)) as session:
        ana = user(session, availability=weekly(WORKDAYS, ("09:00", "17:00")))
        put(session, at(9, 9), 60, users=[ana])
        put(session, at(9, 9), 60, Status.COMPLETED, users=[owner.user], actual_cost=Decimal(9))
        session.commit()
    caller = Caller(owner.organization, ana, "Ana", Role.MEMBER)
    with database.session(caller, writes=False) as session:
        found = figures_of(session, WEEK)
        assert exact(found.appointments, set(found.users), found.teams, found.revenue) == (1, {ana}, {}, {})
        assert exact(found.total.scheduled, found.total.available) == (60, 40 * 60)


@pytest.mark.parametrize(
    ("kind", "first", "last", "before"),
    [
        (PeriodType.DAILY, date(2026, 3, 1), date(2026, 3, 1), date(2026, 2, 28)),
        (PeriodType.WEEKLY, date(2026, 2, 23), date(2026, 3, 1), date(2026, 2, 16)),
        (PeriodType.MONTHLY, date(2026, 3, 1), date(2026, 3, 31), date(2026, 2, 1)),
        (PeriodType.QUARTERLY, date(2026, 1, 1), date(2026, 3, 31), date(2025, 10, 1)),
        (PeriodType.YEARLY, date(2026, 1, 1), date(2026, 12, 31), date(2025, 1, 1)),
    ],
)
def test_period_holds_its_day_and_follows_the_one_before(
    kind: PeriodType, first: date, last: date, before: date
) -> None:
    period = period_of(kind, date(2026, 3, 1))
    assert (period.first, period.last) == (first, last)
    assert (period.before().first, period.before().last) == (before, first - timedelta(days=1))


def test_days_of_choice_follow_as_many_days_before() -> None:
    period = Period(date(2026, 3, 2), date(2026, 3, 4), PeriodType.WEEKLY)
    assert period.before() == Period(date(2026, 2, 27), date(2026, 3, 1), PeriodType.WEEKLY)


def test_record_of_a_period_is_made_once_and_then_kept_up_to_date(session: Session) -> None:
    ana = user(session, availability=weekly(WORKDAYS, ("09:00", "17:00")))
    put(session, at(2, 9), 120, Status.COMPLETED, users=[ana], actual_cost=Decimal(40))
    put(session, at(9, 9), 60, Status.COMPLETED, users=[ana], actual_cost=Decimal(30))
    assert WEEK.kind is not None

    def values() -> dict[str, object]:
        return values_of(figures_of(session, WEEK), figures_of(session, WEEK.before()))

    first = store(session, WEEK, WEEK.kind, values())
    assert exact(first.total_revenue, first.average_appointment_value, first.utilization_rate) == (
        30,
        30,
        Decimal("2.50"),
    )
    metrics: Any = first.metrics
    assert metrics["completion_rate"] == 100.0
    assert metrics["trends"]["total_revenue"] == {"previous": 40.0, "change": -10.0, "change_percent": -25.0}
    assert metrics["user_utilization"][str(ana)]["utilization_rate"] == 2.5
    put(session, at(9, 10), 60, Status.CANCELLED, users=[ana])
    second = store(session, WEEK, WEEK.kind, values())
    assert (second.id, second.total_appointments, second.metrics["completion_rate"]) == (first.id, 2, 50.0)


def test_job_keeps_the_figures_fresh_with_one_record_for_each_period(database: Database) -> None:
    owner = account(database)
    with database.everywhere() as session:
        session.add(Executor(key="worker", place="here"))
        session.commit()
    job = Job("j", "analytics", owner.organization, {}, Host(database, SETTINGS, "worker", Event()))
    for _ in range(2):
        refresh_regularly(job)
    with database.session(the_service(owner.organization), writes=False) as session:
        made = session.scalars(select(ScheduleAnalytics)).all()
    assert len(made) == 2 * len(PeriodType)
    assert {each.total_appointments for each in made} == {0}


def test_refresh_makes_the_current_periods_and_the_last_ones(session: Session) -> None:
    made = refresh(session)
    assert sorted(each.period_type for each in made) == sorted([*PeriodType, *PeriodType])
    assert {each.id for each in refresh(session)} <= {each.id for each in made}
