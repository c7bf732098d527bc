from datetime import UTC, datetime, time, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import select, true
from sqlalchemy.orm import Session, selectinload

from models.enums import Weekday
from models.people import WallSpan
from models.problem import Skill
from models.records import Appointment, AppointmentUser, Resource, ScheduleRule, Team, TeamMember, User
from service.callers import the_service
from service.database import Database
from service.snapshot import Booking, booking_of, present_violations, problem_of, unsettled, violations_of
from service.snapshot.bookings import Seat, Use
from service.snapshot.judging import PLANNED, found, involving
from service.snapshot.reading import bookings_where
from tests.service.accounts import Statements, account
from tests.service.snapshot.worlds import AROUND, facts, random_world

NOON = datetime(2026, 11, 30, 12, tzinfo=UTC)
SEEDS = range(20)


def placed(session: Session) -> list[Booking]:
    return bookings_where(session, Appointment.start_datetime.is_not(None))


@pytest.mark.parametrize("seed", SEEDS)
def test_present_violations_are_those_of_the_whole_organization(database: Database, seed: int) -> None:
    with database.session(the_service(account(database).organization)) as session:
        problem, _, _ = random_world(session, seed)
        span = problem.horizon.start - AROUND, problem.horizon.end + AROUND
        whole = found(problem_of(session, *span, free=unsettled, waiting=true()), PLANNED)
        for booking in placed(session):
            assert facts(present_violations(session, [booking])) == facts(involving(whole, [booking])), booking
        every = placed(session)[::2]
        assert facts(present_violations(session, every)) == facts(involving(whole, every))


@pytest.mark.parametrize("seed", SEEDS)
def test_violations_of_a_booking_are_those_of_the_whole_organization(database: Database, seed: int) -> None:
    with database.session(the_service(account(database).organization)) as session:
        problem, _, _ = random_world(session, seed)
        now = problem.horizon.start
        span = problem.horizon.start - AROUND, problem.horizon.end + AROUND
        links = (selectinload(Appointment.user_links), selectinload(Appointment.resource_links))
        for record in session.scalars(
            select(Appointment).where(Appointment.start_datetime.is_not(None)).options(*links)
        ):
            booking = booking_of(record)
            whole = problem_of(session, *span, now=now)
            fresh = whole.problem.model_copy(
                update={
                    "appointments": tuple(
                        each.model_copy(update={"current": None, "pinned": False})
                        if each.id == f"a{record.id}"
                        else each
                        for each in whole.problem.appointments
                    )
                }
            )
            expected = involving(found(whole._replace(problem=fresh), PLANNED), [booking])
            assert facts(violations_of(session, record, now=now)) == facts(expected), record.id


def test_number_of_queries_does_not_depend_on_how_much_there_is(database: Database) -> None:
    statements = Statements(database.engine)
    counts = []
    for copies in (1, 12):
        with database.session(the_service(account(database).organization)) as session:
            user = User(name="Ana")
            session.add(user)
            session.flush()
            for hour in range(copies):
                start = NOON + timedelta(hours=hour)
                session.add(
                    Appointment(
                        title=f"number {hour}",
                        start_datetime=start,
                        duration_minutes=90,
                        user_links=[AppointmentUser(user_id=user.id)],
                    )
                )
            session.flush()
            statements.seen.clear()
            found = violations_of(session, Booking(start=NOON, minutes=30, seats=(Seat(user.id),)), now=NOON)
            judged = len(statements.seen)
            problem_of(session, NOON, NOON + timedelta(days=1), now=NOON)
            counts.append((judged, len(statements.seen)))
            assert [each.rule for each in found] == ["overlap"]
    assert counts[0] == counts[1]


def test_violation_is_told_in_the_words_of_the_api(database: Database) -> None:
    with database.session(the_service(account(database).organization)) as session:
        user = User(name="Ana")
        session.add(user)
        session.flush()
        links = [AppointmentUser(user_id=user.id)]
        other = Appointment(title="Windows", start_datetime=NOON, duration_minutes=60, user_links=links)
        session.add(other)
        session.flush()
        wanted = Booking(title="Floors", start=NOON + timedelta(minutes=30), minutes=60, seats=(Seat(user.id),))
        (found,) = violations_of(session, wanted, now=NOON)
        assert (found.rule, found.appointments, found.users) == ("overlap", (str(other.id),), (str(user.id),))
        assert found.message == (
            f"Ana ({user.id}) is needed by Windows ({other.id}) and Floors at once, buffers included, "
            "for 30 minutes from 2026-11-30 04:30."
        )


@pytest.mark.parametrize(
    ("stood", "rules"),
    [
        pytest.param(None, ["step", "past", "advance_booking"], id="new"),
        pytest.param(NOON, ["step", "past"], id="moved"),
        pytest.param(NOON - timedelta(minutes=63), [], id="not moved"),
    ],
)
def test_notice_grid_and_clock_bind_what_is_new_or_moved(
    database: Database, stood: datetime | None, rules: list[str]
) -> None:
    with database.session(the_service(account(database).organization)) as session:
        notice = {"min_hours": "2"}
        session.add(ScheduleRule(name="Notice", rule_type="advance_booking", is_global=True, parameters=notice))
        session.flush()
        wanted = Booking(start=NOON - timedelta(minutes=63), minutes=60)
        assert [each.rule for each in violations_of(session, wanted, stood=stood, now=NOON)] == rules


def test_who_is_out_of_service_takes_no_booking(database: Database) -> None:
    with database.session(the_service(account(database).organization)) as session:
        van = Resource(name="Van", is_available=False)
        user = User(name="Ana", is_active=False)
        session.add_all([van, user])
        session.flush()
        wanted = Booking(start=NOON, minutes=60, seats=(Seat(user.id),), uses=(Use(van.id),))
        assert [each.rule for each in violations_of(session, wanted, now=NOON)] == ["availability"] * 2


def test_membership_adds_to_its_user_and_the_smallest_hours_win(database: Database) -> None:
    with database.session(the_service(account(database).organization)) as session:
        own = {Weekday.MONDAY: (WallSpan(start=time(8), end=time(12)),)}
        theirs = {Weekday.MONDAY: (WallSpan(start=time(13), end=time(17)),)}
        user = User(
            name="Ana", skills=(Skill(name="windows", level=2),), availability=own, max_hours_per_week=Decimal(40)
        )
        team, former = Team(name="Alpha"), Team(name="Beta", is_active=False)
        session.add_all([user, team, former])
        session.flush()
        for group, hours in ((team, 20), (former, 5)):
            session.add(
                TeamMember(
                    team_id=group.id,
                    user_id=user.id,
                    skills=(Skill(name="windows"), Skill(name="floors")),
                    certifications=("ropes",),
                    availability_schedule=theirs,
                    max_hours_per_week=Decimal(hours),
                )
            )
        session.flush()
        problem, _ = problem_of(session, NOON, NOON + timedelta(days=1))
        (read,) = [each for each in problem.users if each.id == f"u{user.id}"]
        assert {skill.name: skill.level for skill in read.skills} == {"windows": 2, "floors": 1}
        assert read.certifications == ("ropes",)
        assert read.availability == {Weekday.MONDAY: own[Weekday.MONDAY] + theirs[Weekday.MONDAY]}
        assert read.max_hours_per_week == 20
        assert [(each.name, each.members) for each in problem.teams] == [("Alpha", (f"u{user.id}",))]


def test_hold_stands_until_it_ends(database: Database) -> None:
    with database.session(the_service(account(database).organization)) as session:
        user = User(name="Ana")
        session.add(user)
        session.flush()
        held = Appointment(
            title="held",
            status="requested",
            start_datetime=NOON,
            duration_minutes=60,
            held_until=NOON - timedelta(hours=1),
            user_links=[AppointmentUser(user_id=user.id)],
        )
        session.add(held)
        session.flush()
        wanted = Booking(start=NOON, minutes=60, seats=(Seat(user.id),))
        before, after = (NOON - timedelta(hours=hours) for hours in (2, 1))
        assert [each.rule for each in violations_of(session, wanted, now=before)] == ["overlap"]
        assert violations_of(session, wanted, now=after) == ()
