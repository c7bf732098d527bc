"""Appointments into an archive: batch by batch, each on the disk before it leaves the database."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from models.records import Appointment, AuditEntry, Base, Organization
from models.records.base import now
from service.archive.choosing import archivable, latest_day
from service.archive.families import APPOINTMENTS, PARENT, family_of, written
from service.archive.files import ArchiveFile, BadArchive, Line
from service.archive.keeping import keep_figures
from service.changes import note_everything
from service.database import Database

BATCH = 200
ARCHIVED, RESTORED = "archived", "unarchived"


@dataclass(frozen=True, slots=True)
class Moved:
    """What an archiving did: how many appointments went, in how many rows of all tables."""

    appointments: int = 0
    rows: int = 0


def count(database: Database, organization: Organization, day: date) -> int:
    """Count what would go at once; afterwards the first of series may go, too."""
    with database.everywhere(writes=False) as session:
        keys = archivable(organization, day).subquery()
        return session.connection().scalar(select(func.count()).select_from(keys)) or 0


def ensure_settled(organization: Organization, day: date) -> None:
    """Refuse to archive what figures still depend on.

    Raises
    ------
    BadArchive
        If the day is too late.
    """
    latest = latest_day(organization)
    if day > latest:
        raise BadArchive(
            f"{organization.name} can be archived up to {latest}: the figures of later years are not final before two"
            " days after their end. Choose that day or an earlier one."
        )


def move(
    database: Database,
    organization: Organization,
    day: date,
    file: ArchiveFile,
    *,
    batch: int = BATCH,
    pause: Callable[[], None] = lambda: None,
) -> Moved:
    """Move what can be archived into a file.

    A batch is written and synced first, then deleted in one transaction. Who is killed in between has it in both
    places, and nothing is lost; the next time it is written once more.

    Parameters
    ----------
    database, organization, day
        What goes, as for `archivable`.
    file
        Where it goes.
    batch
        How many appointments at once.
    pause
        Called between batches; it may raise to stop here.

    Returns
    -------
    How much went.

    Raises
    ------
    BadArchive
        If figures still depend on it.
    """
    ensure_settled(organization, day)
    keep_figures(database, organization, day)
    done = Moved()
    while True:
        pause()
        with database.everywhere() as session:
            keys = _taken(session, organization, day, batch)
            if not keys:
                return done
            family = family_of(session, keys)
            lines: list[Line] = [
                {"table": table, "row": written(table, row)} for table, rows in family.items() for row in rows
            ]
            file.append(lines)
            _delete(session, organization, day, keys, file.path.name)
            session.commit()
        done = Moved(done.appointments + len(keys), done.rows + len(lines))


def _taken(session: Session, organization: Organization, day: date, batch: int) -> list[int]:
    """Choose a batch, and let nobody change it meanwhile."""
    statement = archivable(organization, day).order_by(Appointment.id).limit(batch)
    return list(session.scalars(statement.with_for_update(of=Appointment)))


def _delete(session: Session, organization: Organization, day: date, keys: list[int], name: str) -> None:
    """Delete appointments, and with them what hangs on them; note each in the audit log."""
    connection = session.connection()
    mine = APPOINTMENTS.c.id.in_(keys)
    connection.execute(update(APPOINTMENTS).where(mine, APPOINTMENTS.c[PARENT].in_(keys)).values({PARENT: None}))
    connection.execute(APPOINTMENTS.delete().where(mine))
    connection.execute(
        Base.metadata.tables[AuditEntry.__tablename__].insert(),
        [entry(organization.id, key, ARCHIVED, name) for key in keys],
    )
    before = Organization.archived_before
    later = update(Organization).where(Organization.id == organization.id, before.is_(None) | (before < day))
    connection.execute(later.values(archived_before=day, version=Organization.version + 1, updated_at=now()))
    note_everything(session, organization.id)


def entry(organization: int, key: int, action: str, file: str) -> Line:
    """An entry of the audit log about an appointment that goes into a file, or comes out of it."""
    return {
        "organization_id": organization,
        "at": now(),
        "actor": None,
        "actor_name": "tidyplan",
        "action": action,
        "record_type": "appointment",
        "record": key,
        "before": None,
        "after": {"file": file},
        "reason": "",
        "request_id": None,
    }
