"""What a solution costs, recomputed from the instance: in rare corners a model's objective is only a bound of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from solver.cpsat.fixed import Fixed, own_cost
from solver.cpsat.ledger import ShiftCost, Stay
from solver.instance import NEVER, NOWHERE, Instance, Interval, Solution


def price(instance: Instance, solution: Solution) -> int:
    """Add up the cost of a solution.

    Parameters
    ----------
    instance, solution
        The problem, and one placement or None per task.

    Returns
    -------
    The cost by all terms.
    """
    return price_of(Fixed(instance, (), solution))


def price_of(standing: Fixed) -> int:
    """Add up the cost of what stands, of which nothing is free.

    Parameters
    ----------
    standing
        All placements.

    Returns
    -------
    The cost by all terms.
    """
    instance = standing.instance
    cost = standing.own_cost() + _counters_cost(instance, standing) + _shared_cost(instance, standing)
    if not (instance.travel_exists or instance.waiting_weight or instance.max_waiting_weight):
        return cost
    longest = 0
    for user in standing.stays:
        for minutes in walks(standing, user):
            cost += instance.travel_weight * minutes.travel + instance.waiting_weight * minutes.waiting
            longest = max(longest, minutes.waiting)
    return cost + instance.max_waiting_weight * longest


def walks(standing: Fixed, user: int) -> list[ShiftCost]:
    """Walk through all shifts of a user.

    Parameters
    ----------
    standing, user
        What stands, and one of the users.

    Returns
    -------
    Minutes of every shift in which something stands.
    """
    account = standing.account(user)
    if account.walks is None:
        shifts = by_shift(standing.instance.users[user].shifts, standing.stays.get(user, ()))
        account.walks = [shift_cost(standing.instance, user, shift, held) for shift, held in shifts]
    return account.walks


def tasks_cost(instance: Instance, solution: Solution) -> int:
    """Add up what placed and absent tasks cost by themselves."""
    return sum(own_cost(task, place) for task, place in zip(instance.tasks, solution, strict=True))


def by_shift(shifts: Sequence[Interval], stays: Sequence[Stay]) -> Iterator[tuple[Interval, list[Stay]]]:
    """Divide what a user serves among the shifts that hold the starts; what starts outside them is dropped."""
    for shift in shifts:
        held = [stay for stay in stays if shift[0] <= stay.start < shift[1]]
        if held:
            yield shift, held


def shift_cost(instance: Instance, user: int, shift: Interval, held: Sequence[Stay]) -> ShiftCost:
    """Walk through a shift.

    Parameters
    ----------
    instance, user
        Whose shift it is.
    shift, held
        The shift and what starts in it, sorted.

    Returns
    -------
    Travel between places, from and to the user's own; idle minutes with the travel between places taken off.
    """
    about, minutes = instance.users[user], instance.travel
    travel = waiting = gap = 0
    place = NOWHERE
    if not instance.travel_exists:
        return ShiftCost(0, sum(max(0, after.begin - before.end) for before, after in pairwise(held)))
    for number, stay in enumerate(held):
        if number:
            gap += max(0, stay.begin - held[number - 1].end)
        here = instance.tasks[stay.task].location
        if here == NOWHERE:
            continue
        if place == NOWHERE:
            trip, taken_off = (int(minutes[about.start_location, here]) if about.start_location != NOWHERE else 0), 0
        else:
            trip = taken_off = int(minutes[place, here])
        travel += trip
        waiting += max(0, gap - taken_off)
        gap, place = 0, here
    if place != NOWHERE and about.end_location != NOWHERE:
        travel += int(minutes[place, about.end_location])
    return ShiftCost(travel, waiting + gap)


def _counters_cost(instance: Instance, standing: Fixed) -> int:
    cost = 0
    for index, subject in instance.subjects():
        for counter in subject.counters:
            if counter.weight and counter.threshold != NEVER:
                over = (max(0, amount - counter.threshold) for amount in standing.counted(index, counter).values())
                cost += counter.weight * sum(over)
    return cost


def _shared_cost(instance: Instance, standing: Fixed) -> int:
    """Largest lateness, balance, continuity, headcount and labour."""
    cost = instance.headcount_weight * len(standing.stays)
    pairs = list(zip(instance.tasks, standing.placements, strict=True))
    if instance.max_late_weight:
        late = (place.start + task.duration - task.due for task, place in pairs if place is not None and task.has_due)
        cost += instance.max_late_weight * max(0, max(late, default=0))
    if instance.continuity_weight:
        served: dict[int, set[int]] = {}
        largest: dict[int, int] = {}
        for task, place in pairs:
            if place is not None and task.client != NOWHERE:
                served.setdefault(task.client, set()).update(place.users)
                largest[task.client] = max(largest.get(task.client, 0), len(place.users))
        cost += instance.continuity_weight * sum(len(users) - largest[client] for client, users in served.items())
    if not instance.balance_weight and not instance.labor_weight:
        return cost
    minutes = [0] * len(instance.users)
    for user, stays in standing.stays.items():
        minutes[user] = sum(instance.tasks[stay.task].duration for stay in stays)
    loads = [minutes[user] for user in instance.balance_users]
    cost += instance.balance_weight * (max(loads, default=0) - min(loads, default=0))
    labor = sum(load * user.rate for load, user in zip(minutes, instance.users, strict=True))
    return cost + instance.labor_weight * ((2 * labor + instance.rate_unit) // (2 * instance.rate_unit))
