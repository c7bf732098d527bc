"""The table of all families of instances: generated ones and public sets."""

from __future__ import annotations

from pathlib import Path

from benchmarks.case import NoInstance, Suite
from benchmarks.generate import FAMILIES
from benchmarks.sets import generated, hhcrsp, smptsp
from benchmarks.sets.uhhc import suite as uhhc

PUBLIC = {hhcrsp.FAMILY: hhcrsp.suite, uhhc.FAMILY: uhhc.suite, smptsp.FAMILY: smptsp.suite}


def families() -> tuple[str, ...]:
    """List the families that `suite` knows, the generated ones first."""
    return (*FAMILIES, *PUBLIC)


def suite(family: str, data: Path | None = None) -> Suite:
    """Open a family; nothing is read before a name is asked for.

    Parameters
    ----------
    family
        One of `families()`.
    data
        The folder of the public sets; None takes it from TIDYPLAN_BENCHMARK_DATA. Generated families need none.

    Returns
    -------
    Its instances.

    Raises
    ------
    NoInstance
        Where there is no such family.
    """
    if family in FAMILIES:
        return generated.suite(family)
    if family in PUBLIC:
        return PUBLIC[family](data)
    raise NoInstance(f"{family}: there is no such family of instances. Choose one of: {', '.join(families())}.")
