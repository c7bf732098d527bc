"""Where and with what a result was measured."""

from __future__ import annotations

import os
import platform
from datetime import UTC, datetime
from importlib.metadata import version

from benchmarks.benchmark import Row

PACKAGES = ("tidyplan", "numba", "numpy", "ortools")


def load() -> float:
    """Processes that wanted a core in the last minute, on average; -1 where the system does not tell."""
    return round(os.getloadavg()[0], 2) if hasattr(os, "getloadavg") else -1.0


def record(benchmark: str, row: Row, load_before: float) -> dict[str, object]:
    """Make a dated result of a row.

    Parameters
    ----------
    benchmark
        The name.
    row
        What was measured.
    load_before
        The machine's load when the benchmark began.

    Returns
    -------
    A dictionary of what JSON knows.
    """
    return {
        "when": datetime.now(UTC).isoformat(timespec="seconds"),
        "benchmark": benchmark,
        "result": row,
        "machine": {
            "cpus": os.cpu_count(),
            "platform": platform.platform(),
            "python": platform.python_version(),
            "load_before": load_before,
        },
        "versions": {name: version(name) for name in PACKAGES},
    }
