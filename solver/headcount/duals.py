"""Prices of tasks at which nobody is worth calling in for less: a bound of the headcount, and a guide to good plans.

Lagrangian relaxation of "every task is served": at prices λ, a user comes if the dearest tasks that they could serve
one after the other are worth more than one user. Prices climb by the volume algorithm (Barahona and Anbil, 2000).
"""

from __future__ import annotations

import math

import numpy as np

from solver.headcount.compiled import compiled
from solver.headcount.form import Floats, Form, Ints, Work
from solver.kernel.struct import Struct

UNIT = 1 << 24  # of prices in the bound, which is computed in whole numbers
WORTH, STEP, BLEND, STALLED = range(4)
FIRST_STEP, FIRST_BLEND, LEAST_STEP, LEAST_BLEND = 0.1, 0.1, 1e-4, 0.005
PATIENCE = 20  # evaluations without a better price before the step shrinks


class Climb(Struct):
    """Prices and the state of their climb."""

    price: Floats  # best so far, by task
    cap: Floats  # what leaving a task out costs, in users
    trial: Floats
    slope: Floats  # 1 − how often a task is served, at the trial
    mean_slope: Floats
    chain: Floats
    state: Floats  # WORTH of the best prices, STEP, BLEND, STALLED


class Prices:
    """The best prices found so far, and what they prove.

    Parameters
    ----------
    form
        Fixed work.

    Attributes
    ----------
    users
        A proved number: serving everything takes at least so many users beyond those who come anyway.
    cost
        A proved cost: those users cost at least so much, or fewer users and what they leave out.
    """

    def __init__(self, form: Form) -> None:
        work, tasks = form.work, len(form.tasks)
        longest = int(np.diff(work.user_first).max())
        self.form = form
        self.climb = Climb(
            price=np.minimum(0.2, form.cap),
            cap=form.cap,
            trial=np.zeros(tasks),
            slope=np.zeros(tasks),
            mean_slope=np.zeros(tasks),
            chain=np.zeros(longest + 1),
            state=np.array([0.0, FIRST_STEP, FIRST_BLEND, 0.0]),
        )
        self.users = self.cost = 0
        self._raise_to(_crowd(form))
        self.climb.trial[:] = self.climb.price
        self.climb.state[WORTH] = worth(work, self.climb)
        self.climb.mean_slope[:] = self.climb.slope

    @property
    def price(self) -> Floats:
        """The best prices, in users per task."""
        price: Floats = self.climb.price
        return price

    def rise(self, evaluations: int, target: float) -> bool:
        """Climb on.

        Parameters
        ----------
        evaluations
            How many prices to try.
        target
            A headcount that is known to do.

        Returns
        -------
        Whether climbing further could pay.
        """
        done = int(climb(self.form.work, self.climb, evaluations, target))
        self._raise_to(self.climb.price)
        return done == evaluations and self.users < math.ceil(target)

    def _raise_to(self, price: Floats) -> None:
        whole = np.maximum(0, np.floor(price * UNIT)).astype(np.int64)
        scratch = np.zeros(len(self.climb.chain), np.int64)
        proved = int(worth_in_units(self.form.work, whole, scratch, UNIT))
        self.users = max(self.users, -(-proved // UNIT))
        self.cost = max(self.cost, -(-proved * self.form.weight // UNIT))


def _crowd(form: Form) -> Floats:
    """Price one for the tasks of the fullest minute, nothing for the others."""
    begin, end = form.work.begin, form.work.end
    minutes = np.concatenate((end, begin))
    change = np.concatenate((np.full(len(end), -1), np.full(len(begin), 1)))
    order = np.lexsort((change, minutes))
    peak = minutes[order][np.argmax(np.cumsum(change[order]))]
    crowd: Floats = ((begin <= peak) & (end > peak)).astype(np.float64)
    return crowd


@compiled
def worth(work: Work, climb: Climb) -> float:
    """What the trial prices prove, in users beyond those who come anyway; writes the slope."""
    price, slope, chain = climb.trial, climb.slope, climb.chain
    total = 0.0
    for task in range(len(price)):
        total += price[task]
        slope[task] = 1.0
    for user in range(len(work.paid)):
        low = work.user_first[user]
        size = work.user_first[user + 1] - low
        chain[0] = 0.0
        for i in range(size):
            served = price[work.user_task[low + i]] + chain[work.user_free[low + i]]
            chain[i + 1] = max(chain[i], served)
        gain = chain[size] - (0.0 if work.paid[user] == 1 else 1.0)
        if gain > 0.0:
            total -= gain
            i = size
            while i > 0:
                if chain[i] == chain[i - 1]:
                    i -= 1
                else:
                    slope[work.user_task[low + i - 1]] -= 1.0
                    i = work.user_free[low + i - 1]
    return total


@compiled
def worth_in_units(work: Work, price: Ints, chain: Ints, unit: int) -> int:
    """The same of whole prices, in which one user costs `unit`: exact."""
    total = 0
    for task in range(len(price)):
        total += price[task]
    for user in range(len(work.paid)):
        low = work.user_first[user]
        size = work.user_first[user + 1] - low
        chain[0] = 0
        for i in range(size):
            served = price[work.user_task[low + i]] + chain[work.user_free[low + i]]
            chain[i + 1] = max(chain[i], served)
        gain = chain[size] - (0 if work.paid[user] == 1 else unit)
        if gain > 0:
            total -= gain
    return total


@compiled
def climb(work: Work, climb: Climb, evaluations: int, target: float) -> int:
    """Try prices along the mean slope from the best ones; returns how many, fewer than asked if the slope is flat."""
    state, mean, price, trial = climb.state, climb.mean_slope, climb.price, climb.trial
    for done in range(evaluations):
        length = 0.0
        for task in range(len(price)):
            if price[task] > 0.0 or mean[task] > 0.0:
                length += mean[task] * mean[task]
        if length < 1e-9:
            return done
        stride = state[STEP] * max(target + 0.5 - state[WORTH], 0.01) / length
        for task in range(len(price)):
            trial[task] = min(climb.cap[task], max(0.0, price[task] + stride * mean[task]))
        found = worth(work, climb)
        agreement = 0.0
        for task in range(len(price)):
            agreement += climb.slope[task] * mean[task]
            mean[task] += state[BLEND] * (climb.slope[task] - mean[task])
        if found > state[WORTH]:
            state[WORTH] = found
            state[STALLED] = 0.0
            for task in range(len(price)):
                price[task] = trial[task]
            if agreement >= 0.0:
                state[STEP] = min(2.0, 1.1 * state[STEP])
            continue
        state[STALLED] += 1.0
        if state[STALLED] >= PATIENCE:
            state[STALLED] = 0.0
            state[STEP] *= 0.7
            if state[STEP] < LEAST_STEP:
                state[STEP] = 0.01
                state[BLEND] = max(LEAST_BLEND, 0.5 * state[BLEND])
    return evaluations
