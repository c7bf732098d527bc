"""What the database sums up: appointments, minutes, money and conflicts of a stretch of time, without loading a row."""

from decimal import Decimal
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Integer, Select, and_, case, cast, extract, func, literal, select
from sqlalchemy.orm import Session

from models.enums import AppointmentStatus as Status, ConflictStatus
from models.records import Appointment, AppointmentResource, AppointmentUser, Resource, ScheduleConflict
from service.snapshot.reading import STANDING, lying_in
from service.snapshot.weeks import Span


class Group(NamedTuple):
    """Appointments of one status, team and currency.

    `started` counts those that start in the span, and so do the amounts of money; `minutes` is what lies in it.
    """

    status: Status
    team: int | None
    currency: str
    started: int
    minutes: int
    charged: int
    amount: Decimal
    ratings: int
    rated: int


class Load(NamedTuple):
    """What one user or resource does in a span: appointments that start in it, and minutes."""

    started: int
    minutes: Decimal


class Clash(NamedTuple):
    """Conflicts of one status and type, and the seconds it took to resolve those that are."""

    status: ConflictStatus
    kind: str
    found: int
    resolved: int
    seconds: int


class Sums:
    """Asks the database about one span.

    Parameters
    ----------
    session
        Bound to an organization.
    span
        What is asked about.
    limit
        What appointments have to meet besides, for somebody who sees only some.
    """

    def __init__(self, session: Session, span: Span, limit: ColumnElement[bool] | None = None) -> None:
        self.session, self.span = session, span
        self.is_sqlite = session.get_bind().dialect.name == "sqlite"
        self.limits = [lying_in(span)] if limit is None else [lying_in(span), limit]
        self.starts = Appointment.start_datetime >= span.start

    def groups(self) -> list[Group]:
        """Sum up all appointments by status, team and currency: one pass over them."""
        table = Appointment
        charged = and_(
            self.starts,
            table.is_billable,
            table.status.in_((Status.COMPLETED, Status.CANCELLED)),
            table.actual_cost > 0,
        )
        statement = select(
            table.status,
            table.assigned_team_id,
            table.currency,
            func.count(case((self.starts, 1))),
            func.sum(self._minutes()),
            func.count(case((charged, 1))),
            func.coalesce(func.sum(case((charged, table.actual_cost))), literal(Decimal(0), table.actual_cost.type)),
            func.count(case((self.starts, table.completion_rating))),
            func.coalesce(func.sum(case((self.starts, table.completion_rating))), 0),
        ).where(*self.limits)
        rows = self.session.execute(statement.group_by(table.status, table.assigned_team_id, table.currency))
        return [Group._make(row) for row in rows]

    def by_user(self) -> dict[int | None, Load]:
        """Sum up what users do, and under None what nobody is assigned to."""
        link = AppointmentUser
        statement: Any = select(link.user_id, self._started(), func.sum(self._minutes())).select_from(Appointment)
        return self._loads(statement.outerjoin(link, link.appointment_id == Appointment.id).group_by(link.user_id))

    def by_resource(self) -> dict[int | None, Load]:
        """Sum up how resources are used, in minutes of the whole of each; there is no None."""
        link = AppointmentResource
        part = self._minutes() * func.coalesce(link.units, Resource.capacity)
        statement: Any = (
            select(link.resource_id, self._started(), func.sum(part), Resource.capacity)
            .join(Appointment, Appointment.id == link.appointment_id)
            .join(Resource, Resource.id == link.resource_id)
            .group_by(link.resource_id, Resource.capacity)
        )
        return self._loads(statement)

    def clashes(self) -> list[Clash]:
        """Sum up the conflicts whose time lies in the span."""
        table = ScheduleConflict
        done = and_(table.status == ConflictStatus.RESOLVED, table.resolved_at.is_not(None))
        statement = (
            select(
                table.status,
                table.conflict_type,
                func.count(table.id),
                func.count(case((done, 1))),
                func.sum(case((done, self._seconds(table.created_at, table.resolved_at)))),
            )
            .where(table.conflict_datetime >= self.span.start, table.conflict_datetime < self.span.end)
            .group_by(table.status, table.conflict_type)
        )
        return [
            Clash(status, kind, count, resolved, int(seconds or 0))
            for status, kind, count, resolved, seconds in self.session.execute(statement)
        ]

    def _started(self) -> ColumnElement[int]:
        return func.count(case((self.starts, 1)))

    def _loads(self, statement: Select[Any]) -> dict[int | None, Load]:
        statement = statement.where(*self.limits, Appointment.status.in_(STANDING))
        rows = self.session.execute(statement)
        return {key: Load(count, Decimal(minutes) / (rest[0] if rest else 1)) for key, count, minutes, *rest in rows}

    def _minutes(self) -> ColumnElement[int]:
        """The minutes of an appointment that lie in the span; most lie in it as a whole."""
        start, end, kind = Appointment.start_datetime, Appointment.end_datetime, Appointment.start_datetime.type
        first, last = literal(self.span.start, kind), literal(self.span.end, kind)
        inside = and_(start >= first, end <= last)
        from_ = case((start < first, first), else_=start)
        until = case((end > last, last), else_=end)
        return case((inside, Appointment.duration_minutes), else_=self._seconds(from_, until) // 60)

    def _seconds(self, start: Any, end: Any) -> ColumnElement[int]:
        if self.is_sqlite:
            return cast(func.strftime("%s", end), Integer) - cast(func.strftime("%s", start), Integer)
        return cast(extract("epoch", end) - extract("epoch", start), Integer)
