"""A linear program in integers as plain arrays: what goes to the process of its solver."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Reals = NDArray[np.float64]
Places = NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class Program:
    """A linear program in integers, row by row, as HiGHS takes it.

    Attributes
    ----------
    low, high, cost
        Of each variable.
    offset
        What every solution costs.
    row_low, row_high, begin
        Of each row its bounds, and where its entries begin; one more at the end.
    column, coefficient
        The entries.
    options
        Of the solver, by name.
    """

    low: Reals
    high: Reals
    cost: Reals
    offset: float
    row_low: Reals
    row_high: Reals
    begin: Places
    column: Places
    coefficient: Reals
    options: Mapping[str, bool | float | int]
