"""The places that an appointment could have instead of its own, before anybody has checked what they cost."""

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

import numpy as np

from solver.explain.causes import BURDEN
from solver.explain.crews import Crew
from solver.explain.inquiry import Inquiry
from solver.explain.place import Place
from solver.explain.rows import Span
from solver.explain.search import Search
from solver.instance import Placement

MOST_STARTS = 400  # that are looked at, the cheapest first
MOST_PEOPLE = 6  # that are looked at for one start
MOST_TEAMS = 4


class Option(NamedTuple):
    """A place, and what its start and people cost by themselves."""

    estimate: int
    place: Place


def options_of(inquiry: Inquiry, current: Placement) -> Iterator[Option]:
    """List places of a task, those first whose start costs little and is near.

    Parameters
    ----------
    inquiry
        What is known of the task where it is out of the plan.
    current
        Where it stands.

    Yields
    ------
    Places other than the current one, open or closed.
    """
    search, task = Search(inquiry), inquiry.task
    for start, span, column in _starts(inquiry, current.start):
        seen: set[tuple[int, tuple[int, ...], tuple[int, ...]]] = set()
        for crew in _crews(inquiry, current, span, column):
            place = search.exact(span, column, crew)
            key = place.crew.team, tuple(sorted(place.users)), place.resources
            if key in seen or _is(place, current):
                continue
            seen.add(key)
            yield Option(task.start_cost(start) + sum(task.user_cost(user) for user in place.users), place)


def _starts(inquiry: Inquiry, current: int) -> list[tuple[int, Span, int]]:
    """The starts of a task, the cheapest first, then the nearest; the current one leads."""
    starts = [
        (span.first + span.step * column, span, column)
        for span, flags in inquiry.starts(frozenset())
        for column in flags.nonzero()[0].tolist()
    ]
    cost = inquiry.task.start_cost
    starts.sort(key=lambda start: (start[0] != current, cost(start[0]), abs(start[0] - current)))
    return starts[:MOST_STARTS]


def _crews(inquiry: Inquiry, current: Placement, span: Span, column: int) -> Iterator[Crew]:
    """The people of now, whoever is freest, and others one by one."""
    for crew in inquiry.crews[:MOST_TEAMS]:
        if crew.unlinked:
            continue
        if crew.team == current.team and _could(crew, current.users):
            yield _forced(crew, current.users)
        yield crew
        yield from _one_by_one(inquiry, crew, span, column)


def _one_by_one(inquiry: Inquiry, crew: Crew, span: Span, column: int) -> Iterator[Crew]:
    if len(crew.heads) != 1:
        return
    (users,), task = crew.heads, inquiry.task
    masks = inquiry.scene.rows.block(users, None, inquiry.shape, span).masks[:, column]
    costs = np.array([task.user_cost(user) for user in users])
    order = np.lexsort((costs, BURDEN[masks]))
    yield from (_forced(crew, (users[row],)) for row in order[:MOST_PEOPLE].tolist())


def _could(crew: Crew, users: Sequence[int]) -> bool:
    return len(crew.heads) == len(users) and all(user in able for user, able in zip(users, crew.heads, strict=True))


def _forced(crew: Crew, users: Iterable[int]) -> Crew:
    return crew._replace(groups=tuple(((user,), 1) for user in users))


def _is(place: Place, current: Placement) -> bool:
    same = place.start == current.start and place.crew.team == current.team
    return same and set(place.users) == set(current.users) and set(place.resources) == set(current.resources)
