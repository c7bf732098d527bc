"""A resource for every demand of a task at a start, no resource twice: an exact matching."""

from solver.kernel.bits import has_bit
from solver.kernel.compiled import compiled
from solver.kernel.desk import DEMANDS, STAMP


@compiled
def seat_resources(D, bit):
    """Give every demand a free resource at a start, in the order of preference; False: there are too few."""
    demands = D.ask[DEMANDS]
    D.ask[STAMP] += 1
    start_stamp = D.ask[STAMP]
    for d in range(demands):
        D.held[d] = -1
    for d in range(demands):
        if not _seat(D, bit, d, start_stamp):
            return False
    return True


@compiled
def _seat(D, bit, demand, start_stamp):
    """Find a resource for one demand more, moving others to free ones where needed."""
    D.ask[STAMP] += 1
    stamp = D.ask[STAMP]
    first, last = 0, 1
    D.queue[0] = demand
    while first < last:
        d = D.queue[first]
        first += 1
        for c in range(D.chair_from[d], D.chair_from[d + 1]):
            resource = D.chair_resource[c]
            if D.seen[resource] == stamp or not has_bit(D.rooms[c], bit):
                continue
            D.seen[resource] = stamp
            D.reached[resource] = c
            if D.owned[resource] == start_stamp:
                D.queue[last] = D.owner[resource]
                last += 1
                continue
            _give(D, resource, demand, start_stamp)
            return True
    return False


@compiled
def _give(D, resource, demand, start_stamp):
    """Hand a resource to the demand it was reached from, and what that one held to the one before."""
    while True:
        c = D.reached[resource]
        d = 0
        while D.chair_from[d + 1] <= c:
            d += 1
        before = D.held[d]
        D.held[d] = c
        D.owner[resource], D.owned[resource] = d, start_stamp
        if d == demand:
            return
        resource = D.chair_resource[before]
