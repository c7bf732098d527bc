"""Waiting: minutes a user is idle between two tasks of a shift, travel taken off."""

from __future__ import annotations

from itertools import pairwise

from ortools.sat.python import cp_model

from solver.cpsat.build import Build, Literal
from solver.cpsat.price import shift_cost
from solver.cpsat.stops import Shift, minutes_between


def add_waiting(build: Build, shifts: list[Shift], elsewhere: list[int]) -> None:
    """Price the waiting of every shift, and the longest one.

    Parameters
    ----------
    build, shifts
        The model, and all shifts with their routes.
    elsewhere
        Minutes of waiting in shifts of users whom no free task concerns.
    """
    instance = build.instance
    if not instance.waiting_weight and not instance.max_waiting_weight:
        return
    settled = elsewhere + [
        shift_cost(instance, shift.user, shift.span, shift.held).waiting for shift in shifts if not shift.has_free
    ]
    build.constant += instance.waiting_weight * sum(settled)
    waits = [_waiting(build, shift) for shift in shifts if shift.has_free]
    for wait in waits:
        build.pay(instance.waiting_weight, wait)
    if instance.max_waiting_weight:
        top = max([0, *settled])
        longest = build.new_int(top, max(top, instance.end - instance.start + 2 * _margin(build)))
        for wait in waits:
            build.model.add(longest >= wait)
        build.pay(instance.max_waiting_weight, longest)


def _margin(build: Build) -> int:
    """How far beyond the horizon anything reaches."""
    marks = [build.instance.start, build.instance.end]
    for stays in build.fixed.stays.values():
        marks += [stay.begin for stay in stays] + [stay.end for stay in stays]
    for task in build.tasks.values():
        marks += [int(task.starts[0]) - task.task.before, int(task.starts[-1]) + task.task.duration + task.task.after]
    return max(build.instance.start - min(marks), max(marks) - build.instance.end)


def _waiting(build: Build, shift: Shift) -> cp_model.IntVar:
    """A variable that is at least the idle minutes of a shift: its hull, less what is served, less travel.

    Where pinned tasks overlap it may stay below them; the cost of a solution is computed anew, and the bound holds.
    """
    low = min(stop.earliest for stop in shift.stops)
    high = max(stop.latest_end for stop in shift.stops)
    first, last = build.new_int(low, high), build.new_int(low, high)
    fixed = [stop for stop in shift.stops if stop.fixed]
    if fixed:
        build.model.add(first <= fixed[0].begin)
        build.model.add(last >= fixed[-1].end)
    for stop in shift.stops:
        if stop.present is not None:
            build.model.add(first <= stop.begin).only_enforce_if(stop.present)
            build.model.add(last >= stop.end).only_enforce_if(stop.present)
    held = shift.held
    counted_twice = sum(max(0, before.end - after.begin) for before, after in pairwise(held))
    served = sum(stop.length if stop.present is None else stop.length * stop.present for stop in shift.stops)
    travel = sum(
        _taken_off(build, shift, origin, destination, arc) for (origin, destination), arc in shift.arcs.items()
    )
    wait = build.new_int(0, high - low)
    build.model.add(last - first - served - travel + counted_twice <= wait)
    return wait


def _taken_off(build: Build, shift: Shift, origin: int, destination: int, arc: Literal) -> cp_model.LinearExpr:
    """Travel that a way takes off the gaps: all of it, but between fixed stops no more than there is."""
    first, second = shift.stops[origin], shift.stops[destination]
    minutes = int(build.instance.travel[first.location, second.location])
    if first.stay is None or second.stay is None:
        return minutes * arc
    held = shift.held
    leg = held[held.index(first.stay) : held.index(second.stay) + 1]
    idle = sum(max(0, after.begin - before.end) for before, after in pairwise(leg))
    if idle >= minutes or all(shift.stops[number].fixed for number in shift.unlocated):
        return min(minutes, idle) * arc
    standing = tuple(number for number in shift.unlocated if shift.stops[number].fixed)
    eaten = minutes_between(shift, origin, destination, standing)
    taken_off = build.new_int(0, idle)
    build.model.add(taken_off <= idle * arc)
    build.model.add(taken_off <= idle - eaten).only_enforce_if(arc)
    return taken_off
