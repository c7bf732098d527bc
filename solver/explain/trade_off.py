"""What is lost in the trade-off: the best open place of a task, and how much dearer the plan would be with it."""

from functools import cached_property
from typing import TYPE_CHECKING

from models.plan import Reason
from solver.explain.wording import Words
from solver.instance import Placement, Solution

if TYPE_CHECKING:
    from solver.explain.price import Prices
    from solver.kernel.arrays import Packed

RULE = "cost"


class TradeOff:
    """Explains tasks that could be placed; loads the search kernel only when there is one.

    Parameters
    ----------
    words, solution
        How the problem is spoken of, and its plan.
    packed
        The problem in arrays, where somebody has made them already.
    """

    def __init__(self, words: Words, solution: Solution, packed: "Packed | None" = None) -> None:
        self._words = words
        self._solution = solution
        self._packed = packed

    @cached_property
    def _prices(self) -> "Prices":
        from solver.explain.price import Prices

        return Prices(self._words.instance, self._solution, self._packed)

    def has_place(self, task: int) -> bool:
        """Whether the kernel finds an open place for a task."""
        return self._prices.best(task) is not None

    def price(self, task: int, known: Placement | None) -> tuple[int, Placement]:
        """Find the best open place of a task and its price.

        Parameters
        ----------
        task
            Index of a task that is left out.
        known
            An open place of it, None for the kernel to find one.

        Returns
        -------
        How much dearer the plan becomes with it, below 0 where it becomes better, and the place.
        """
        options = [best for best in [self._prices.best(task)] if best is not None]
        if known is not None:
            options.append((self._prices.of(task, known), known))
        return min(options, key=lambda option: option[0])

    def reason(self, task: int, loss: int, placement: Placement) -> Reason:
        """Say where a task could take place, and at what loss.

        Parameters
        ----------
        task
            Index of a task that is left out.
        loss, placement
            The price of an open place of it, and the place.

        Returns
        -------
        The only reason.
        """
        where = self._words.place(task, placement)
        if loss > 0:
            message = f"It could take place {where}, but that would cost {loss:,} more than leaving it out."
        elif loss == 0:
            message = f"It could take place {where}, which costs as much as leaving it out."
        else:
            message = f"It could take place {where}, which would save {-loss:,}: the search ended before it got there."
        return Reason(rule=RULE, message=message, blocks_alone=True)
