"""Bounds from prices on what is scarce: at any size, exact in integers, better with every second."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from solver.bounds.arrays import BEST, INSTANTS, LAST, LINES, RISE, STEPS, TARGET, Climb, Relaxation, Room
from solver.bounds.ascent import begin_cycle, climb
from solver.bounds.evaluate import evaluate
from solver.bounds.frame import frame_of
from solver.bounds.pack import Packer
from solver.bounds.separate import separate_bound
from solver.instance import Instance

FIRST_STEPS = 40  # of the ascent, until they have become short for the first time
FIRST_REACH = 0.8  # of what an instant of work would cost if prices filled the gap: the longest step


class LagrangianBound:
    """A lower bound of the cost that rises while prices are adapted.

    Every user, team, resource and instant, every day and week that is counted in, and every link has a price. Tasks
    then choose alone, and the sum of their least costs less the worth of all capacity is below the cost of every
    plan, whatever the prices. Travel, waiting, balance and continuity are left out: they are never negative.

    Parameters
    ----------
    instance
        The problem.
    all_placed
        Whether only plans count that place every mandatory task.
    pause
        Called many times a second while the prices are made ready; it may rest, or raise to give up.

    Attributes
    ----------
    bound
        The best bound so far.
    """

    def __init__(
        self, instance: Instance, *, all_placed: bool = False, pause: Callable[[], None] = lambda: None
    ) -> None:
        self.bound = separate_bound(instance)
        self.priced = False
        self.first = 0
        self.relaxation: Relaxation | None = None
        frame = frame_of(instance, [task for task in instance.tasks if task.pinned is None])
        if frame is None:
            return
        packer = Packer(instance, frame, all_placed=all_placed, pause=pause)
        self.scale, self.constant, self.work = packer.scale, packer.constant, packer.work
        self.free = packer.free
        if not packer.free or not self.scale:
            return
        self.relaxation = packer.pack()
        self._make_room(packer.table_size, packer.taker_size, packer.best_size)

    def _make_room(self, table_size: int, taker_size: int, best_size: int) -> None:
        relaxation = self.relaxation
        assert relaxation is not None
        rows = len(relaxation.limit)
        numbers = np.int64
        self.room = Room(
            price=np.zeros(rows, numbers),
            excess=np.zeros(rows, numbers),
            prefix=np.zeros(int(relaxation.frame[LINES] * (relaxation.frame[INSTANTS] + 1)) + 1, numbers),
            table=np.zeros(table_size, numbers),
            taker=np.zeros(taker_size, numbers),
            best=np.zeros(best_size, numbers),
            place=np.zeros(2, numbers),
            total=np.zeros(len(relaxation.fee), numbers),
            halt=np.zeros(1, numbers),
        )
        if len(relaxation.floor):
            self.room.price[rows - len(relaxation.floor) :] = relaxation.floor
        self.climb = Climb(
            centre=self.room.price.copy(),
            now=np.zeros(rows),
            mean=np.zeros(rows),
            square=np.zeros(rows),
            state=np.zeros(3, numbers),
            pace=np.array([0.0, 0.0, FIRST_REACH, float(FIRST_STEPS), 0.0]),
        )

    def _look(self) -> None:
        """Find what the first prices are worth."""
        self.first = int(evaluate(self.relaxation, self.room))
        if not self.room.halt[0]:
            self.climb.state[BEST] = self.climb.state[LAST] = self.first
            begin_cycle(self.room, self.climb)
            self.priced = True
            self._keep()

    def _keep(self) -> None:
        total = int(self.climb.state[BEST]) + self.constant
        self.bound = max(self.bound, -(-total // self.scale))

    @property
    def steps(self) -> int:
        """Steps taken so far."""
        return 0 if self.relaxation is None else int(self.climb.state[STEPS])

    def halt(self) -> None:
        """End what another thread computes here within milliseconds, and for good; the bound stays true."""
        if self.relaxation is not None:
            self.room.halt[0] = 1

    def improve(self, target: int, steps: int) -> int:
        """Take some steps towards a target.

        Parameters
        ----------
        target
            A cost that the bound should approach, such as that of the best plan.
        steps
            How many.

        Returns
        -------
        The best bound so far.
        """
        if self.relaxation is None:
            return self.bound
        if not self.priced:
            self._look()
        if target <= self.bound or self.room.halt[0]:
            return self.bound
        self.climb.pace[TARGET] = float(target * self.scale - self.constant)
        self.climb.pace[RISE] = (self.climb.pace[TARGET] - float(self.first)) / max(1, self.work)
        climb(self.relaxation, self.room, self.climb, steps)
        self._keep()
        return self.bound
