"""Why appointments are left out: the rules that close the place that is nearest to being open, or what it would cost.

A place is a start with a team, a crew and resources. Every place of a task that is left out is closed by some pairs of
a rule and a subject, or it is open at a loss. The reasons are the pairs of a place that is closed by as few as any: if
they did not hold, the task could take that place with everything else fixed, and none of them can be left out.
"""

from collections.abc import Callable, Iterator, Sequence

from models.appointments import Appointment
from models.plan import Reason
from models.problem import Problem
from models.timegrid import minute_of
from solver.explain.alone import blocks_alone
from solver.explain.causes import Cause, rules_of
from solver.explain.closings import Closings
from solver.explain.inquiry import Inquiry, Scene
from solver.explain.needs import crew_sentence, demand_sentence, link_sentence, own_sentence
from solver.explain.others import candidates_for, others
from solver.explain.search import Place, Search
from solver.explain.trade_off import TradeOff
from solver.explain.wording import Words
from solver.instance import NOWHERE, Instance, Interval, Solution, Task


def reasons(
    problem: Problem,
    instance: Instance,
    solution: Solution,
    tasks: Sequence[int] | None = None,
    expired: Callable[[], bool] | None = None,
) -> dict[int, list[Reason]]:
    """Explain what is left out.

    Parameters
    ----------
    problem, instance
        A problem and its lowered form.
    solution
        One entry per task; it breaks no rule.
    tasks
        Indices of the tasks to explain, by default all that have no place.
    expired
        Asked before each task; once it says True, the rest is left unexplained.

    Returns
    -------
    By task that has no place, the dearest first: the rules that close the place which is nearest to being open, or
    `cost` alone.
    """
    wanted = range(len(solution)) if tasks is None else tasks
    left = [index for index in wanted if solution[index] is None]
    scene = Scene.of(instance, solution)
    words = Words(problem, instance)
    trade_off = TradeOff(words, solution)
    found: dict[int, list[Reason]] = {}
    for index in sorted(left, key=lambda index: _turn(instance.tasks[index])):
        if expired is not None and expired():
            break
        inquiry = inquire(scene, problem.appointments[index], index)
        place = Search(inquiry).run()
        if place.burden == 0:
            found[index] = [trade_off.reason(index, place.placement())]
        elif inquiry.capped and trade_off.has_place(index):
            found[index] = [trade_off.reason(index, None)]
        else:
            found[index] = _reasons(words, inquiry, place)
    return found


def _turn(task: Task) -> tuple[bool, int, list[Interval], int]:
    """The dearest first; those of equal windows in a row, which share what is known."""
    return not task.mandatory, -task.absent_cost, task.windows[:1], task.duration


def inquire(scene: Scene, appointment: Appointment, index: int) -> Inquiry:
    """Begin the inquiry about one task.

    Parameters
    ----------
    scene
        The solution.
    appointment, index
        The task in both forms.

    Returns
    -------
    What is known of it.
    """
    instance = scene.instance
    wished = [
        (minute_of(window.start) - instance.origin, minute_of(window.end) - instance.origin)
        for window in appointment.windows
    ]
    aim = appointment.preferred_start
    if aim is None and appointment.current is not None:
        aim = appointment.current.start
    return Inquiry(scene, index, appointment, wished, None if aim is None else minute_of(aim) - instance.origin)


def causes_of(inquiry: Inquiry, place: Place) -> list[Cause]:
    """List what closes a place.

    Parameters
    ----------
    inquiry, place
        What is known of the task, and one of its places.

    Returns
    -------
    Each pair of rule and subject once; the task's own rules first, then the organization, team, users and resources.
    """
    return list(dict.fromkeys(_causes(inquiry, place)))


def _causes(inquiry: Inquiry, place: Place) -> Iterator[Cause]:
    yield from (Cause(rule) for rule in sorted(place.lifted))
    if inquiry.staff.lifted:
        yield Cause("crew")
    if inquiry.unfit:
        yield Cause("capacity")
    if place.unlinked:
        yield Cause("links")
    masks = [(inquiry.scene.instance.subject_count - 1, place.general)]
    if place.crew.team != NOWHERE:
        masks.append((place.crew.team, place.team))
    masks += zip(place.users, place.user_masks, strict=True)
    masks += zip(place.resources, place.resource_masks, strict=True)
    yield from (Cause(rule, subject) for subject, mask in masks for rule in rules_of(mask))


def _reasons(words: Words, inquiry: Inquiry, place: Place) -> list[Reason]:
    closings = Closings(words, inquiry, place)
    told: set[tuple[int, ...]] = set()
    found = []
    causes = causes_of(inquiry, place)
    for cause in causes:
        if cause.subject is None:
            subject = f"appointment:{inquiry.appointment.id}"
            message = _own(words, inquiry, place, cause.rule)
        else:
            known = inquiry.scene.instance.subject(cause.subject)
            subject = known.kind if known.kind == "organization" else known.name
            late = cause.rule == "travel" and Cause("overlap", cause.subject) in causes
            message = closings.travel_beside_work(cause.subject) if late else closings.sentence(cause, cause.subject)
            rivals = candidates_for(inquiry, place, cause.subject)
            if rivals is not None and rivals.subjects not in told:
                told.add(rivals.subjects)
                message += others(words, inquiry, place, rivals)
        alone = blocks_alone(inquiry, place.lifted, cause)
        found.append(Reason(rule=cause.rule, subject=subject, message=message, blocks_alone=alone))
    return found


def _own(words: Words, inquiry: Inquiry, place: Place, rule: str) -> str:
    match rule:
        case "crew":
            return crew_sentence(words, inquiry)
        case "capacity":
            return demand_sentence(words, inquiry)
        case "links":
            return link_sentence(words, inquiry, place)
        case _:
            return own_sentence(words, inquiry, rule)
