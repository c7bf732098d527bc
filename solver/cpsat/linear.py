"""A CP-SAT model as rows of a linear one, as far as its constraints are linear; a relaxation where some are not."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from math import inf

from ortools.sat.python.cp_model_helper import CpModelProto

FAR = 1 << 60  # bounds beyond mean none


@dataclass(slots=True)
class Rows:
    """Linear rows over the variables of a model.

    Attributes
    ----------
    low, high
        Bounds of each row.
    begin, column, coefficient
        Where its entries begin, and the entries: each variable once.
    complete
        Whether every constraint of the model is in them, and no domain has holes.
    """

    low: list[float] = field(default_factory=list)
    high: list[float] = field(default_factory=list)
    begin: list[int] = field(default_factory=lambda: [0])
    column: list[int] = field(default_factory=list)
    coefficient: list[float] = field(default_factory=list)
    complete: bool = True

    def add(self, low: float, high: float, terms: Iterable[tuple[int, int]]) -> None:
        """Add a row of variables and coefficients."""
        sums: dict[int, int] = {}
        for variable, coefficient in terms:
            sums[variable] = sums.get(variable, 0) + coefficient
        kept = [(variable, float(total)) for variable, total in sorted(sums.items()) if total]
        self.column += [variable for variable, _ in kept]
        self.coefficient += [total for _, total in kept]
        self.begin.append(len(self.column))
        self.low.append(low)
        self.high.append(high)

    def add_literals(self, low: float, high: float, literals: Iterable[int]) -> None:
        """Add a row that counts literals."""
        literals = list(literals)
        negated = sum(literal < 0 for literal in literals)
        terms = ((literal, 1) if literal >= 0 else (-literal - 1, -1) for literal in literals)
        self.add(low - negated, high - negated, terms)


def linear_rows(model: CpModelProto) -> Rows:
    """Write the constraints of a model as rows.

    Parameters
    ----------
    model
        Whatever is neither clause nor sum is left out.

    Returns
    -------
    Rows that every solution of the model keeps.
    """
    rows = Rows(complete=all(len(variable.domain) == 2 for variable in model.variables))
    for constraint in model.constraints:
        conditions = [-literal - 1 for literal in constraint.enforcement_literal]
        if constraint.has_at_most_one() and not conditions:
            rows.add_literals(-inf, 1, constraint.at_most_one.literals)
        elif constraint.has_exactly_one() and not conditions:
            rows.add_literals(1, 1, constraint.exactly_one.literals)
        elif constraint.has_bool_or():
            rows.add_literals(1, inf, [*constraint.bool_or.literals, *conditions])
        elif constraint.has_bool_and():
            for literal in constraint.bool_and.literals:
                rows.add_literals(1, inf, [literal, *conditions])
        elif constraint.has_linear() and not conditions and len(constraint.linear.domain) == 2:
            low, high = constraint.linear.domain
            terms = zip(constraint.linear.vars, constraint.linear.coeffs, strict=True)
            rows.add(-inf if low < -FAR else low, inf if high > FAR else high, terms)
        else:
            rows.complete = False
    return rows
