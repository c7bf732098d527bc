"""Which appointment follows which: what `requirements.after` says, as rows that can be searched from both ends."""

from sqlalchemy import Connection, ForeignKey, delete, insert, inspect
from sqlalchemy.orm import Mapped, Session, mapped_column

from models.records.appointments import Appointment
from models.records.base import Base


class AppointmentLink(Base):
    """An appointment follows another; derived from its requirements at every write."""

    __tablename__ = "appointment_follows"

    appointment_id: Mapped[int] = mapped_column(ForeignKey("appointments.id", ondelete="CASCADE"), primary_key=True)
    follows_id: Mapped[int] = mapped_column(
        ForeignKey("appointments.id", ondelete="CASCADE"), primary_key=True, index=True
    )


def write_follows(session: Session, _context: object) -> None:
    """Let the rows follow the requirements that a flush has written."""
    for record in (*session.new, *session.dirty):
        if isinstance(record, Appointment):
            history = inspect(record).attrs.requirements.history
            if any(asked is not None and asked.after for asked in (*history.added, *history.deleted)):
                _write(session.connection(), record)


def _write(connection: Connection, record: Appointment) -> None:
    links = record.requirements.after if record.requirements is not None else ()
    others = {int(link.appointment) for link in links if link.appointment.isdecimal()}
    connection.execute(delete(AppointmentLink).where(AppointmentLink.appointment_id == record.id))
    if others:
        rows = [{"appointment_id": record.id, "follows_id": other} for other in sorted(others)]
        connection.execute(insert(AppointmentLink), rows)
