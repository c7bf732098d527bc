"""Ways that take an absence back, for the time of the service alone."""

from collections.abc import Iterator

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from models.intervals import subtract
from models.people import Period
from models.plan import Assignment
from models.problem import Problem
from models.records import Absence
from models.records.absences import AbsenceKind
from models.timegrid import minute_of
from service.booking.subjects import moment_of
from service.conflicts.ways import wording
from service.conflicts.ways.clash import Clash
from service.conflicts.ways.options import Offer, WayAbsence, WayKind, WaySpan
from service.conflicts.ways.telling import offer
from service.conflicts.ways.trying import standing
from service.snapshot.ids import RESOURCE, USER, key_of, numbers_of
from solver.rules import availability
from solver.suggest.room import changed

LIFTABLE = (AbsenceKind.LEAVE, AbsenceKind.TRAINING, AbsenceKind.UNAVAILABLE)
"""Nobody is asked to come although ill; what is maintained, or known from elsewhere, is away."""


def lifted(session: Session, clash: Clash) -> Iterator[Offer]:
    """Propose that somebody comes, or something is there, although it was to be away.

    Parameters
    ----------
    session
        Bound to the organization; it only reads.
    clash
        What clashes.

    Yields
    ------
    A way for each appointment that lies in an absence which can be taken back.
    """
    broken = clash.violation
    if broken is None or broken.rule != availability.NAME:
        return
    for at in standing(clash.region.plan, broken.appointments).values():
        for absence in _absences(session, broken.users, broken.resources, at):
            way = cut(absence, at)
            subject = subject_of(absence)
            problem = without(clash.region.problem, way, subject)
            held = clash.trials.held({}, problem)
            if held is not None:
                told = wording.lifted(problem, subject, _named(absence), at)
                yield offer(clash.subject, WayKind.LIFT_ABSENCE, problem, told, held, absences=[way])


def cut(absence: Absence, at: Assignment) -> WayAbsence:
    """Cut the time of a service out of an absence."""
    away = minute_of(absence.start), minute_of(absence.end)
    rest = subtract([away], [(minute_of(at.start), minute_of(at.end))])
    return WayAbsence(
        absence=absence.id,
        user=absence.user_id,
        resource=absence.resource_id,
        before=WaySpan(start=absence.start, end=absence.end),
        after=[WaySpan(start=moment_of(low), end=moment_of(high)) for low, high in rest],
    )


def subject_of(absence: Absence) -> str:
    """Spell the id of who or what is away."""
    return key_of(USER, absence.user_id) if absence.user_id is not None else key_of(RESOURCE, absence.resource_id or 0)


def without(problem: Problem, way: WayAbsence, subject: str) -> Problem:
    """Change a problem as if an absence were cut."""
    name = "users" if way.user is not None else "resources"
    away = minute_of(way.before.start), minute_of(way.before.end)
    rest = tuple(Period(start=span.start, end=span.end) for span in way.after)
    parts = tuple(
        each.model_copy(
            update={
                "unavailable": (
                    *(span for span in each.unavailable if (minute_of(span.start), minute_of(span.end)) != away),
                    *rest,
                )
            }
        )
        if each.id == subject
        else each
        for each in getattr(problem, name)
    )
    return changed(problem, **{name: parts})


def _named(absence: Absence) -> str:
    return "absence" if absence.kind is AbsenceKind.UNAVAILABLE else absence.kind.value


def _absences(session: Session, users: tuple[str, ...], resources: tuple[str, ...], at: Assignment) -> list[Absence]:
    statement = select(Absence).where(
        or_(Absence.user_id.in_(numbers_of(users)), Absence.resource_id.in_(numbers_of(resources))),
        Absence.kind.in_(LIFTABLE),
        Absence.external_uid.is_(None),
        Absence.start < at.end,
        Absence.end > at.start,
    )
    return list(session.scalars(statement.order_by(Absence.id)))
