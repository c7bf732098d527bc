"""Climbing with the prices: steps along a smoothed excess, each price by its own measure (Kingma and Ba, Adam, 2015).

Rows differ by orders of magnitude in how often they are asked for, and a common length of step suits few of them.
Steps come in cycles: each begins at the best prices, with long steps that shrink to none along half a cosine wave
(Loshchilov and Hutter, 2017). The next one has more steps to come back from farther away.
"""

from math import cos, pi
from typing import Any

from solver.bounds.arrays import AT, BEST, INSTANTS, LAST, LENGTH, LINE_TOP, LINES, REACH, RISE, STEPS, TARGET
from solver.bounds.compiled import compiled
from solver.bounds.evaluate import evaluate

MEMORY, SQUARE_MEMORY = 0.9, 0.99  # of the smoothed excess and of its square, from one step to the next
LEAST_SQUARE_ROOT = 1e-3
LONGER, FARTHER = 2, 1.4  # is the next cycle, and goes


@compiled
def climb(R: Any, X: Any, C: Any, steps: int) -> None:  # noqa: N803
    """Take some steps.

    Parameters
    ----------
    R, X, C
        A `Relaxation`, its `Room`, and the `Climb` so far.
    steps
        How many; fewer if the room is halted or nothing can be gained.
    """
    for _ in range(steps):
        if C.state[BEST] >= C.pace[TARGET] or C.pace[RISE] <= 0.0:
            return
        value = evaluate(R, X)
        if X.halt[0]:
            return
        C.state[LAST] = value
        C.state[STEPS] += 1
        if value > C.state[BEST]:
            C.state[BEST] = value
            for i in range(len(C.centre)):
                C.centre[i] = X.price[i]
        C.pace[AT] += 1.0
        _move(R, X, C)
        if C.pace[AT] >= C.pace[LENGTH]:
            C.pace[LENGTH] *= LONGER
            C.pace[REACH] *= FARTHER
            begin_cycle(X, C)


@compiled
def begin_cycle(X: Any, C: Any) -> None:  # noqa: N803
    """Go on from the best prices, with nothing remembered.

    Parameters
    ----------
    X, C
        The `Room` of a relaxation, and its `Climb`.
    """
    C.pace[AT] = 0.0
    for i in range(len(C.centre)):
        C.now[i] = C.centre[i]
        X.price[i] = C.centre[i]
        C.mean[i] = 0.0
        C.square[i] = 0.0


@compiled
def _move(R: Any, X: Any, C: Any) -> None:  # noqa: N803
    """Step along the excess that the last prices led to."""
    wave = 0.5 * (1.0 + cos(pi * C.pace[AT] / C.pace[LENGTH]))
    step = C.pace[RISE] * C.pace[REACH] * wave / (1.0 - MEMORY ** C.pace[AT])
    unbiased = 1.0 / (1.0 - SQUARE_MEMORY ** C.pace[AT])
    others = R.frame[LINES] * R.frame[INSTANTS]
    for i in range(len(C.now)):
        low, high, scale = 0.0, float(R.frame[LINE_TOP]), 1.0
        if i >= others:
            low, high, scale = float(R.floor[i - others]), float(R.top[i - others]), R.weight[i] ** 0.5
        excess = X.excess[i] * scale
        if excess < 0.0 and C.now[i] <= low:
            excess = 0.0
        C.mean[i] += (1.0 - MEMORY) * (excess - C.mean[i])
        C.square[i] += (1.0 - SQUARE_MEMORY) * (excess * excess - C.square[i])
        if C.mean[i] != 0.0:
            moved = C.now[i] + step * scale * C.mean[i] / ((C.square[i] * unbiased) ** 0.5 + LEAST_SQUARE_ROOT)
            C.now[i] = min(max(moved, low), high)
            X.price[i] = int(C.now[i] + 0.5)
