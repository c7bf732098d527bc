"""A conflict with what is known around it: which of its appointments may give way, and where changes are tried."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from models.enums import AppointmentStatus as Status, Priority
from models.lifecycle import BUSY
from models.plan import Assignment, Violation
from models.records import ScheduleConflict
from models.records.base import now as present
from service.conflicts.identity import identified
from service.conflicts.ways.region import Region, region_of
from service.conflicts.ways.substitutes import resource_keys
from service.conflicts.ways.trying import Trials, standing
from service.snapshot import Booking
from service.snapshot.bookings import DUSK
from service.snapshot.ids import APPOINTMENT, keys_of
from service.snapshot.reading import bookings_of
from service.snapshot.weeks import Span

MOST_GIVING_WAY = 4
"""Of more appointments in one conflict, so many are tried: the least important first."""
MOST_JUDGED = 30
BEFORE, AFTER = timedelta(days=2), timedelta(days=5)
_RANK = list(Priority)


@dataclass(frozen=True)
class Clash:
    """What clashes, and what is known around it.

    Parameters
    ----------
    subject
        What the ways are named after.
    region, trials
        Where ways are tried.
    giving_way
        Ids of the appointments that may give way, the least important first.
    violation
        What is broken, as far as the region tells.
    """

    subject: str
    region: Region
    trials: Trials
    giving_way: tuple[str, ...]
    violation: Violation | None

    @property
    def stands(self) -> dict[str, Assignment]:
        """Where they stand."""
        return standing(self.region.plan, self.giving_way)


def read_clash(session: Session, conflict: ScheduleConflict) -> Clash | None:
    """Read a conflict and what is around it; None if none of its appointments stands any more."""
    keys = {conflict.primary_appointment_id, conflict.conflicting_appointment_id, *conflict.involved_appointment_ids}
    judged = [each for each in bookings_of(session, {key for key in keys if key}) if each.judgeable]
    judged = sorted(judged, key=_importance)[:MOST_JUDGED]
    moment = present().replace(second=0, microsecond=0)
    giving = sorted((each for each in judged if may_give_way(each, moment)), key=_importance)[:MOST_GIVING_WAY]
    if not judged:
        return None
    times = [time for each in giving or judged for time in (each.start, each.end) if time is not None]
    start = max(moment, min(times) - BEFORE)
    horizon = Span(start, min(max(*times, start) + AFTER, DUSK))
    concerned = resource_keys(conflict.affected_resource_ids)
    region = region_of(session, judged, {each.id for each in giving}, horizon, moment, concerned=concerned)
    trials = Trials(region, frozenset([conflict.identity] if conflict.identity else []))
    every = (*trials.before.violations, *trials.before.excused)
    found = [each for each in every if identified(each, region.problem).identity == conflict.identity]
    ids = keys_of(APPOINTMENT, (each.id for each in giving))
    return Clash(f"conflict {conflict.id}", region, trials, ids, found[0] if found else None)


def may_give_way(booking: Booking, moment: datetime) -> bool:
    """Tell whether people may move a booking: it has not begun, and is not pinned."""
    started = booking.start is None or booking.start <= moment
    return not started and not booking.pinned and booking.status in BUSY - {Status.IN_PROGRESS}


def _importance(booking: Booking) -> tuple[int, bool, int, int]:
    return _RANK.index(booking.priority), booking.status is Status.CONFIRMED, booking.minutes, booking.id
