"""The longest waiting, smoothed: while the search is hot, everybody's waiting counts by a high power.

Only whoever waits longest changes the term of the problem, and only if nobody waits as long: a plateau on which
annealing is blind. The power mean of all shifts falls whenever a long waiting does; near the end the term itself
counts.
"""

from math import sqrt

from solver.kernel.arrays import SMOOTH_SUM, SMOOTH_UNIT, W_MAX_WAITING
from solver.kernel.compiled import compiled

SMOOTH_MINUTES = 3  # of the longest waiting: down to the heat that buys these, it is smoothed


@compiled
def _power(minutes, unit):
    """The eighth power of a waiting, in units."""
    share = minutes / unit
    share *= share
    share *= share
    return share * share


@compiled
def _root(S, sum_of_powers):
    """Minutes of the power mean."""
    return S.smooth[SMOOTH_UNIT] * sqrt(sqrt(sqrt(max(0.0, sum_of_powers))))


@compiled
def begin_smoothing(P, S, heat):
    """Add the powers up anew, or none where the search is too cold for them."""
    S.smooth[SMOOTH_UNIT] = S.smooth[SMOOTH_SUM] = 0.0
    if P.weights[W_MAX_WAITING] == 0 or heat < SMOOTH_MINUTES * P.weights[W_MAX_WAITING]:
        return
    longest = 1
    for waiting in S.idle:
        longest = max(longest, waiting)
    S.smooth[SMOOTH_UNIT] = longest
    for waiting in S.idle:
        S.smooth[SMOOTH_SUM] += _power(waiting, S.smooth[SMOOTH_UNIT])


@compiled
def is_smooth(S):
    """Whether the longest waiting counts by its powers now."""
    return S.smooth[SMOOTH_UNIT] > 0.0


@compiled
def shift_powers(S, before, after):
    """By how much the sum of powers grows where one waiting changes."""
    return _power(after, S.smooth[SMOOTH_UNIT]) - _power(before, S.smooth[SMOOTH_UNIT])


@compiled
def smooth_rise(P, S, powers):
    """What a change of the sum of powers costs."""
    now = S.smooth[SMOOTH_SUM]
    return P.weights[W_MAX_WAITING] * (_root(S, now + powers) - _root(S, now))


@compiled
def smoothed(S, longest):
    """Minutes that count for the longest waiting."""
    return _root(S, S.smooth[SMOOTH_SUM]) if is_smooth(S) else float(longest)
