"""What keeps a task out: the kind of it, and a place with the causes that close it, none of which can be left out."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from models.appointments import Appointment
from models.explanation import Kind
from models.problem import Problem
from solver.explain.causes import Cause, bits_of, rules_of
from solver.explain.inquiry import Inquiry, Scene, inquire
from solver.explain.place import Place
from solver.explain.search import Search
from solver.explain.trade_off import TradeOff
from solver.explain.wording import Words
from solver.instance import NOWHERE, Instance, Interval, Placement, Solution, Task

if TYPE_CHECKING:  # the kernel takes its time to import
    from solver.kernel.arrays import Packed


@dataclass(frozen=True)
class Finding:
    """Why one task is left out.

    `place` is closed by `causes`, or open where the kind is a trade-off. `price` is what the best open place adds to
    the cost there, and that place.
    """

    kind: Kind
    inquiry: Inquiry
    place: Place
    causes: tuple[Cause, ...] = ()
    price: tuple[int, Placement] | None = None


class Detective:
    """Finds out about one plan why tasks are left out.

    Parameters
    ----------
    problem, instance
        A problem and its lowered form.
    solution
        One entry per task; it breaks no rule.
    packed
        The problem in the search kernel's arrays, where somebody has made them already.
    """

    def __init__(
        self, problem: Problem, instance: Instance, solution: Solution, packed: "Packed | None" = None
    ) -> None:
        self.problem = problem
        self.words = Words(problem, instance)
        self.scene = Scene.of(instance, solution)
        self.trade_off = TradeOff(self.words, solution, packed)

    def findings(
        self, tasks: Sequence[int] | None = None, expired: Callable[[], bool] | None = None
    ) -> Iterator[tuple[int, Finding]]:
        """Find out about one task after the other.

        Parameters
        ----------
        tasks
            Indices of the tasks, by default all that have no place.
        expired
            Asked before each task; once it says True, the rest is left.

        Yields
        ------
        Index and finding, the dearest first.
        """
        for index in left_out(self.scene.instance, self.scene.solution, tasks):
            if expired is not None and expired():
                break
            yield index, self.find(index)

    def find(self, index: int) -> Finding:
        """Find out about one task.

        Parameters
        ----------
        index
            Of a task that has no place.

        Returns
        -------
        The kind, and the place that is explained.
        """
        appointment = self.problem.appointments[index]
        inquiry = inquire(self.scene, appointment, index)
        place = Search(inquiry).run()
        if place.burden == 0 or (inquiry.capped and self.trade_off.has_place(index)):
            known = place.placement() if place.burden == 0 else None
            return Finding(Kind.TRADE_OFF, inquiry, place, price=self.trade_off.price(index, known))
        kind = Kind.IMPOSSIBLE
        if possible_alone(self.scene, appointment, index):
            kind = Kind.BLOCKED
            barred = inquire(self.scene.barred, appointment, index)
            among_others = Search(barred).run()
            if not among_others.barred:
                inquiry, place = barred, among_others
        place = _sharpened(self.scene, appointment, index, inquiry, place)
        return Finding(kind, inquiry, place, tuple(causes_of(inquiry, place)))


def possible_alone(scene: Scene, appointment: Appointment, index: int) -> bool:
    """Tell whether a task has a place in an empty plan, what it is linked to left aside.

    Parameters
    ----------
    scene, appointment, index
        The problem, and the task in both forms.

    Returns
    -------
    False where it is impossible by itself.
    """
    return Search(inquire(scene.alone, appointment, index, loose=True)).open_place() is not None


def opened_by(scene: Scene, appointment: Appointment, index: int, lifted: Sequence[Cause]) -> Place | None:
    """Find a place of a task that some causes alone close.

    Parameters
    ----------
    scene, appointment, index
        The plan, and the task in both forms.
    lifted
        Causes that do not count.

    Returns
    -------
    A place, None where there is none; its masks lack what is lifted.
    """
    spared: dict[int, int] = {}
    for cause in lifted:
        if cause.subject is not None:
            spared[cause.subject] = spared.get(cause.subject, 0) | bits_of(cause.rule)
    own = frozenset(cause.rule for cause in lifted if cause.subject is None)
    return Search(inquire(scene.sparing(spared), appointment, index), own).open_place()


def _sharpened(scene: Scene, appointment: Appointment, index: int, inquiry: Inquiry, place: Place) -> Place:
    """Look for a place that only some of the causes of a place close, until none of them can be left out."""
    plain = inquire(scene, appointment, index)
    causes = causes_of(inquiry, place)
    while len(causes) > 1:
        parts = [[*causes[:number], *causes[number + 1 :]] for number in range(len(causes))]
        fewer = next((found for part in parts if (found := opened_by(scene, appointment, index, part))), None)
        if fewer is None:
            break
        place = Search(plain).as_it_is(fewer)
        causes = causes_of(inquiry, place)
    return place


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


def left_out(instance: Instance, solution: Solution, tasks: Sequence[int] | None = None) -> list[int]:
    """List tasks that have no place, the dearest first.

    Parameters
    ----------
    instance, solution
        One entry per task.
    tasks
        Of which; by default of all.

    Returns
    -------
    Indices of tasks.
    """
    wanted = range(len(solution)) if tasks is None else tasks
    return sorted(
        (index for index in wanted if solution[index] is None), key=lambda index: _turn(instance.tasks[index])
    )


def _turn(task: Task) -> tuple[bool, int, list[Interval], int]:
    """The dearest first; those of equal windows in a row, which share what is known."""
    return not task.mandatory, -task.absent_cost, task.windows[:1], task.duration
