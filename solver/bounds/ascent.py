"""Climbing with the prices: the volume algorithm of Barahona and Anbil (2000).

Every step goes from the best prices along the smoothed excess of what is taken over what there is, by a share of the
way that the target promises (Polyak).
"""

from typing import Any

from solver.bounds.arrays import (
    BEST,
    INSTANTS,
    LAST,
    LINE_TOP,
    LINES,
    MARK,
    MOST_BLEND,
    POOR_STEPS,
    SHARE,
    STEPS,
    TARGET,
)
from solver.bounds.compiled import compiled
from solver.bounds.evaluate import evaluate


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
        if C.state[BEST] >= C.pace[TARGET]:
            return
        gap = C.pace[TARGET] - C.state[BEST]
        square = _slope(R, C)
        if square <= 0.0:
            return
        _move(R, X, C, C.pace[SHARE] * gap / square)
        value = evaluate(R, X)
        if X.halt[0]:
            return
        C.state[LAST] = value
        C.state[STEPS] += 1
        _learn(R, X, C, value)


@compiled
def restart(R: Any, X: Any, C: Any) -> None:  # noqa: N803
    """Go on from the best prices, in the direction of their own excess.

    Parameters
    ----------
    R, X, C
        A `Relaxation`, its `Room`, and the `Climb`.
    """
    for i in range(len(C.centre)):
        X.price[i] = C.centre[i]
    evaluate(R, X)
    for i in range(len(C.centre)):
        C.mean[i] = X.excess[i]
    C.pace[MARK] = float(C.state[BEST])


@compiled
def _slope(R: Any, C: Any) -> Any:  # noqa: N803
    """The squared length of the direction, without what would lead below the least prices."""
    square = 0.0
    others = R.frame[LINES] * R.frame[INSTANTS]
    for i in range(len(C.mean)):
        floor = R.floor[i - others] if i >= others else 0
        if C.mean[i] > 0.0 or C.centre[i] > floor:
            square += C.mean[i] * C.mean[i] * R.weight[i]
    return square


@compiled
def _move(R: Any, X: Any, C: Any, step: float) -> None:  # noqa: N803
    """Set the prices a step away from the best ones."""
    others = R.frame[LINES] * R.frame[INSTANTS]
    for i in range(others):
        price = C.centre[i] + step * C.mean[i] * R.weight[i]
        X.price[i] = int(min(max(price, 0.0), float(R.frame[LINE_TOP])) + 0.5)
    for i in range(others, len(C.mean)):
        price = C.centre[i] + step * C.mean[i] * R.weight[i]
        X.price[i] = int(min(max(price, float(R.floor[i - others])), float(R.top[i - others])) + 0.5)


@compiled
def _learn(R: Any, X: Any, C: Any, value: int) -> None:  # noqa: N803
    """Blend the new excess into the direction, keep better prices, and adapt the pace."""
    along, old, new = 0.0, 0.0, 0.0
    for i in range(len(C.mean)):
        excess, mean = float(X.excess[i]), C.mean[i]
        along += excess * mean * R.weight[i]
        old += mean * mean * R.weight[i]
        new += excess * excess * R.weight[i]
    spread = old + new - 2.0 * along
    blend = (old - along) / spread if spread > 0.0 else 1.0
    most = C.pace[MOST_BLEND]
    blend = min(max(blend, most / 10.0), most)
    for i in range(len(C.mean)):
        C.mean[i] += blend * (X.excess[i] - C.mean[i])
    if value > C.state[BEST]:
        for i in range(len(C.centre)):
            C.centre[i] = X.price[i]
        C.state[BEST] = value
        C.pace[POOR_STEPS] = 0.0
        if along > 0.0:
            C.pace[SHARE] = min(2.0, C.pace[SHARE] * 1.1)
    else:
        C.pace[POOR_STEPS] += 1.0
        if C.pace[POOR_STEPS] >= 20.0:
            C.pace[POOR_STEPS] = 0.0
            C.pace[SHARE] = max(1e-7, C.pace[SHARE] * 0.66)
    if C.state[STEPS] % 100 == 0:
        gap = C.pace[TARGET] - C.state[BEST]
        if C.state[BEST] - C.pace[MARK] < 0.01 * gap and C.pace[MOST_BLEND] > 0.02:
            C.pace[MOST_BLEND] /= 2.0
        C.pace[MARK] = float(C.state[BEST])
