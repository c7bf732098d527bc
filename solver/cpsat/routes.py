"""Travel within shifts: which located stop follows which, and that there is time to get there."""

from __future__ import annotations

from itertools import pairwise

from solver.cpsat.build import Build, Literal
from solver.cpsat.price import shift_cost
from solver.cpsat.stops import Shift, Stop, minutes_between, order_unlocated
from solver.instance import NOWHERE

DEPOT = 0


def add_route(build: Build, shift: Shift) -> None:
    """Lead a user through the located stops of a shift and price the way.

    Parameters
    ----------
    build, shift
        The model, and a shift whose `arcs` and `ahead` are filled.
    """
    located = shift.located
    if all(shift.stops[number].fixed for number in located):
        settled = shift_cost(build.instance, shift.user, shift.span, shift.held)
        build.constant += build.instance.travel_weight * settled.travel
    if not located or not build.instance.travel_exists:
        return
    order_unlocated(build, shift)
    fixed = [number for number in located if shift.stops[number].fixed]
    if len(fixed) == len(located):
        always = build.model.new_constant(1)
        shift.arcs = dict.fromkeys(pairwise(fixed), always)
    else:
        _add_circuit(build, shift, fixed)
    for (origin, destination), arc in shift.arcs.items():
        _allow_time(build, shift, origin, destination, arc)


def _add_circuit(build: Build, shift: Shift, fixed: list[int]) -> None:
    """Choose the order of the located stops, between the two ends of the shift."""
    stops, located = shift.stops, shift.located
    arcs: list[tuple[int, int, Literal]] = []
    node = {number: place for place, number in enumerate(located, start=1)}
    if not fixed:
        arcs.append((DEPOT, DEPOT, build.new_bool()))
    for number in located:
        present = stops[number].present
        if present is not None:
            arcs.append((node[number], node[number], ~present))
        for tail, head, literal in _depot_arcs(build, shift, fixed, number):
            arcs.append((DEPOT if tail is None else node[tail], DEPOT if head is None else node[head], literal))
    for origin in located:
        for destination in located:
            if origin != destination and _may_follow(build, shift, fixed, origin, destination):
                literal = build.new_bool()
                shift.arcs[origin, destination] = literal
                arcs.append((node[origin], node[destination], literal))
                build.pay(build.instance.travel_weight * _minutes(build, stops[origin], stops[destination]), literal)
    build.model.add_circuit(arcs)


def _depot_arcs(
    build: Build, shift: Shift, fixed: list[int], number: int
) -> list[tuple[int | None, int | None, Literal]]:
    """Ways from the start of the shift to a stop and from it to the end, None standing for the ends."""
    user, stop = build.instance.users[shift.user], shift.stops[number]
    weight, travel = build.instance.travel_weight, build.instance.travel
    arcs: list[tuple[int | None, int | None, Literal]] = []
    leads = number == fixed[0] if stop.fixed else not fixed or stop.earliest_end <= shift.stops[fixed[0]].earliest
    trip = int(travel[user.start_location, stop.location]) if user.start_location != NOWHERE else 0
    ready = shift.span[0] + trip if user.start_location != NOWHERE else stop.earliest
    if leads and (stop.fixed or stop.latest >= ready):
        first = build.new_bool()
        if not stop.fixed and stop.earliest < ready:
            build.model.add(stop.begin >= ready).only_enforce_if(first)
        build.pay(weight * trip, first)
        arcs.append((None, number, first))
    closes = number == fixed[-1] if stop.fixed else not fixed or stop.latest >= shift.stops[fixed[-1]].earliest_end
    trip = int(travel[stop.location, user.end_location]) if user.end_location != NOWHERE else 0
    leave = shift.span[1] - trip if user.end_location != NOWHERE else stop.latest_end
    if closes and (stop.fixed or stop.earliest_end <= leave):
        last = build.new_bool()
        if not stop.fixed and stop.latest_end > leave:
            build.model.add(stop.end <= leave).only_enforce_if(last)
        build.pay(weight * trip, last)
        arcs.append((number, None, last))
    return arcs


def _may_follow(build: Build, shift: Shift, fixed: list[int], origin: int, destination: int) -> bool:
    """Whether one located stop could be the next after another."""
    first, second = shift.stops[origin], shift.stops[destination]
    if first.fixed and second.fixed:
        return fixed.index(destination) == fixed.index(origin) + 1
    if first.earliest_end + _minutes(build, first, second) > second.latest:
        return False
    if first.fixed and origin != fixed[-1]:
        return second.earliest_end <= shift.stops[fixed[fixed.index(origin) + 1]].earliest
    if second.fixed and destination != fixed[0]:
        return first.latest >= shift.stops[fixed[fixed.index(destination) - 1]].earliest_end
    return True


def _minutes(build: Build, first: Stop, second: Stop) -> int:
    return int(build.instance.travel[first.location, second.location])


def _allow_time(build: Build, shift: Shift, origin: int, destination: int, arc: Literal) -> None:
    """Leave time for a way beside the unlocated stops; pinned stops that lack it by themselves are excused."""
    first, second = shift.stops[origin], shift.stops[destination]
    need = _minutes(build, first, second)
    if first.stay is None or second.stay is None:
        if second.earliest - first.latest_end >= need and not shift.unlocated:
            return
        eaten = minutes_between(shift, origin, destination)
        build.model.add(second.begin - first.end - eaten >= need).only_enforce_if(arc)
        return
    if all(shift.stops[number].fixed for number in shift.unlocated):
        return
    free = second.stay.begin - first.stay.end
    between = [
        shift.stops[number]
        for number in shift.unlocated
        if (stay := shift.stops[number].stay) and first.stay.end <= stay.begin and stay.end <= second.stay.begin
    ]
    if first.pinned and second.pinned and free - sum(stop.length for stop in between if stop.pinned) < need:
        return
    standing = sum(stop.length for stop in between)
    eaten = minutes_between(shift, origin, destination) - standing
    build.model.add(eaten <= max(0, free - need - standing)).only_enforce_if(arc)
