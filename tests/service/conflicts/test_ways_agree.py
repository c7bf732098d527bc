"""Whatever is offered in random organizations can be applied, mends what it is for, and breaks nothing anywhere."""

from datetime import UTC, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from models.records import Appointment, ScheduleConflict
from models.records.base import now
from service.callers import the_service
from service.conflicts import recheck_appointments
from service.conflicts.mirror import OPEN
from service.conflicts.ways.keeping import keep
from service.conflicts.ways.options import WayKind
from service.conflicts.ways.settling import settle, subject_of, ways_of
from service.database import Database
from service.linking import load_links
from tests.factories import MONDAY
from tests.service.accounts import account
from tests.service.conflicts.test_agreement import broken
from tests.service.snapshot.worlds import random_world

AHEAD = -((MONDAY.replace(tzinfo=UTC) - now()) // timedelta(weeks=1)) + 1
"""So many weeks later all lies ahead."""
MOST_CONFLICTS, FIRST, SEEDS = 3, 1, 4


def found(session: Session, key: int) -> ScheduleConflict:
    statement = select(ScheduleConflict).where(ScheduleConflict.id == key).options(*load_links(ScheduleConflict))
    return session.scalars(statement, execution_options={"populate_existing": True}).one()


@pytest.mark.parametrize("seed", range(FIRST, FIRST + SEEDS))
def test_every_way_mends_its_conflict_and_breaks_nothing(database: Database, seed: int) -> None:
    with database.session(the_service(account(database).organization)) as session:
        problem, _, _ = random_world(session, seed, weeks=AHEAD)
        recheck_appointments(session, session.scalars(select(Appointment.id)).all())
        keys = session.scalars(select(ScheduleConflict.id).where(ScheduleConflict.status.in_(OPEN))).all()
        before = broken(session, problem)
        for key in keys[:MOST_CONFLICTS]:
            conflict = found(session, key)
            offered = ways_of(session, conflict)
            keep(session, subject_of(conflict), offered.ways, offered.read)
            for way in offered.ways:
                if way.kind is WayKind.ACCEPT:
                    continue
                with session.begin_nested() as saved:
                    settle(session, found(session, key), way.option)
                    after = broken(session, problem)
                    assert conflict.identity not in after, way.summary
                    assert after.keys() <= before.keys(), way.summary
                    saved.rollback()
                session.expire_all()
