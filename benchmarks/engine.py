"""What can be held against what: engines that take a problem.json and give a plan, by name, and their registry.

An engine is registered once, by `register`, with a function that loads it: only then are its packages imported. A
name may carry a variant after a colon, such as `tidyplan:one-worker`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from importlib import import_module
from importlib.util import find_spec
from typing import Any, Protocol

from models.plan import Plan

Json = dict[str, Any]

# Modules that register engines when they are imported.
HOMES = ("benchmarks.own_engine", "benchmarks.peers")


@dataclass(frozen=True)
class EngineEvent:
    """A better plan: seconds since the call of `solve`, and its cost by the weights of the problem."""

    seconds: float
    cost: int


@dataclass(frozen=True)
class EngineResult:
    """What an engine found.

    Parameters
    ----------
    plan
        The best plan, None where there is none. It is checked, and its cost computed anew, by whoever called.
    cost
        What the engine takes the plan to cost, by the weights of the problem; None without a plan.
    bound
        What no plan can undercut, proved by the engine; None where it proves nothing.
    events
        The way to the plan, ever cheaper; an engine that does not tell leaves one event, its end.
    notes
        What else is worth keeping, such as a method or a number of moves; it is written to the results.
    """

    plan: Plan | None
    cost: int | None
    bound: int | None
    events: tuple[EngineEvent, ...] = ()
    notes: Mapping[str, str | int | float] = field(default_factory=dict)


class Engine(Protocol):
    """Something that plans."""

    def solve(self, document: Json, seconds: float, workers: int, seed: int) -> EngineResult:
        """Plan a problem.

        Parameters
        ----------
        document
            A problem.json dictionary; it stays as it is.
        seconds
            The time limit of the whole call, reading the document included.
        workers
            Cores that may be used.
        seed
            Start of the random numbers, where there are any.

        Returns
        -------
        The best plan and the way to it.

        Raises
        ------
        Unsupported
            Where the engine cannot state the problem: never a plan of another problem.
        """


class EngineError(Exception):
    """An engine that cannot be had; the message names it and ends with advice."""


class Unsupported(Exception):
    """A problem that an engine cannot state; the message says which part of it."""


@dataclass(frozen=True)
class EngineEntry:
    """A line of the registry.

    Parameters
    ----------
    name
        As the command line knows it, without a colon.
    summary
        One line.
    load
        Imports what is needed and makes the engine, given the name of a variant or "" for the engine as it is. Raises
        `EngineError` where a package is missing, with the way to install it.
    variants
        One line for each variant that `load` knows.
    packages
        Distributions whose versions are noted with the results.
    """

    name: str
    summary: str
    load: Callable[[str], Engine]
    variants: Mapping[str, str] = field(default_factory=dict)
    packages: tuple[str, ...] = ()


_ENTRIES: dict[str, EngineEntry] = {}


def register(entry: EngineEntry) -> None:
    """Add an engine to the registry.

    Parameters
    ----------
    entry
        Its line; a name that is taken is an error of the program.
    """
    if ":" in entry.name or _ENTRIES.setdefault(entry.name, entry) is not entry:
        raise ValueError(f"{entry.name}: the name of an engine is its own and without a colon. Choose another.")


def engines() -> dict[str, EngineEntry]:
    """List the registry by name, our own engine first."""
    for home in HOMES:
        if find_spec(home) is not None:
            import_module(home)
    return dict(_ENTRIES)


def entry_of(name: str) -> tuple[EngineEntry, str]:
    """Look up an engine and its variant without loading it.

    Parameters
    ----------
    name
        Such as `tidyplan` or `tidyplan:one-worker`.

    Returns
    -------
    Its entry and the name of the variant, "" for none.

    Raises
    ------
    EngineError
        Where there is no such engine or variant.
    """
    known = engines()
    plain, colon, variant = name.partition(":")
    if plain not in known:
        raise EngineError(f"{name}: there is no such engine. Choose one of: {', '.join(known)}.")
    if colon and variant not in known[plain].variants:
        listed = ", ".join(f"{plain}:{each}" for each in known[plain].variants) or "none"
        raise EngineError(f"{name}: {plain} has no such variant. Its variants: {listed}.")
    return known[plain], variant
