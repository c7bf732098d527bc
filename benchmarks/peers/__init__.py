"""Other engines, held against our own: each states the problem in its own words and answers with our plan."""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec

from benchmarks.engine import Engine, EngineEntry, EngineError, register

EXTRA = "tidyplan[peers]"


def load_peer(package: str, module: str, engine: str) -> Engine:
    """Import the module of a peer and make its engine.

    Parameters
    ----------
    package
        What has to be installed.
    module, engine
        Where the engine is, and the name of its class.

    Returns
    -------
    The engine.

    Raises
    ------
    EngineError
        Where the package is missing.
    """
    _require(package)
    made: Engine = getattr(import_module(f"benchmarks.peers.{module}"), engine)()
    return made


def _require(package: str) -> None:
    if find_spec(package) is None:
        raise EngineError(f"The package {package} is not installed. Install it: pip install '{EXTRA}'.")


def _load_timefold() -> Engine:
    """Make Timefold, which starts Java when it is imported."""
    _require("timefold")
    import jpype

    try:
        jpype.getDefaultJVMPath()
    except jpype.JVMNotFoundException:
        raise EngineError("Timefold needs Java 17 or newer. Install it, or say where it is: JAVA_HOME.") from None
    return load_peer("timefold", "timefold", "Timefold")


register(
    EngineEntry(
        "cpsat",
        "one plain CP-SAT model of the whole problem; no travel, teams or links",
        lambda variant: load_peer("ortools", "cpsat", "PlainCpSat"),
        packages=("ortools",),
    )
)
register(
    EngineEntry(
        "pyjobshop",
        "PyJobShop on OR-Tools; no travel, teams or links",
        lambda variant: load_peer("pyjobshop", "pyjobshop", "PyJobShop"),
        packages=("pyjobshop", "ortools"),
    )
)
register(
    EngineEntry(
        "timefold",
        "Timefold with its stock moves, in Python on Java 17 or newer; no travel, teams or links",
        lambda variant: _load_timefold(),
        packages=("timefold",),
    )
)
register(
    EngineEntry(
        "pyvrp",
        "PyVRP, one core; single visits with travel and one window each",
        lambda variant: load_peer("pyvrp", "pyvrp", "PyVrp"),
        packages=("pyvrp",),
    )
)
