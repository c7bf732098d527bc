"""Moving named appointments out of the way, or placing it where there is room after all."""

from collections.abc import Iterable, Iterator, Sequence

from models.explanation import Kind
from solver.explain.blockers import behind
from solver.explain.closings import Closings
from solver.explain.crews import neighbours
from solver.explain.inquiry import inquire
from solver.explain.remedies.bench import Trial
from solver.explain.remedies.case import Case
from solver.explain.remedies.change import Change
from solver.explain.search import Search
from solver.explain.starts import DAY
from solver.explain.wording import listed
from solver.instance import NOWHERE, Placement

MOST = 4
MOST_SINGLE = 150  # appointments that are tried one by one
MOST_STARTS = 24  # at which those in the way are tried together
MOST_TOGETHER = 4
MOST_OF_A_DAY = 8
MOST_TOLD = 3  # moves that are told one by one
AROUND = 90  # minutes beside the windows in which those who travel are in the way, too


def changes(case: Case) -> Iterable[Change]:
    """Propose to place it with what it follows, where there is room, or where others make way.

    Parameters
    ----------
    case
        The task that is left out, and why.

    Yields
    ------
    A few changes of the plan; the problem stays as it is.
    """
    missing = [other for link, other in neighbours(case.task) if _is_missing(case, other) and other == link.before]
    if missing:
        yield Change("move", None, before=tuple(dict.fromkeys(missing)))
        return
    if case.has_place:
        yield Change("place", None)
    promising = [trial for trial in trials(case) if trial.cost_delta < 0 or case.task.mandatory]
    yield from (Change("move", None, freed=trial.freed) for trial in promising[:MOST])


def _is_missing(case: Case, other: int) -> bool:
    return case.scene.solution[other] is None


def trials(case: Case) -> list[Trial]:
    """Try who could make way, alone or a few together.

    Parameters
    ----------
    case
        The task that is left out, and why.

    Returns
    -------
    All with which the task has a place, the cheapest first; of equals the fewest.
    """
    known = case.bench.trials
    if case.index not in known:
        known[case.index] = _trials(case)
    return known[case.index]


def _trials(case: Case) -> list[Trial]:
    sets = dict.fromkeys((*((one,) for one in _around(case)), *_together(case)))
    found = [trial for freed in sets if (trial := _tried(case, freed)) is not None]
    found.sort(key=lambda trial: (trial.cost_delta, len(trial.freed), trial.freed))
    alone = {trial.freed[0]: trial.cost_delta for trial in found if len(trial.freed) == 1}
    # Who makes way without need is no part of it.
    return [
        t for t in found if len(t.freed) == 1 or all(alone.get(one, t.cost_delta + 1) > t.cost_delta for one in t.freed)
    ]


def _tried(case: Case, freed: Sequence[int]) -> Trial | None:
    """Take some out, place the task, and place them again, the dearest first; the kernel's plan stays as it was."""
    case.bench.tried += 1
    prices, tasks = case.bench.prices, case.instance.tasks
    before, placed = prices.cost, list[int]()
    order = tuple(sorted(freed, key=lambda one: -tasks[one].absent_cost))
    for one in freed:
        prices.take(one)
    for number in (case.index, *order):
        best = prices.best(number)
        if best is not None:
            prices.put(number, best[1])
            placed.append(number)
        elif number == case.index:
            break
    delta = prices.cost - before
    prices.reset()
    lost = any(tasks[one].mandatory and one not in placed for one in freed)
    return Trial(delta, order) if case.index in placed and not lost else None


def _around(case: Case) -> list[int]:
    """Placed tasks that take something it could use at about the time it asks for, the least important first."""
    inquiry, tasks = case.finding.inquiry, case.instance.tasks
    reach = AROUND if case.instance.travel_exists else 0
    subjects = {user for crew in inquiry.crews for users, _ in crew.groups for user in users}
    subjects |= {resource for demand in inquiry.demands for resource in demand.resources}
    subjects |= {crew.team for crew in inquiry.crews if crew.team != NOWHERE} | {case.instance.subject_count - 1}
    found: dict[int, None] = {}
    for low, high in case.task.windows:
        opens, closes = low - case.task.before - reach, high + case.task.after + reach
        for subject in sorted(subjects - {case.instance.subject_count - 1} or subjects):
            found.update(dict.fromkeys(use.stop.task for use in case.scene.occupied.meeting(subject, opens, closes)))
    free = [one for one in found if tasks[one].pinned is None]
    return sorted(free, key=lambda one: (tasks[one].absent_cost, tasks[one].duration))[:MOST_SINGLE]


def _together(case: Case) -> Iterator[tuple[int, ...]]:
    """Those who are in the way together: at the place that is explained, there all day, and at other places."""
    if case.finding.kind is not Kind.BLOCKED:
        return
    for group in (_behind(case), _of_the_day(case)):
        if 1 < len(group) <= MOST_OF_A_DAY:
            yield group
    search = Search(inquire(case.scene.barred, case.appointment, case.index))
    inquiry = search.inquiry
    starts = [(span, int(column)) for span, flags in inquiry.starts(frozenset()) for column in flags.nonzero()[0]]
    for span, column in starts[:: -(-len(starts) // MOST_STARTS) or 1]:
        for crew in inquiry.crews[:MOST_TOGETHER]:
            place = search.exact(span, column, crew)
            group = _movable(case, search.occupants(place))
            if not place.barred and 1 < len(group) <= MOST_TOGETHER:
                yield group


def _behind(case: Case) -> tuple[int, ...]:
    """All who are behind the causes."""
    closings = Closings(case.words, case.finding.inquiry, case.finding.place)
    return _movable(case, (one for cause in case.finding.causes for one in behind(closings, cause)))


def _of_the_day(case: Case) -> tuple[int, ...]:
    """All that the people of the place do on its day."""
    start = case.finding.place.start
    day = start - start % DAY, start - start % DAY + DAY
    users = case.finding.place.users
    return _movable(case, (use.stop.task for user in users for use in case.scene.occupied.meeting(user, *day)))


def _movable(case: Case, tasks: Iterable[int]) -> tuple[int, ...]:
    """Those of some tasks that are placed and not pinned, each once."""
    known, solution = case.instance.tasks, case.scene.solution
    return tuple(sorted({one for one in tasks if known[one].pinned is None and solution[one] is not None}))


def told(case: Case, before: Sequence[Placement | None], after: Sequence[Placement | None]) -> str:
    """Say what moves, as a command to a planner.

    Parameters
    ----------
    case
        The task that gets a place.
    before, after
        Two solutions.

    Returns
    -------
    Such as: move a3 (low) to Monday 10:00–11:00.
    """
    moved = [n for n, (was, now) in enumerate(zip(before, after, strict=True)) if was != now and n != case.index]
    parts = [_moved(case, number, before[number], after[number]) for number in moved]
    if len(parts) > MOST_TOLD:
        first = max(moved, key=lambda number: case.instance.tasks[number].absent_cost)
        return f"let {len(parts)} appointments make way, among them {case.words.task(first)}"
    if not parts:
        return "place it where there is room, which the search did not get to"
    return listed(parts, most=MOST_TOLD)


def _moved(case: Case, number: int, was: Placement | None, now: Placement | None) -> str:
    words, minutes = case.words, case.instance.tasks[number].duration
    name = words.task(number)
    if now is None:
        return f"leave out {name}"
    if was is None:
        return f"place {name} {words.stretch(now.start, now.start + minutes)}"
    parts = []
    if now.start != was.start:
        parts.append(f"to {words.stretch(now.start, now.start + minutes).removeprefix('on ')}")
    if set(now.users) != set(was.users) and now.users:
        parts.append(f"to {' and '.join(words.subject(user) for user in now.users)}")
    if set(now.resources) != set(was.resources) and now.resources:
        parts.append(f"to {' and '.join(words.subject(resource) for resource in now.resources)}")
    if now.team != was.team and now.team != NOWHERE:
        parts.append(f"to {words.subject(now.team)}")
    return f"move {name} {', '.join(parts)}" if parts else f"give {name} other units"
