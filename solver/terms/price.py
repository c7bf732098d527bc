"""From an amount to the cost of a term: what all terms but `unassigned` have in common."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from models.plan import TermCost

if TYPE_CHECKING:
    from solver.reading import Reading


def priced(reading: "Reading", name: str, amount: int) -> TermCost:
    """Multiply an amount by the weight of its term.

    Parameters
    ----------
    reading, name
        Whose weights, and the term.
    amount
        In the unit of the term.

    Returns
    -------
    Weight, amount and cost.
    """
    weight = reading.weights[name]
    return TermCost(name=name, weight=weight, amount=amount, cost=weight * amount)


def shared(reading: "Reading", name: str, amounts: Mapping[str, int]) -> dict[str, int]:
    """Multiply the amounts of appointments by the weight of a term.

    Parameters
    ----------
    reading, name
        Whose weights, and the term.
    amounts
        By appointment id.

    Returns
    -------
    Costs by appointment id, without those that cost nothing.
    """
    weight = reading.weights[name]
    return {key: weight * amount for key, amount in amounts.items() if weight * amount}
