"""A link that is a little looser: a gap that is longer or shorter, or people that need not be the same or others."""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from pydantic import JsonValue

from models.appointments import Link as Wish
from solver.explain.crews import neighbours
from solver.explain.remedies.case import Case
from solver.explain.remedies.change import Change, put
from solver.explain.search import Search
from solver.explain.wording import minutes_in_words
from solver.instance import NEVER, Link, Task


def changes(case: Case) -> Iterable[Change]:
    """Propose to relax one link to something that is placed.

    Parameters
    ----------
    case
        The task that is left out, and why.

    Yields
    ------
    At most two changes per link: in time and in people.
    """
    for link, other in neighbours(case.task):
        placement = case.scene.solution[other]
        if placement is None:
            continue
        number = next(n for n, known in enumerate(case.instance.tasks[link.after].links_in) if known is link)
        loose = _with(case.task, link, link._replace(min_gap=-NEVER, max_gap=NEVER))
        inquiry = case.inquire(altered=loose)
        inquiry.aim = _nearest(case, link, other, placement.start)
        place = Search(inquiry).open_place()
        if place is not None:
            yield from _gap(case, link, other, number, place.start - placement.start)
        if link.same_users or link.different_users:
            free = _with(case.task, link, link._replace(same_users=False, different_users=False))
            if case.opens(altered=free) is not None:
                yield _people(case, link, other, number)


def _with(task: Task, old: Link, new: Link) -> Task:
    return replace(
        task,
        links_in=[new if link is old else link for link in task.links_in],
        links_out=[new if link is old else link for link in task.links_out],
    )


def _nearest(case: Case, link: Link, other: int, start: int) -> int:
    """The start at which the longest gap would be kept, or the shortest where there is no longest."""
    gap = link.max_gap if link.max_gap < NEVER else link.min_gap
    if other == link.before:
        return start + gap + (0 if link.from_start else case.instance.tasks[other].duration)
    return start - gap - (0 if link.from_start else case.task.duration)


def _gap(case: Case, link: Link, other: int, number: int, distance: int) -> Iterator[Change]:
    """Make the gap as long or as short as a place needs it; the distance is between the two starts."""
    first = case.instance.tasks[link.before].duration
    gap = (distance if other == link.before else -distance) - (0 if link.from_start else first)
    old: Wish = case.problem.appointments[link.after].after[number]
    name, edge = case.words.task(other), "start" if link.from_start else "end"
    which = f"the {edge} of {name}" if other == link.before else f"its {edge}, when {name} starts"
    if gap > link.max_gap:
        text = f"allow {minutes_in_words(gap)} after {which} instead of {minutes_in_words(max(0, link.max_gap))}"
        yield _relinked(case, link, number, text, {"max_gap_minutes": gap})
    elif gap < link.min_gap:
        text = f"allow a gap of {_signed(gap)} after {which} instead of {_signed(old.min_gap_minutes)}"
        yield _relinked(case, link, number, text, {"min_gap_minutes": gap})


def _signed(minutes: int) -> str:
    return f"-{minutes_in_words(-minutes)}" if minutes < 0 else minutes_in_words(minutes)


def _people(case: Case, link: Link, other: int, number: int) -> Change:
    which = "other people than" if link.same_users else "the same people as"
    fields: dict[str, JsonValue] = {"same_users": False, "different_users": False}
    return _relinked(case, link, number, f"let {which} for {case.words.task(other)} come", fields)


def _relinked(case: Case, link: Link, number: int, text: str, fields: dict[str, JsonValue]) -> Change:
    after = case.problem.appointments[link.after].after
    wishes: list[JsonValue] = [wish.model_dump(mode="json", by_alias=True, exclude_defaults=True) for wish in after]
    changed = wishes[number]
    wishes[number] = (changed if isinstance(changed, dict) else {}) | fields
    return Change("link", text, (put(f"/appointments/{link.after}/after", wishes),))
