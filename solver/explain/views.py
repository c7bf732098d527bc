"""Rows seen otherwise: with some causes spared, or with all barred that is closed even in an empty plan."""

from collections.abc import Mapping

import numpy as np

from solver.explain.causes import BARRED, Masks
from solver.explain.rows import Rows, Shape, Span

ALL = 0xFFFF


class Spared(Rows):
    """Rows as if some rules did not hold for some subjects.

    Parameters
    ----------
    base
        The rows as they are.
    spared
        By subject the bits that do not count.
    everywhere
        Bits that do not count for anybody.
    """

    def __init__(self, base: Rows, spared: Mapping[int, int], everywhere: int = 0) -> None:
        super().__init__(base.instance, base.occupied)
        self._base = base
        self._spared = spared
        self._everywhere = everywhere

    def row(self, subject: int, units: int, shape: Shape, span: Span) -> Masks:
        """Find what closes a subject and is not spared."""
        row = self._base.row(subject, units, shape, span)
        bits = self.spared(subject)
        return row & np.uint16(ALL & ~bits) if bits else row

    def spared(self, subject: int) -> int:
        """The bits that do not count for a subject."""
        return self._spared.get(subject, 0) | self._everywhere


class Barred(Rows):
    """Rows in which whatever is closed even in an empty plan is barred.

    Parameters
    ----------
    base, alone
        The rows of the plan, and those of the empty plan.
    """

    def __init__(self, base: Rows, alone: Rows) -> None:
        super().__init__(base.instance, base.occupied)
        self._base = base
        self._alone = alone

    def row(self, subject: int, units: int, shape: Shape, span: Span) -> Masks:
        """Find what closes a subject, and mark what others have no part in."""
        row = self._base.row(subject, units, shape, span)
        hopeless = self._alone.row(subject, units, shape, span) != 0
        return np.where(hopeless, row | np.uint16(BARRED), row) if hopeless.any() else row


class Barring(Rows):
    """Rows in which whatever is closed by some causes is barred.

    Parameters
    ----------
    base
        The rows as they are.
    bits
        Of the causes.
    """

    def __init__(self, base: Rows, bits: int) -> None:
        super().__init__(base.instance, base.occupied)
        self._base = base
        self._bits = np.uint16(bits)

    def row(self, subject: int, units: int, shape: Shape, span: Span) -> Masks:
        """Find what closes a subject, and mark what is barred."""
        row = self._base.row(subject, units, shape, span)
        return np.where(row & self._bits, row | np.uint16(BARRED), row)
