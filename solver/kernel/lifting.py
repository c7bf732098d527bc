"""Which starts of a task for one user open when another task of that user is lifted: many others, one at a time."""

from solver.kernel.bits import next_bit
from solver.kernel.commit import displace, place
from solver.kernel.compiled import compiled
from solver.kernel.desk import CANDIDATES, COUNT, ORIGIN, STEP, TASK
from solver.kernel.openings import team_starts
from solver.kernel.people import note_extremes, price_people
from solver.kernel.pricing import late_cost, start_cost


@compiled
def lift_each(P, S, D, rows, able, taken, found):
    """Lift tasks one by one, price their users at the starts that are not taken, and put each back.

    Parameters
    ----------
    rows
        Placed tasks that share nothing with the one of the question but users; they start in the horizon.
    able
        By user, whether the task could have this one.
    taken
        Starts that are not looked at, as bits.
    found
        [number, 3]: is filled with the number of the row, the start's bit and the price.

    Returns
    -------
    How many were found; as many as there is room for, if there are more.
    """
    task = D.ask[TASK]
    job = P.tasks[task]
    team_starts(P, S, D, -1)
    for w in range(((D.ask[COUNT] - 1) >> 6) + 1):
        D.free[w] &= ~taken[w]
    high = D.ask[COUNT] - 1
    count = 0
    for i in range(len(rows)):
        row = rows[i]
        people = 0
        for p in range(S.user_count[row]):
            user = S.users[P.tasks[row].user0 + p]
            if able[user]:
                D.user[people], D.kind[people] = user, 0
                people += 1
        if people == 0:
            continue
        D.ask[CANDIDATES] = people
        start, team, crew, held = S.start[row], S.team[row], S.user_count[row], S.resource_count[row]
        P.tasks[row].pinned = 0
        displace(P, S, row)
        note_extremes(P, S, D)
        price_people(P, S, D)
        bit = next_bit(D.free, 0, high)
        while bit >= 0 and count < len(found):
            if D.kept[bit]:
                at = D.ask[ORIGIN] + bit * D.ask[STEP]
                found[count, 0], found[count, 1] = i, bit
                found[count, 2] = D.kept_price[bit] + start_cost(job, at) + late_cost(P, S, job, at)
                count += 1
            bit = next_bit(D.free, bit + 1, high)
        S.start[row], S.team[row], S.user_count[row], S.resource_count[row] = start, team, crew, held
        place(P, S, row)
        P.tasks[row].pinned = 1
        S.absent_count[0] = 0
        S.absent_at[row] = -1
        if count == len(found):
            return count
    return count
