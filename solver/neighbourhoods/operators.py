"""Ways to choose a part of a plan around one of its tasks; each needs something that not every problem has."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

import numpy as np

from solver.cpsat.fixed import Scope
from solver.instance import NOWHERE, Interval
from solver.neighbourhoods.block import Block
from solver.neighbourhoods.landscape import ABSENT, Ints, Landscape
from solver.neighbourhoods.relations import Relations

CREWS = (2, 3, 3, 4, 5)  # numbers of people around a task
WAITERS = 3  # tasks left out that join a block at most
MARGIN_MINUTES = 120  # around the times of a block within which its tasks may start
CLOSE_ODDS = 0.5  # of blocks whose tasks keep to their time
FAR_MINUTES = 24 * 60  # that count as much as the longest way, for tasks near each other in place and time


class Choice(NamedTuple):
    """What an operator chooses from."""

    lie: Landscape
    draw: random.Random
    seed: int  # a task
    size: int  # tasks at most


def focus(choice: Choice) -> int:
    """When the seed takes place, or could."""
    start = int(choice.lie.start[choice.seed])
    if start != ABSENT:
        return start
    task = choice.lie.instance.tasks[choice.seed]
    if task.preferred_weight:
        return task.preferred_start
    low, high = choice.draw.choice(task.windows) if task.windows else (choice.lie.instance.start,) * 2
    return choice.draw.randint(low, max(low, high - task.duration))


def people_around(choice: Choice, count: int) -> list[int]:
    """So many people who could serve the seed, its crew among them, and enough for every position."""
    task, draw = choice.lie.instance.tasks[choice.seed], choice.draw
    users = dict.fromkeys(choice.lie.crew(choice.seed))
    if task.whole_team and task.teams:
        users |= dict.fromkeys(choice.lie.instance.subject(draw.choice(task.teams)).members)
    for position in task.positions:
        if position.users:
            users[draw.choice(position.users)] = None
    others = [user for user in choice.lie.relations.people[choice.seed] if user not in users]
    return [*users, *draw.sample(others, min(len(others), max(0, count - len(users))))]


def nearest_in_time(lie: Landscape, tasks: Iterable[int], minute: int, most: int) -> list[int]:
    """Those of some tasks that start nearest to a minute."""
    return sorted(tasks, key=lambda task: abs(int(lie.start[task]) - minute))[:most]


def waiters(choice: Choice, users: Iterable[int]) -> list[int]:
    """Some tasks left out that people could serve."""
    able = set(users)
    out = choice.lie.left_out().tolist()
    if len(out) > 50:
        out = choice.draw.sample(out, 50)
    people = choice.lie.relations.people
    fit = [task for task in out if task != choice.seed and (not people[task] or able.intersection(people[task]))]
    return choice.draw.sample(fit, min(len(fit), WAITERS))


def block_of(choice: Choice, tasks: Iterable[int], users: Iterable[int] = ()) -> Block:
    """Make a block of some tasks: people who serve them, or are named, may serve any; half the time at their time."""
    lie = choice.lie
    chosen = dict.fromkeys((choice.seed, *tasks))
    kept = tuple(sorted(list(chosen)[: choice.size]))
    able = {user for task in kept for user in lie.crew(task)} | set(users)
    starts = [int(lie.start[task]) for task in kept if lie.start[task] != ABSENT]
    spans: tuple[Interval, ...] = ()
    if starts and (lie.instance.travel_exists or choice.draw.random() < CLOSE_ODDS):
        low, high = min(starts), max(starts)
        at = focus(choice)
        spans = ((min(low, at) - MARGIN_MINUTES, max(high, at) + MARGIN_MINUTES + 1),)
    return Block(kept, Scope(frozenset(able), spans))


def crews(choice: Choice) -> Block:
    """A few people, and what they serve around the time of the seed."""
    users = people_around(choice, choice.draw.choice(CREWS))
    if not users:
        return moment(choice)
    minute = focus(choice)
    theirs = {task for user in users for task in choice.lie.served_by(user)}
    out = waiters(choice, users)
    near = nearest_in_time(choice.lie, theirs, minute, choice.size - 1 - len(out))
    return block_of(choice, [*near, *out], users)


def moment(choice: Choice) -> Block:
    """Whatever takes place around the time of the seed, whoever serves it."""
    return block_of(choice, _nearest(choice, choice.lie.relations.movable), people_around(choice, 2))


def skills(choice: Choice) -> Block:
    """Tasks for the same people around the time of the seed."""
    about = choice.lie.relations
    alike = about.movable[about.kind[about.movable] == about.kind[choice.seed]]
    return block_of(choice, _nearest(choice, alike), people_around(choice, 2))


def assets(choice: Choice) -> Block:
    """Tasks that could take the same resource or team, around the time of the seed."""
    about = choice.lie.relations
    asset = choice.draw.choice(about.assets[choice.seed] or (NOWHERE,))
    others = np.array(about.with_asset.get(asset, [choice.seed]), np.int64)
    return block_of(choice, _nearest(choice, others), people_around(choice, 2))


def client(choice: Choice) -> Block:
    """Tasks of the same client, and what else their people serve at those times."""
    about = choice.lie.relations
    same = about.movable[about.client[about.movable] == about.client[choice.seed]].tolist()
    some = choice.draw.sample(same, min(len(same), max(1, choice.size // 2)))
    return block_of(choice, [*some, *_beside(choice, some)], people_around(choice, 2))


def chain(choice: Choice) -> Block:
    """Tasks that links join, and what else their people serve at those times."""
    linked = choice.lie.relations.chain(choice.seed, max(2, choice.size // 2))
    return block_of(choice, [*linked, *_beside(choice, linked)], people_around(choice, 3))


def places(choice: Choice) -> Block:
    """Tasks near the seed in place and time."""
    lie, about = choice.lie, choice.lie.relations
    travel = lie.instance.travel
    there = about.movable[(about.location[about.movable] != NOWHERE) & (lie.start[about.movable] != ABSENT)]
    here = about.location[choice.seed]
    if here == NOWHERE or not len(there):
        return crews(choice)
    way = travel[here, about.location[there]] / max(1, int(travel.max()))
    apart = np.abs(lie.start[there] - focus(choice)) / FAR_MINUTES
    noise = np.array([choice.draw.uniform(0.7, 1.3) for _ in range(len(there))])
    near = there[np.argsort((way + apart) * noise, kind="stable")[: choice.size]]
    return block_of(choice, [*near.tolist(), *waiters(choice, people_around(choice, 2))], people_around(choice, 2))


def routes(choice: Choice) -> Block:
    """Strings of stops in the routes of two or three people who pass near each other."""
    lie = choice.lie
    users = people_around(choice, choice.draw.choice((2, 2, 3)))
    if not users:
        return moment(choice)
    minute = focus(choice)
    share = max(1, (choice.size - 1) // len(users))
    strings: list[int] = []
    for user in users:
        theirs = lie.served_by(user)
        if theirs:
            middle = min(range(len(theirs)), key=lambda k: abs(int(lie.start[theirs[k]]) - minute))
            first = max(0, middle - choice.draw.randint(0, share - 1))
            strings += theirs[first : first + share]
    return block_of(choice, [*strings, *waiters(choice, users)[:1]], users)


def heads(choice: Choice) -> Block:
    """All that a few people serve who serve little, and others who serve nothing yet."""
    lie = choice.lie
    users = sorted(lie.standing.stays, key=lambda user: len(lie.standing.stays[user]) * choice.draw.uniform(0.5, 1.5))
    chosen: list[int] = []
    tasks: list[int] = []
    for user in [*lie.crew(choice.seed), *users]:
        theirs = lie.served_by(user)
        if len(tasks) + len(theirs) <= choice.size and user not in chosen:
            chosen.append(user)
            tasks += theirs
    able = {user for task in tasks for user in lie.relations.people[task]}
    idle = [user for user in able if user not in lie.standing.stays]
    return block_of(choice, tasks, [*chosen, *choice.draw.sample(idle, min(len(idle), len(chosen)))])


def anything(choice: Choice) -> Block:
    """Tasks at random."""
    movable = choice.lie.relations.movable.tolist()
    some = choice.draw.sample(movable, min(len(movable), choice.size))
    return block_of(choice, some, people_around(choice, 2))


def _nearest(choice: Choice, tasks: Ints) -> list[int]:
    """Those of some tasks that stand nearest in time to the seed, and a few that are left out."""
    lie = choice.lie
    apart = np.abs(lie.start[tasks] - focus(choice))
    near = tasks[np.argsort(apart, kind="stable")[: choice.size]].tolist()
    out = [task for task in tasks.tolist() if lie.start[task] == ABSENT]
    some = choice.draw.sample(out, min(len(out), WAITERS))
    return [*some, *(task for task in near if task not in some)]


def _beside(choice: Choice, tasks: Sequence[int]) -> list[int]:
    """What the people of some tasks serve near their times, round by round."""
    lie = choice.lie
    beside: list[int] = []
    for task in tasks:
        theirs = {other for user in lie.crew(task) for other in lie.served_by(user)} - set(tasks)
        beside += nearest_in_time(lie, theirs, int(lie.start[task]), 3)
    return beside


def operators_of(relations: Relations) -> dict[str, Callable[[Choice], Block]]:
    """The operators that make sense in a problem.

    Parameters
    ----------
    relations
        What the problem says of its tasks.

    Returns
    -------
    Operators by name.
    """
    instance = relations.instance
    found: dict[str, Callable[[Choice], Block]] = {"crews": crews, "moment": moment, "anything": anything}
    if len(set(relations.kind[relations.movable].tolist())) > 1:
        found["skills"] = skills
    if relations.with_asset:
        found["assets"] = assets
    if relations.has_clients and instance.continuity_weight:
        found["client"] = client
    if relations.linked:
        found["chain"] = chain
    if instance.travel_exists:
        found |= {"places": places, "routes": routes}
    if instance.headcount_weight or instance.balance_weight:
        found["heads"] = heads
    return found
