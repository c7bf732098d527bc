"""Ways out of what clashes: each appointment in it elsewhere, with others, or shorter, beside all that stands."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from models.plan import Assignment
from models.records import ScheduleConflict
from models.timegrid import minute_of
from service.conflicts.ways import wording
from service.conflicts.ways.accepting import accepted
from service.conflicts.ways.clash import Clash, read_clash
from service.conflicts.ways.elsewhere import elsewhere
from service.conflicts.ways.lifting import lifted
from service.conflicts.ways.options import Offer, Way, WayKind, ranked
from service.conflicts.ways.telling import offer
from service.snapshot.ids import number_of
from solver.suggest.room import changed

MOST = 6
SHORTEST = 3 / 4
"""An appointment is not made shorter than this part of itself."""
_MINUTE = timedelta(minutes=1)


def ways_out(session: Session, conflict: ScheduleConflict, *, most: int = MOST) -> list[Way]:
    """Find ways out of a conflict that was found or entered by hand, each tried.

    Parameters
    ----------
    session
        Bound to the organization; it only reads.
    conflict
        With its linking rows.
    most
        How many at most.

    Returns
    -------
    The best first; what is past, under way or pinned gives no way.
    """
    clash = read_clash(session, conflict)
    if clash is None:
        return []
    offers = [*elsewhere(clash), *_shorter(clash), *lifted(session, clash), *_waiting(clash)]
    offers += accepted(session, conflict, clash)
    return ranked(offers, most)


def _shorter(clash: Clash) -> Iterator[Offer]:
    """End earlier or start later by as much as is broken."""
    broken, problem = clash.violation, clash.region.problem
    if broken is None or broken.start is None or broken.end is None:
        return
    for key, stands in clash.stands.items():
        item = problem.appointments_by_id[key]
        for start, end in _cuts(stands, broken.start, broken.end, problem.step_minutes):
            minutes = (end - start) // _MINUTE
            if minutes >= item.duration_minutes * SHORTEST and minutes < item.duration_minutes:
                after = stands.model_copy(update={"start": start, "end": end})
                items = tuple(
                    each.model_copy(update={"duration_minutes": minutes}) if each.id == key else each
                    for each in problem.appointments
                )
                held = clash.trials.held({key: after}, changed(problem, appointments=items))
                if held is not None:
                    told = wording.shortened(problem, stands, after)
                    change = [(key, stands, after)]
                    yield offer(clash.subject, WayKind.SHORTEN, problem, told, held, change, about=number_of(key))


def _cuts(at: Assignment, start: datetime, end: datetime, step: int) -> Iterator[tuple[datetime, datetime]]:
    """Leave out what is broken where it touches an end; buffers are part of it, so that it may reach beyond."""
    length = -(-(minute_of(end) - minute_of(start)) // step) * step * _MINUTE
    if start <= at.start or end < at.end:
        yield at.start + length, at.end
    if end >= at.end or start > at.start:
        yield at.start, at.end - length


def _waiting(clash: Clash) -> Iterator[Offer]:
    """The last resort: the least important one loses its time, and waits for another one."""
    problem = clash.region.problem
    for key, stands in clash.stands.items():
        held = clash.trials.held({key: None})
        if held is not None and not problem.appointments_by_id[key].mandatory:
            told = f"Take the time from {wording.name_of(problem, key)}: it waits for another one"
            yield offer(
                clash.subject, WayKind.UNSCHEDULE, problem, told, held, [(key, stands, None)], about=number_of(key)
            )
            return
