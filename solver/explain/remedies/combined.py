"""Two or three changes at once, where none helps by itself: longer windows and days, and leave that is put off."""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from models.explanation import Step
from solver.explain.causes import AWAY, HOURS, WEEKLY, WORKING, Cause
from solver.explain.finding import causes_of
from solver.explain.inquiry import Inquiry, inquire
from solver.explain.place import Place
from solver.explain.remedies import leave, overtime, window
from solver.explain.remedies.case import Case
from solver.explain.remedies.change import Change
from solver.explain.search import Search
from solver.explain.wording import listed
from solver.instance import Interval

REACH = 4 * 60  # minutes that a window is widened by at most
MOST_CHANGES = 3
MENDABLE = HOURS | WORKING | AWAY | WEEKLY
FIXED = 0x3FFF & ~MENDABLE
Part = tuple[str, tuple[Step, ...]]


def changes(case: Case) -> Iterable[Change]:
    """Propose all at once that keeps people from the place that the fewest calendars close.

    Parameters
    ----------
    case
        The task that is left out, and why.

    Yields
    ------
    At most one change within the windows, and one for each window that is made longer.
    """
    scene = case.scene.barring(FIXED)
    if case.finding.inquiry.staff.lifted or case.finding.inquiry.unfit or case.finding.inquiry.lifts[0]:
        return
    yield from _at(case, inquire(scene, case.appointment, case.index), None)
    for number, (low, high) in enumerate(case.finding.inquiry.wished):
        inside = max(low - REACH, case.instance.start), min(high + REACH, case.instance.end)
        task = replace(case.task, windows=[inside])
        inquiry = inquire(scene, case.appointment, case.index, altered=task)
        inquiry.aim = low
        yield from _at(case, inquiry, number)


def _at(case: Case, inquiry: Inquiry, number: int | None) -> Iterator[Change]:
    """Mend everything that closes the place that is closed by the least."""
    case.bench.tried += 1
    if inquiry.lifts[0]:
        return
    place = Search(inquiry).run()
    if place.barred or place.burden == 0 or place.unlinked:
        return
    parts = [part for cause in causes_of(inquiry, place) for part in _mended(case, place, cause)]
    if number is not None:
        parts = [*_longer_window(case, number, place), *parts]
    if 1 < len(parts) <= MOST_CHANGES:
        steps = tuple(step for _, steps in parts for step in steps)
        paths = [step.path for step in steps if not step.path.endswith("-")]
        if len(set(paths)) == len(paths):
            yield Change("combined", listed([text for text, _ in parts], most=MOST_CHANGES), steps)


def _longer_window(case: Case, number: int, place: Place) -> Iterator[Part]:
    span: Interval = place.start, place.start + case.task.duration
    low, high = case.finding.inquiry.wished[number]
    if span[0] < low or high < span[1]:
        change = window.widened(case, number, (low, high), (min(low, span[0]), max(high, span[1])))
        yield change.text or "", change.steps


def _mended(case: Case, place: Place, cause: Cause) -> Iterator[Part]:
    """What mends a cause; a rule that closes by hours and by leave needs both."""
    subject = cause.subject
    if subject is None or case.instance.subject(subject).kind != "user":
        return
    mask = int(place.user_masks[place.users.index(subject)])
    service = place.start, place.start + case.task.duration
    found: list[Change] = []
    if cause.rule == "weekly_hours":
        found += overtime.in_the_week(case, subject, place)
    elif cause.rule == "working_hours" or (cause.rule == "availability" and mask & HOURS and not mask & WORKING):
        found += overtime.staying(case, subject, service)
    if cause.rule == "availability" and mask & AWAY:
        found += leave.cut(case, subject, place.start)
    yield from ((change.text or "", change.steps) for change in found)
