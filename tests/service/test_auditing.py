from sqlalchemy import select

from models.records import AuditEntry, Team
from service.callers import the_service
from service.database import Database
from tests.service.accounts import account


def test_what_a_taken_back_part_made_is_not_logged_and_the_rest_is(database: Database) -> None:
    caller = the_service(account(database).organization)
    with database.session(caller) as session:
        session.add(Team(name="before"))
        session.flush()
        part = session.begin_nested()
        session.add(Team(name="within"))
        session.flush()
        part.rollback()
        session.add(Team(name="after"))
        session.commit()
    with database.session(caller) as session:
        entries = session.scalars(select(AuditEntry).where(AuditEntry.record_type == "team")).all()
    assert {entry.after["name"] for entry in entries if entry.after} == {"after", "before"}
    assert len(entries) == 2


def test_what_was_taken_back_whole_is_not_logged_with_what_follows(database: Database) -> None:
    caller = the_service(account(database).organization)
    with database.session(caller) as session:
        session.add(Team(name="never"))
        session.flush()
        session.rollback()
        session.add(Team(name="after"))
        session.commit()
        entries = session.scalars(select(AuditEntry).where(AuditEntry.record_type == "team")).all()
    assert [entry.after["name"] for entry in entries if entry.after] == ["after"]
