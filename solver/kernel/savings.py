"""What a task can save by filling time that somebody waits: then a place may cost less than nothing.

Bounds of prices take the savings off before waiting itself is looked at, so that no place is passed over that pays.
"""

from solver.kernel.arrays import IDLES, MAX_WAITING, W_MAX_WAITING, W_WAITING
from solver.kernel.compiled import compiled
from solver.kernel.pricing import crew_size
from solver.kernel.smooth import is_smooth, shift_powers, smooth_rise


@compiled
def _minutes(P, task):
    job = P.tasks[task]
    return job.before + job.duration + job.after


@compiled
def most_saved(P, task):
    """What each person who serves a task saves at most, travel left out."""
    if P.weights[IDLES] == 0:
        return 0
    return (P.weights[W_WAITING] + P.weights[W_MAX_WAITING]) * _minutes(P, task)


@compiled
def credit_of(P, task):
    """By how much prices with waiting are raised, so that no place costs less than nothing."""
    return crew_size(P, P.tasks[task]) * most_saved(P, task)


@compiled
def likely_saved(P, S, task, shift):
    """What a task saves between two others in a shift if nobody else's waiting changes."""
    if P.weights[IDLES] == 0 or shift < 0:
        return 0
    idle = S.idle[shift]
    less = min(idle, _minutes(P, task))
    saved = P.weights[W_WAITING] * less
    if is_smooth(S):
        saved -= int(smooth_rise(P, S, shift_powers(S, idle, idle - less)))
    elif idle == S.totals[MAX_WAITING]:
        saved += P.weights[W_MAX_WAITING] * less
    return saved
