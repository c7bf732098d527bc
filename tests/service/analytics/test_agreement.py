"""Figures agree with counting minute by minute, on random weeks around clock changes."""

from collections import Counter
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from random import Random
from zoneinfo import ZoneInfo

import pytest

from models.enums import AppointmentStatus as Status, RuleType, Weekday
from models.people import Availability
from models.records import Absence, Resource, ScheduleRule, Team, User
from service.analytics import Period, figures_of
from service.callers import the_service
from service.database import Database
from tests.service.accounts import account
from tests.service.analytics.world import put, weekly

MINUTE = timedelta(minutes=1)
COUNTED = {Status.SCHEDULED, Status.CONFIRMED, Status.RESCHEDULED, Status.IN_PROGRESS, Status.COMPLETED}
ZONES = ("America/Los_Angeles", "America/New_York", "Europe/Berlin")
SPANS = (("08:00", "12:00"), ("13:00", "17:30"), ("22:00", "05:00"))


def open_at(weekly_hours: Availability | None, wall: datetime) -> bool:
    """Whether some hours are open at a wall time, by looking at its day and the day before."""
    if weekly_hours is None:
        return True
    today, yesterday = (tuple(Weekday)[(wall.weekday() - back) % 7] for back in (0, 1))
    clock = wall.time()
    return any(
        span.start <= clock < span.end if span.start < span.end else clock >= span.start
        for span in weekly_hours.get(today, ())
    ) or any(span.end <= span.start and clock < span.end for span in weekly_hours.get(yesterday, ()))


@pytest.mark.parametrize("seed", range(4))
def test_figures_agree_with_counting_minutes(database: Database, seed: int) -> None:
    random = Random(seed)
    owner = account(database)
    zone = ZoneInfo("America/Los_Angeles")
    first = date(2026, 3, 6) if seed % 2 else date(2026, 10, 30)
    period = Period(first, first + timedelta(days=random.randint(1, 6)))
    midnight = datetime(first.year, first.month, first.day, tzinfo=zone).astimezone(UTC)
    last = period.last + timedelta(days=1)
    end = datetime(last.year, last.month, last.day, tzinfo=zone).astimezone(UTC)

    def moment() -> datetime:
        return midnight + random.randint(-3000, 12000) * MINUTE

    with database.session(the_service(owner.organization)) as session:

        def hours() -> Availability | None:
            days = random.sample(tuple(Weekday), 5)
            return weekly(days, *random.sample(SPANS, 2)) if random.random() < 0.8 else None

        users = [User(name=f"u{i}", availability=hours(), timezone=random.choice(ZONES)) for i in range(3)]
        things = [Resource(name=f"r{i}", availability_schedule=hours(), capacity=i + 1) for i in range(2)]
        team = Team(name="t", availability_schedule=hours(), max_concurrent=2)
        session.add_all([*users, *things, team])
        session.flush()
        leave = [(user, start, start + 300 * MINUTE) for user in users for start in (moment(), moment())]
        session.add_all([Absence(user_id=user.id, start=start, end=until) for user, start, until in leave])
        noon = datetime.combine(first + timedelta(days=random.randint(0, 4)), time(12))
        closed = noon, noon + 600 * MINUTE  # on everybody's own wall
        session.add(_blackout(*closed))
        visits = []
        for _ in range(60):
            start, minutes, status = moment(), random.randint(1, 4000), random.choice(list(Status))
            if status is Status.REQUESTED:
                continue
            crew = random.sample(users, random.randint(0, 2))
            units = random.choice([None, 1])
            used = random.choice([None, *things])
            made = put(
                session,
                start,
                minutes,
                status,
                users=[user.id for user in crew],
                resources=[] if used is None else [(used.id, units)],
                assigned_team_id=random.choice([None, team.id]),
                actual_cost=random.choice([None, Decimal(random.randint(1, 10_000)) / 100]),
                currency=random.choice(["EUR", "USD"]),
                is_billable=random.random() < 0.8,
            )
            visits.append((made, crew, used, units))
        found = figures_of(session, period)

        scheduled: Counter[object] = Counter()
        revenue: Counter[str] = Counter()
        statuses: Counter[Status] = Counter()
        for made, crew, used, units in visits:
            begins = made.start_datetime
            assert begins is not None
            if midnight <= begins < end:
                statuses[made.status] += 1
                if made.status is Status.COMPLETED and made.is_billable and made.actual_cost is not None:
                    revenue[made.currency] += made.actual_cost  # type: ignore[assignment]  # a counter of decimals
            lying = sum(1 for i in range(made.duration_minutes or 0) if midnight <= begins + i * MINUTE < end)
            if made.status not in COUNTED:
                continue
            for user in crew:
                scheduled[user] += lying
            scheduled["all"] += lying * max(1, len(crew))
            if made.assigned_team_id is not None:
                scheduled[team] += lying
            if used is not None:
                scheduled[used] += Decimal(lying * (units or used.capacity)) / used.capacity  # type: ignore[assignment]

        def available(hours: Availability | None, own: ZoneInfo, gone: list[tuple[datetime, datetime]]) -> int:
            count, now = 0, midnight
            while now < end:
                wall = now.astimezone(own).replace(tzinfo=None)
                away = closed[0] <= wall < closed[1] or any(a <= now < b for a, b in gone)
                count += open_at(hours, wall) and not away
                now += MINUTE
            return count

        assert found.statuses == dict(statuses)
        assert {key: each.amount for key, each in found.revenue.items()} == dict(revenue)
        assert found.total.scheduled == scheduled["all"]
        for user in users:
            own = ZoneInfo(user.timezone or "UTC")
            gone = [(a, b) for who, a, b in leave if who is user]
            assert found.users[user.id].scheduled == scheduled[user]
            assert found.users[user.id].available == available(user.availability, own, gone)
        for thing in things:
            assert found.resources[thing.id].scheduled == scheduled[thing]
            assert found.resources[thing.id].available == available(thing.availability_schedule, zone, [])
        assert found.teams[team.id].scheduled == scheduled[team]
        assert found.teams[team.id].available == 2 * available(team.availability_schedule, zone, [])


def _blackout(start: datetime, end: datetime) -> ScheduleRule:
    return ScheduleRule(
        name="closed",
        rule_type=RuleType.BLACKOUT,
        is_global=True,
        start_date=start.date(),
        end_date=end.date(),
        start_time=start.time(),
        end_time=end.time(),
    )
