"""Which operators and sizes of blocks earn most in their time."""

from __future__ import annotations

import math
import random
from collections.abc import Iterable

SIZES = (3, 4, 6, 8, 11, 15, 20, 28, 40)  # tasks
FORGET = 0.995  # of what was earned and spent, with every block
CURIOSITY = 0.2  # share of the time that goes to all alike
FIRST_SECONDS = 0.02  # that a block is believed to take before anything is known
PATIENCE = 0.5  # seconds that everything is believed to have earned the mean in, before anything is known


class Earnings:
    """What each of some alternatives earned, and how long it took.

    Parameters
    ----------
    names
        Of the alternatives.
    """

    def __init__(self, names: Iterable[str | int]) -> None:
        self._earned = dict.fromkeys(names, 0.0)
        self._spent = dict.fromkeys(self._earned, 0.0)
        self._count = dict.fromkeys(self._earned, 0.0)

    def rates(self) -> dict[str | int, float]:
        """What each earns in a second, the mean of all for those of which little is known."""
        mean = (sum(self._earned.values()) + 1e-9) / (sum(self._spent.values()) + 1e-9)
        return {name: (self._earned[name] + PATIENCE * mean) / (self._spent[name] + PATIENCE) for name in self._earned}

    def draw(self, draw: random.Random) -> str | int:
        """Choose one, so that time is divided by rate; now and then, evenly."""
        shares = dict.fromkeys(self._earned, 1.0) if draw.random() < CURIOSITY else self.rates()
        each = {name: (self._spent[name] + FIRST_SECONDS) / (self._count[name] + 1.0) for name in shares}
        return draw.choices(list(shares), weights=[share / each[name] for name, share in shares.items()])[0]

    def learn(self, name: str | int, gain: float, seconds: float) -> None:
        """Note what one of them earned, and forget a little of what was before."""
        for known in (self._earned, self._spent, self._count):
            for each in known:
                known[each] *= FORGET
        self._earned[name] += math.sqrt(gain)
        self._spent[name] += seconds
        self._count[name] += 1.0


class Habits:
    """What was learnt about operators and sizes.

    Parameters
    ----------
    names
        Of the operators.
    """

    def __init__(self, names: Iterable[str]) -> None:
        self.operators = Earnings(names)
        self.sizes = Earnings(SIZES)

    def choose(self, draw: random.Random) -> tuple[str, int]:
        """Draw an operator and a size."""
        return str(self.operators.draw(draw)), int(self.sizes.draw(draw))

    def learn(self, operator: str, size: int, gain: float, seconds: float) -> None:
        """Take note of what came of a block.

        Parameters
        ----------
        operator, size
            How it was chosen.
        gain, seconds
            What it saved, and how long it took.
        """
        self.operators.learn(operator, gain, seconds)
        self.sizes.learn(size, gain, seconds)
