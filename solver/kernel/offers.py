"""The best place of a task at each of its starts, exactly: what a request can be offered beside a plan as it stands."""

from solver.kernel.arrays import INFINITE, ORGANIZATION, W_CONTINUITY
from solver.kernel.bits import next_bit
from solver.kernel.casting import cheapest_crew
from solver.kernel.chairs import seat_resources
from solver.kernel.compiled import compiled
from solver.kernel.desk import (
    COUNT,
    DEMANDS,
    GIVEN,
    GROUND,
    HEADS,
    HELD,
    ORIGIN,
    SERVED,
    STEP,
    TASK,
    TEAM,
    WIDTH,
)
from solver.kernel.openings import bits_in, general_starts, held_starts, team_starts
from solver.kernel.people import note_extremes, price_people
from solver.kernel.pricing import counted, late_cost, start_cost


@compiled
def begin_offers(P, S, D):
    """Narrow the starts in `allow` to those at which the organization and the resources can take the task."""
    count = D.ask[COUNT]
    D.stages[GIVEN] += bits_in(D.allow, count)
    general_starts(P, S, D)
    D.stages[GROUND] += bits_in(D.allow, count)
    held_starts(P, S, D)
    D.stages[HELD] += bits_in(D.allow, count)
    for k in range(count):
        D.price[k] = INFINITE


@compiled
def offer_starts(P, S, D):
    """Find the cheapest place at each start that is left, with one team and its candidates or without a team.

    What is found for a team counts only where it is cheaper than what was found before.
    """
    task, team = D.ask[TASK], D.ask[TEAM]
    job = P.tasks[task]
    heads, demands = D.ask[HEADS], D.ask[DEMANDS]
    organization = P.weights[ORGANIZATION]
    team_starts(P, S, D, team)
    note_extremes(P, S, D)
    price_people(P, S, D)
    faces = _familiar(P, S, job, heads)
    high = D.ask[COUNT] - 1
    bit = next_bit(D.free, 0, high)
    while bit >= 0:
        start = D.ask[ORIGIN] + bit * D.ask[STEP]
        price = start_cost(job, start) + late_cost(P, S, job, start) + faces
        price += counted(P, S, organization, start, job.duration)
        if team >= 0:
            price += counted(P, S, team, start, job.duration)
        people = cheapest_crew(P, S, D, bit)
        if people < INFINITE and price + people < D.price[bit] and seat_resources(D, bit):
            if D.price[bit] >= INFINITE:
                D.stages[SERVED] += 1
            D.price[bit], D.team[bit] = price + people, team
            for n in range(heads):
                D.crew[bit * D.ask[WIDTH] + n] = D.user[D.pool_who[D.best_crew[n]]]
                D.seat[bit * D.ask[WIDTH] + n] = D.best_seat[n]
            for d in range(demands):
                D.chair[bit * demands + d] = D.held[d]
        bit = next_bit(D.free, bit + 1, high)


@compiled
def _familiar(P, S, job, heads):
    """What the size of a crew takes off the continuity of its client, as far as it is the largest."""
    if P.weights[W_CONTINUITY] == 0 or job.client < 0:
        return 0
    largest = S.crew_sizes.shape[1] - 1
    while largest > 0 and S.crew_sizes[job.client, largest] == 0:
        largest -= 1
    return -P.weights[W_CONTINUITY] * max(0, heads - largest)
