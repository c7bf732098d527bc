"""The resources of one placement, and the record of the best place so far."""

from solver.kernel.arrays import INFINITE
from solver.kernel.chance import below
from solver.kernel.compiled import compiled
from solver.kernel.pricing import allows_start, counted, has_room
from solver.kernel.scratch import COST, HELD, START, TEAM


@compiled
def choose_resources(P, S, X, task, start):
    """Find a free resource for every demand of a task at a start, no resource twice; False: there is none.

    The choice is written to `X.try_resources` and `X.try_units`.
    """
    job = P.tasks[task]
    demands = job.demand1 - job.demand0
    d = 0
    offset = below(X.random, 64)
    X.tried[0] = 0
    while d < demands:
        demand = P.demands[job.demand0 + d]
        total = demand.last - demand.first
        found = False
        while X.tried[d] < total and not found:
            i = demand.first + (X.tried[d] + offset) % total
            X.tried[d] += 1
            resource, units = P.demand_resources[i], P.demand_units[i]
            found = (
                allows_start(P, task, resource, start)
                and has_room(P, S, task, resource, start, units)
                and counted(P, S, resource, start, job.duration) < INFINITE
            )
            for e in range(d):
                if X.try_resources[e] == resource:
                    found = False
            if found:
                X.try_resources[d], X.try_units[d] = resource, units
        if found:
            d += 1
            if d < demands:
                X.tried[d] = 0
        else:
            d -= 1
            if d < 0:
                return False
    return True


@compiled
def keep_place(P, X, task, team, start, price):
    """Note a place as the best so far, with the resources chosen last."""
    job = P.tasks[task]
    X.found[COST], X.found[START], X.found[TEAM] = price, start, team
    X.found[HELD] = job.demand1 - job.demand0
    for d in range(job.demand1 - job.demand0):
        X.found_resources[d], X.found_units[d] = X.try_resources[d], X.try_units[d]
