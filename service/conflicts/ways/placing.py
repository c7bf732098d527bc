"""Ways onto the plan for what has no place: a slot, others who make way, or a change that opens one."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.explanation import Step, TriedRemedy
from models.people import Period
from models.plan import Assignment
from models.records import Absence
from models.records.base import now as present
from models.records.requirements import Requirements
from models.suggestion import SlotQuery, Suggestion
from models.timegrid import minute_of
from service.conflicts.ways import wording
from service.conflicts.ways.lifting import LIFTABLE, cut
from service.conflicts.ways.options import Offer, Way, WayAbsence, WayKind, ranked
from service.conflicts.ways.region import Region, region_of
from service.conflicts.ways.telling import Change, offer
from service.conflicts.ways.trying import Trials, standing
from service.explaining import sought_in
from service.snapshot import Booking
from service.snapshot.bookings import DUSK
from service.snapshot.ids import APPOINTMENT, key_of, number_of
from service.snapshot.telling import in_numbers, in_words
from service.snapshot.weeks import Span
from solver.explain.remedies.edit import edited

MOST, SLOTS = 6, 3
AROUND = timedelta(days=1)
"""How far beyond what is asked for others may go, and what is asked for may be changed."""
MAKING_WAY_SECONDS = 0.4
KNOWN = frozenset({"move", "place"})
"""Remedies that are found as slots already."""


def ways_onto_the_plan(session: Session, booking: Booking, subject: str, *, most: int = MOST) -> list[Way]:
    """Find places for what has none, each tried.

    Parameters
    ----------
    session
        Bound to the organization; it only reads.
    booking
        A request as it is stored, without a start.
    subject
        What the ways are named after.
    most
        How many at most.

    Returns
    -------
    The best first: slots that are free, slots for which others make way, and changes of what is asked for, or of an
    absence, that open one.
    """
    moment = present().replace(second=0, microsecond=0)
    start, end = sought_in(booking, moment)
    horizon = Span(max(moment, start - AROUND), min(end + AROUND, DUSK))
    region = region_of(session, [booking], {booking.id}, horizon, moment)
    key, trials = key_of(APPOINTMENT, booking.id), Trials(region, frozenset())
    offers = list(_slots(subject, key, region, trials))
    if not any(each.way.kind is WayKind.PLACE for each in offers):
        offers += _remedies(session, subject, key, booking, trials)
    return ranked(offers, most, most_alike=SLOTS)


def _slots(subject: str, key: str, region: Region, trials: Trials) -> Iterator[Offer]:
    from solver.suggest import SuggestIndex  # the kernel takes its time to import

    index = SuggestIndex(region.problem, region.plan)
    query = SlotQuery(limit=SLOTS, with_moves=0)
    direct = index.suggest(key, query).suggestions
    moving = query.model_copy(update={"with_moves": 1, "seconds": MAKING_WAY_SECONDS, "limit": 2 * SLOTS})
    more = index.suggest(key, moving).suggestions if len(direct) < SLOTS else ()
    for slot in (*direct, *(each for each in more if each.moves)):
        yield from _placed(subject, key, region, trials, slot)


def _placed(subject: str, key: str, region: Region, trials: Trials, slot: Suggestion) -> Iterator[Offer]:
    changes: list[Change] = [(key, None, slot.assignment())]
    changes += [(move.before.appointment, move.before, move.after) for move in slot.moves]
    held = trials.held({each: place for each, _, place in changes})
    if held is None:
        return
    told = [wording.placed(region.problem, slot.assignment())]
    told += [wording.moved(region.problem, move.before, move.after) for move in slot.moves]
    kind = WayKind.MAKE_WAY if slot.moves else WayKind.PLACE
    why = in_words(", ".join(slot.points), region.problem)
    yield offer(subject, kind, region.problem, "; ".join(told), held, changes, why=why, about=number_of(key))


def _remedies(session: Session, subject: str, key: str, booking: Booking, trials: Trials) -> Iterator[Offer]:
    """Offer what would open a place, as far as it is a change that can be made here."""
    from solver.explain import explain_unassigned
    from solver.explain.standing import BrokenPlan

    region = trials.region
    try:
        explanations = explain_unassigned(region.problem, region.plan, [key])
    except BrokenPlan:
        return
    for remedy in (each for found in explanations for each in found.remedies if each.kind not in KNOWN):
        places: dict[str, Assignment | None] = {each.appointment: each for each in remedy.assignments}
        places |= dict.fromkeys(remedy.left_out)
        requirements, absences = _changes_of(session, key, booking, remedy, region)
        if requirements is None and not absences:
            continue
        held = trials.held(places, edited(region.problem, remedy.patch))
        if held is None or key not in places:
            continue
        stood = standing(region.plan, places)
        summary = in_words(remedy.change, region.problem)
        yield offer(
            subject,
            WayKind.CHANGE_REQUEST if requirements is not None else WayKind.LIFT_ABSENCE,
            region.problem,
            f"{summary[:1].upper()}{summary[1:]}: {_lower(wording.placed(region.problem, remedy.assignments[0]))}",
            held,
            [(each, stood.get(each), place) for each, place in places.items()],
            requirements=requirements,
            absences=absences,
            about=number_of(key),
        )


def _lower(text: str) -> str:
    return text[:1].lower() + text[1:]


def _changes_of(
    session: Session, key: str, booking: Booking, remedy: TriedRemedy, region: Region
) -> tuple[dict[str, Any] | None, Sequence[WayAbsence]]:
    """Read a patch of the problem as changes of records; nothing if one of its steps is none."""
    fields: dict[str, Any] = {}
    absences: list[WayAbsence] = []
    index = next(number for number, each in enumerate(region.problem.appointments) if each.id == key)
    for step in remedy.patch:
        _, kind, number, *rest = f"{step.path}/".split("/")
        field = rest[0] if rest else ""
        if kind == "appointments" and number == str(index) and field in Requirements.model_fields:
            fields[field] = in_numbers(step.value, region.problem)
        elif kind in ("users", "resources") and field == "unavailable":
            found = _absences(session, region, kind, int(number), step, remedy.assignments[0])
            if not found:
                return None, ()
            absences += found
        else:
            return None, ()
    if not fields:
        return None, absences
    asked = booking.requirements or Requirements()
    return asked.model_dump(mode="json", exclude_defaults=True) | _stored(fields), absences


def _stored(fields: Mapping[str, Any]) -> dict[str, Any]:
    document = Requirements.model_validate(dict(fields)).model_dump(mode="json", exclude_defaults=True)
    return {name: document.get(name) for name in fields}


def _absences(session: Session, region: Region, kind: str, number: int, step: Step, at: Assignment) -> list[WayAbsence]:
    """Find the absences that are cut, each wholly an absence and none of the subject's own closed times."""
    owner = getattr(region.problem, kind)[number]
    then = {(minute_of(span.start), minute_of(span.end)) for span in _periods(step)}
    gone = [span for span in owner.unavailable if (minute_of(span.start), minute_of(span.end)) not in then]
    column = Absence.user_id if kind == "users" else Absence.resource_id
    statement = select(Absence).where(
        column == number_of(owner.id), Absence.kind.in_(LIFTABLE), Absence.external_uid.is_(None)
    )
    known = {(minute_of(absence.start), minute_of(absence.end)): absence for absence in session.scalars(statement)}
    keys = [(minute_of(span.start), minute_of(span.end)) for span in gone]
    return [cut(known[each], at) for each in keys] if all(each in known for each in keys) else []


def _periods(step: Step) -> list[Period]:
    return [Period.model_validate(each) for each in step.value] if isinstance(step.value, list) else []
