"""Placing tasks one by one in a given order, each at its cheapest place; where people travel, others make way."""

from solver.kernel.arrays import FAR, IDLES, INFINITE, UNPLACED
from solver.kernel.choices import absence, is_routed, partner_of
from solver.kernel.commit import take_found
from solver.kernel.compiled import compiled
from solver.kernel.place import best_place
from solver.kernel.routes import best_route, take_route
from solver.kernel.scratch import PUSHING


@compiled
def _pushing(P, S, X, task):
    """Place a task, and maybe its closest partner, with pushing; False: it is not placed."""
    job = P.tasks[task]
    partner = partner_of(P, S, task)
    limit = absence(P, task)
    if partner >= 0 and job.option0 == job.option1 and P.tasks[partner].option0 == P.tasks[partner].option1:
        both, slots = best_route(P, S, X, task, -1, partner, limit + absence(P, partner))
        if both < INFINITE and take_route(P, S, X, slots, -1):
            return True
    plain = job.best_from == -FAR and job.demand0 == job.demand1 and job.option0 == job.option1
    still = INFINITE  # the cheapest place that pushes nobody; where waiting counts its price is not comparable
    if not plain and P.weights[IDLES] == 0:
        still = best_place(P, S, X, task, limit)
    limit = min(limit, still)
    best, slots, team = INFINITE, 0, -1
    if job.option0 == job.option1:
        best, slots = best_route(P, S, X, task, -1, -1, limit)
    for o in range(job.option0, job.option1):
        price, count = best_route(P, S, X, task, P.options[o], -1, min(limit, best))
        if price < best:
            best, slots, team = price, count, P.options[o]
    if best < INFINITE and job.option1 > job.option0 + 1:  # the choices are those of the team that was looked at last
        best, slots = best_route(P, S, X, task, team, -1, limit)
    if best < INFINITE and take_route(P, S, X, slots, team):
        return True
    if still < INFINITE:
        take_found(P, S, X, task)
    return still < INFINITE


@compiled
def recreate(P, S, X, count):
    """Place the tasks of `X.order` one by one; a second round for those whose forerunner came later in the order."""
    for again in range(2):
        waiting = False
        for i in range(count):
            task = X.order[i]
            job = P.tasks[task]
            if S.start[task] != UNPLACED or (again and job.link_in0 == job.link_in1):
                continue
            if X.notes[PUSHING] and is_routed(P, task) and _pushing(P, S, X, task):
                waiting = waiting or job.link_out1 > job.link_out0
                continue
            limit = absence(P, task)
            if best_place(P, S, X, task, limit) < limit:
                take_found(P, S, X, task)
                waiting = waiting or job.link_out1 > job.link_out0
        if not waiting:
            return
