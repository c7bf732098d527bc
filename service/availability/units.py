"""Which resources can be booked from one time to another, and how much of each is left."""

from collections.abc import Iterable

from sqlalchemy.orm import Session

from models.intervals import contains
from models.records.occupancy import SubjectKind, subject_key
from models.timegrid import minute_of
from service.availability.loads import peak
from service.availability.reading import calendars_of, taken_in
from service.snapshot.ids import RESOURCE, key_of
from service.snapshot.subjects import Wanted
from service.snapshot.weeks import Span


def units_left(session: Session, capacities: Iterable[tuple[int, int]], span: Span) -> dict[int, int]:
    """Count the units of resources that nobody uses at any time of a stretch.

    Parameters
    ----------
    session
        Bound to an organization.
    capacities
        Ids of resources, and how many units each has.
    span
        From when to when.

    Returns
    -------
    By id of the resource; 0 where its calendar is not open throughout.
    """
    known = dict(capacities)
    if not known:
        return {}
    start, end = minute_of(span.start), minute_of(span.end)
    calendars = calendars_of(session, Wanted(frozenset(), frozenset(), frozenset(known)), span)
    taken = taken_in(session, (subject_key(SubjectKind.RESOURCE, key) for key in known), span)
    left: dict[int, int] = {}
    for key, capacity in known.items():
        if not contains(calendars.available("resource", key_of(RESOURCE, key)), start, end):
            left[key] = 0
            continue
        loads = (each.load(capacity) for each in taken.get(subject_key(SubjectKind.RESOURCE, key), ()))
        left[key] = max(0, capacity - peak(loads, start, end))
    return left
