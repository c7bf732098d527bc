"""Come in despite a leave, or have back what is unavailable, for the time of the service alone."""

from collections.abc import Iterable, Iterator

from pydantic import JsonValue

from models.intervals import subtract
from models.timegrid import instant, minute_of
from solver.explain.causes import AWAY
from solver.explain.remedies.case import Case
from solver.explain.remedies.change import Change, put, written

MOST = 3


def changes(case: Case) -> Iterable[Change]:
    """Propose to cut the service out of the absences of those who could come, and of what could be taken.

    Parameters
    ----------
    case
        The task that is left out, and why.

    Yields
    ------
    A few changes.
    """
    inquiry = case.finding.inquiry
    people = {user for crew in inquiry.crews for users, _ in crew.groups for user in users}
    things = {resource for demand in inquiry.demands for resource in demand.resources}
    if case.opens(everywhere=AWAY) is None:
        return
    found = 0
    for subject in [*sorted(people), *sorted(things)]:
        if not case.scene.instance.subject(subject).closed:
            continue
        place = case.opens({subject: AWAY})
        if place is not None and subject in (*place.users, *place.resources):
            yield from cut(case, subject, place.start)
            found += 1
        if found == MOST:
            return


def cut(case: Case, subject: int, start: int) -> Iterator[Change]:
    """Cut the service out of the absences of a user or a resource.

    Parameters
    ----------
    case, subject
        The task, and the index of the subject.
    start
        Of the service.

    Yields
    ------
    At most one change.
    """
    known, words = case.instance.subject(subject), case.words
    human = known.kind == "user"
    owner = case.problem.users_by_id[known.id] if human else case.problem.resources_by_id[known.id]
    service = start + case.instance.origin, start + case.task.duration + case.instance.origin
    away = [(minute_of(absence.start), minute_of(absence.end)) for absence in owner.unavailable]
    rest = [part for absence in away for part in subtract([absence], [service])]
    if rest == away:
        return
    zone = case.problem.zone
    number = case.instance.subject_index[known.kind, known.id] - (0 if human else _first_resource(case))
    periods: list[JsonValue] = [
        {"start": written(instant(low, zone)), "end": written(instant(high, zone))} for low, high in rest
    ]
    when = words.stretch(start, start + case.task.duration)
    name = words.subject(subject)
    text = f"let {name} come in {when} despite the leave" if human else f"have {name} available {when} after all"
    yield Change("leave", text, (put(f"/{'users' if human else 'resources'}/{number}/unavailable", periods),))


def _first_resource(case: Case) -> int:
    return len(case.instance.users) + len(case.instance.teams)
