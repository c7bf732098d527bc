"""Generated problems as cases: `core-1000-7` is the core family, 1000 appointments, seed 7."""

from __future__ import annotations

import re
from functools import partial

from benchmarks.case import Case, NoInstance, Suite
from benchmarks.generate import FAMILIES

SIZES = (200, 1000, 4000)
SEED = 101


def suite(family: str) -> Suite:
    """Make the suite of a generated family.

    Parameters
    ----------
    family
        A key of `FAMILIES`.

    Returns
    -------
    A suite that lists a few sizes and draws any.
    """
    names = tuple(f"{family}-{size}-{SEED}" for size in SIZES)
    return Suite(family, "generated, any size: FAMILY-APPOINTMENTS-SEED", lambda: names, partial(_load, family))


def _load(family: str, name: str) -> Case:
    found = re.fullmatch(rf"{re.escape(family)}-([1-9]\d{{0,5}})-(\d{{1,9}})", name)
    if found is None:
        raise NoInstance(
            f"{name}: the family {family} has no such instance. Ask for one like {family}-{SIZES[0]}-{SEED}."
        )
    size, seed = map(int, found.groups())
    return Case(family, name, FAMILIES[family](size, seed))
