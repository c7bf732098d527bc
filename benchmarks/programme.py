"""What is run: the suites with their instances and time limits, and how a name becomes instances."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from benchmarks.case import Case, NoInstance
from benchmarks.generate import FAMILIES
from benchmarks.sets import suites
from models.json_reader import read_json

SECONDS, SEEDS, WORKERS = 60.0, 3, 2
FILES = "file"

# The instances of generated families, by appointments; all are drawn with the same seed.
SIZES: dict[str, tuple[int, ...]] = {
    "core": (100, 200, 400, 1000, 4000, 10_000),
    "crowded": (200, 1000, 4000),
    "field": (100, 300, 1000, 4000),
    "clinic": (100, 300, 1000, 4000),
    "long": (2000, 20_000),
}
SEED = 101
LONGER: dict[str, float] = {"long": 180.0}
# What the smoke version runs: a few appointments of the families that differ in kind.
QUICK_FAMILIES, QUICK_SIZE, QUICK_SECONDS = ("core", "field", "clinic"), 12, 1.0


@dataclass(frozen=True, order=True)
class Target:
    """An instance by name: a family's, or a file."""

    suite: str
    case: str
    path: str | None = None


def suite_names() -> tuple[str, ...]:
    """List the suites, the generated ones first."""
    return suites.families()


def seconds_of(suite: str) -> float:
    """Look up the usual time limit of a suite."""
    return LONGER.get(suite, SECONDS)


def targets_of(suite: str, data: Path | None) -> list[Target]:
    """List the instances of a suite.

    Parameters
    ----------
    suite
        One of `suite_names()`.
    data
        The folder of the public sets, None for the one that the environment names.

    Returns
    -------
    Targets in the order of the suite.

    Raises
    ------
    NoInstance
        Where the data of a public set are missing.
    """
    if suite in FAMILIES and suite in SIZES:
        return [Target(suite, f"{suite}-{size}-{SEED}") for size in SIZES[suite]]
    return [Target(suite, name) for name in suites.suite(suite, data).names()]


def quick_targets() -> list[Target]:
    """List the instances of the smoke version: each takes a second."""
    return [Target(family, f"{family}-{QUICK_SIZE}-{SEED}") for family in QUICK_FAMILIES]


def resolve(name: str, data: Path | None) -> list[Target]:
    """Find what a name on the command line means.

    Parameters
    ----------
    name
        A suite such as `core`; an instance such as `core-200-101`, `core/core-200-101` or `hhcrsp/A1`; or the path of a
        problem.json.
    data
        The folder of the public sets, None for the one that the environment names.

    Returns
    -------
    One target or more.

    Raises
    ------
    NoInstance
        Where it means nothing, or the data are missing.
    """
    known = suite_names()
    if name in known:
        return targets_of(name, data)
    if name.endswith(".json"):
        return [Target(FILES, Path(name).stem, str(Path(name).resolve()))]
    suite, _, case = name.partition("/") if "/" in name else (name.partition("-")[0], "", name)
    if suite not in known:
        raise NoInstance(
            f"{name}: there is no such suite, instance or benchmark. The suites are {', '.join(known)}; an instance is "
            f"named like core-{SIZES['core'][1]}-{SEED} or hhcrsp/A1, a file ends in .json."
        )
    drawn = suite in FAMILIES and re.fullmatch(rf"{re.escape(suite)}-[1-9]\d{{0,5}}-\d{{1,9}}", case)
    if not drawn and case not in suites.suite(suite, data).names():
        advice = f"python -m benchmarks list {suite} names them."
        raise NoInstance(f"{name}: the suite {suite} has no instance {case!r}; {advice}")
    return [Target(suite, case)]


def open_case(target: Target, data: Path | None) -> Case:
    """Read or draw an instance.

    Parameters
    ----------
    target
        As `resolve` finds it.
    data
        The folder of the public sets, None for the one that the environment names.

    Returns
    -------
    The instance.

    Raises
    ------
    NoInstance
        Where it cannot be had.
    """
    if target.path is None:
        return suites.suite(target.suite, data).load(target.case)
    try:
        content = Path(target.path).read_bytes()
    except OSError as error:
        raise NoInstance(f"{target.path}: cannot be read: {error.strerror or error}. Check the name.") from None
    return Case(FILES, target.case, dict(read_json(content)))
