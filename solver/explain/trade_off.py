"""What is lost in the trade-off: the best open place of a task, and how much dearer the plan would be with it."""

from functools import cached_property
from typing import TYPE_CHECKING

from models.plan import Reason
from solver.explain.wording import Words, listed
from solver.instance import Placement, Solution

if TYPE_CHECKING:
    from solver.explain.price import Prices

RULE = "cost"


class TradeOff:
    """Explains tasks that could be placed; loads the search kernel only when there is one.

    Parameters
    ----------
    words, solution
        How the problem is spoken of, and its plan.
    """

    def __init__(self, words: Words, solution: Solution) -> None:
        self._words = words
        self._solution = solution

    @cached_property
    def _prices(self) -> "Prices":
        from solver.explain.price import Prices

        return Prices(self._words.instance, self._solution)

    def has_place(self, task: int) -> bool:
        """Whether the kernel finds an open place for a task."""
        return self._prices.best(task) is not None

    def reason(self, task: int, known: Placement | None) -> Reason:
        """Say where a task could take place, and at what loss.

        Parameters
        ----------
        task
            Index of a task that is left out.
        known
            An open place of it, None for the kernel to find one.

        Returns
        -------
        The only reason.
        """
        options = [best for best in [self._prices.best(task)] if best is not None]
        if known is not None:
            options.append((self._prices.of(task, known), known))
        loss, placement = min(options, key=lambda option: option[0])
        where = self._where(task, placement)
        if loss > 0:
            message = f"It could take place {where}, but that would cost {loss:,} more than leaving it out."
        elif loss == 0:
            message = f"It could take place {where}, which costs as much as leaving it out."
        else:
            message = f"It could take place {where}, which would save {-loss:,}: the search ended before it got there."
        return Reason(rule=RULE, message=message, blocks_alone=True)

    def _where(self, task: int, placement: Placement) -> str:
        words = self._words
        end = placement.start + words.instance.tasks[task].duration
        taken = [words.subject(subject) for subject in (*placement.users, *placement.resources)]
        company = f" with {listed(taken, most=4)}" if taken else ""
        return words.stretch(placement.start, end) + company
