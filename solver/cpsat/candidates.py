"""What each free task could still be given: starts, crews, teams and resources that cannot be ruled out one by one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from solver.cpsat.fixed import Fixed
from solver.cpsat.starts import Starts, window_starts
from solver.instance import NEVER, Instance, Link, Task


@dataclass(slots=True)
class Choice:
    """Equal positions or equal demands of a task, and who could fill them, with the units each would give."""

    places: list[int]
    units: dict[int, int]


@dataclass(slots=True)
class Candidate:
    """A free task that can be placed: its starts, and the starts it may have with each subject."""

    index: int
    task: Task
    starts: Starts
    positions: list[Choice] = field(default_factory=list)
    demands: list[Choice] = field(default_factory=list)
    teams: list[int] = field(default_factory=list)
    allowed: dict[int, Starts] = field(default_factory=dict)
    allowed_units: dict[tuple[int, int], Starts] = field(default_factory=dict)  # by resource and units
    exact_users: frozenset[int] | None = None  # a fixed linked task asks for this crew
    required: bool = False  # a fixed task hangs on it


def find_candidate(instance: Instance, fixed: Fixed, index: int) -> Candidate | None:
    """Collect what a task could be given beside what stands.

    Parameters
    ----------
    instance, fixed
        The problem and what stands.
    index
        A free task.

    Returns
    -------
    What could be given, or None where the task cannot be placed.
    """
    task = instance.tasks[index]
    starts = fixed.in_spans(index, window_starts(instance, task))
    found = Candidate(index, task, fixed.admits(fixed.organization, task, starts))
    banned: set[int] = set()
    if not _obey_fixed_links(instance, fixed, found, banned):
        return None
    if not _find_crew(instance, fixed, found, banned) or not _find_resources(fixed, found):
        return None
    if not _agree(found, instance) or not (found.exact_users or frozenset()) <= found.allowed.keys():
        return None
    return found


def is_required(instance: Instance, fixed: Fixed, index: int) -> bool:
    """Tell whether a fixed task that is not pinned stands after a free one, which therefore must be placed."""
    return any(
        fixed.placements[link.after] is not None and instance.tasks[link.after].pinned is None
        for link in instance.tasks[index].links_out
    )


def gap_bounds(instance: Instance, link: Link, before: int) -> tuple[int, int]:
    """Find from when to when a link lets the later task start, if the earlier one starts at `before`."""
    anchor = before if link.from_start else before + instance.tasks[link.before].duration
    return anchor + link.min_gap, NEVER if link.max_gap == NEVER else anchor + link.max_gap


def _obey_fixed_links(instance: Instance, fixed: Fixed, found: Candidate, banned: set[int]) -> bool:
    """Cut starts and crew to what fixed neighbours ask for; False where that cannot be met."""
    found.required = is_required(instance, fixed, found.index)
    for link in (*found.task.links_in, *found.task.links_out):
        follows = link.after == found.index
        other = link.before if follows else link.after
        if other in fixed.free:
            continue
        place = fixed.placements[other]
        if place is None:
            if follows:
                return False
            continue
        if follows:
            low, high = gap_bounds(instance, link, place.start)
        else:
            reach = 0 if link.from_start else found.task.duration
            low, high = place.start - reach - link.max_gap, place.start - reach - link.min_gap
        found.starts = found.starts[(found.starts >= low) & (found.starts <= high)]
        if link.different_users:
            banned.update(place.users)
        if link.same_users:
            crew = frozenset(place.users)
            if found.exact_users is not None and found.exact_users != crew:
                return False
            found.exact_users = crew
    return len(found.starts) > 0


def _find_crew(instance: Instance, fixed: Fixed, found: Candidate, banned: set[int]) -> bool:
    task, index, exact = found.task, found.index, found.exact_users
    known: dict[int, Starts] = {}

    def starts_with(user: int) -> Starts:
        if user not in known:
            unwanted = user in banned or (exact is not None and user not in exact) or not fixed.may_serve(user, index)
            known[user] = found.starts[:0] if unwanted else fixed.admits(user, task, found.starts)
        return known[user]

    groups: dict[int, Choice] = {}
    for place, position in enumerate(task.positions):
        if id(position.users) in groups:
            groups[id(position.users)].places.append(place)
        else:
            able = {user: 1 for user in position.users if len(starts_with(user))}
            groups[id(position.users)] = Choice([place], able)
    found.positions = list(groups.values())
    if any(len(group.units) < len(group.places) for group in found.positions):
        return False
    for team in task.teams:
        starts = fixed.admits(team, task, found.starts)
        if task.whole_team:
            members = instance.subject(team).members
            if exact is not None and frozenset(members) != exact:
                continue
            for user in members:
                starts = np.intersect1d(starts, starts_with(user), assume_unique=True)
        if len(starts):
            found.teams.append(team)
            found.allowed[team] = starts
    if task.whole_team:
        users = {user for team in found.teams for user in instance.subject(team).members}
    else:
        users = {user for group in found.positions for user in group.units}
    found.allowed |= {user: starts_with(user) for user in users}
    if exact is not None and (not exact <= users or (not task.whole_team and len(exact) != len(task.positions))):
        return False
    return bool(found.teams) or not (task.teams or task.whole_team)


def _find_resources(fixed: Fixed, found: Candidate) -> bool:
    groups: dict[int, Choice] = {}
    for place, demand in enumerate(found.task.demands):
        if id(demand) in groups:
            groups[id(demand)].places.append(place)
            continue
        able: dict[int, int] = {}
        for resource, units in zip(demand.resources, demand.units, strict=True):
            starts = fixed.admits(resource, found.task, found.starts, units)
            if len(starts):
                able[resource] = units
                found.allowed_units[resource, units] = starts
        groups[id(demand)] = Choice([place], able)
    found.demands = list(groups.values())
    return all(len(group.units) >= len(group.places) for group in found.demands)


def _agree(found: Candidate, instance: Instance) -> bool:
    """Drop starts that no subject of some choice has, then what is left without starts, until nothing changes."""
    whole = len(found.starts)
    while True:
        size = len(found.starts)
        for group in found.positions:
            found.starts = _common(found.starts, [found.allowed[user] for user in group.units])
        if found.teams:
            found.starts = _common(found.starts, [found.allowed[team] for team in found.teams])
        for group in found.demands:
            found.starts = _common(found.starts, [found.allowed_units[item] for item in group.units.items()])
        if not len(found.starts):
            return False
        if len(found.starts) == size:
            break
    if size < whole:
        _shrink(found, instance)
    return all(len(group.units) >= len(group.places) for group in (*found.positions, *found.demands))


def restrict(found: Candidate, instance: Instance, starts: Starts, with_subject: Mapping[int, Starts]) -> bool:
    """Cut what a task could be given to some starts, and to fewer with each subject.

    Parameters
    ----------
    found, instance
        What the task could be given, which is changed, and the problem.
    starts, with_subject
        What may be kept; subjects that are not named are dropped.

    Returns
    -------
    Whether the task can still be placed.
    """
    nowhere = starts[:0]
    found.starts = np.intersect1d(found.starts, starts, assume_unique=True)
    for subject, known in found.allowed.items():
        found.allowed[subject] = np.intersect1d(known, with_subject.get(subject, nowhere), assume_unique=True)
    for (subject, units), known in found.allowed_units.items():
        kept = np.intersect1d(known, with_subject.get(subject, nowhere), assume_unique=True)
        found.allowed_units[subject, units] = kept
    _shrink(found, instance)
    if found.task.teams and not found.teams:
        return False
    return all(group.units for group in (*found.positions, *found.demands)) and _agree(found, instance)


def _shrink(found: Candidate, instance: Instance) -> None:
    """Cut what each subject allows to the starts that are left, and drop subjects that allow none."""
    shrunk = {
        subject: np.intersect1d(starts, found.starts, assume_unique=True) for subject, starts in found.allowed.items()
    }
    found.allowed = {subject: starts for subject, starts in shrunk.items() if len(starts)}
    for key, starts in found.allowed_units.items():
        found.allowed_units[key] = np.intersect1d(starts, found.starts, assume_unique=True)
    found.teams = [team for team in found.teams if team in found.allowed]
    for group in found.positions:
        group.units = {user: 1 for user in group.units if user in found.allowed}
    for group in found.demands:
        group.units = {r: units for r, units in group.units.items() if len(found.allowed_units[r, units])}
    if found.task.whole_team:
        taken = {user for team in found.teams for user in instance.subject(team).members}
        found.allowed = {key: starts for key, starts in found.allowed.items() if key in taken or key in found.teams}


def _common(starts: Starts, alternatives: list[Starts]) -> Starts:
    """The starts that at least one of the alternatives has."""
    if any(len(one) == len(starts) and np.array_equal(one, starts) for one in alternatives):
        return starts
    if not alternatives:
        return starts[:0]
    return np.intersect1d(starts, np.unique(np.concatenate(alternatives)), assume_unique=True)
