"""Where and with what a result was measured."""

from __future__ import annotations

import os
import platform
import resource
import subprocess
import sys
from collections.abc import Iterable
from datetime import UTC, datetime
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from benchmarks.benchmark import Row

PACKAGES = ("tidyplan", "numba", "numpy", "ortools")
ROOT = Path(__file__).resolve().parents[1]
MEGABYTE = 1_000_000


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
        "when": now(),
        "benchmark": benchmark,
        "commit": commit(),
        "result": row,
        "machine": machine() | {"load_before": load_before},
        "versions": versions(PACKAGES),
    }


def now() -> str:
    """The present instant, to the second, in UTC."""
    return datetime.now(UTC).isoformat(timespec="seconds")


@cache
def _machine() -> dict[str, str | int | float | None]:
    return {
        "cpu": _first_value(Path("/proc/cpuinfo"), "model name") or platform.processor() or platform.machine(),
        "cpus": os.cpu_count(),
        "memory_gb": round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1e9, 1),
        "platform": " ".join(filter(None, (platform.system(), platform.machine(), *platform.libc_ver()))),
        "python": platform.python_version(),
    }


def machine() -> dict[str, str | int | float | None]:
    """Describe the machine: processor, cores, memory in units of 10⁹ bytes, system and Python."""
    return dict(_machine())


def versions(packages: Iterable[str]) -> dict[str, str]:
    """Look up the versions of distributions; those that are not installed are left out."""
    found = {}
    for name in packages:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            continue
    return found


@cache
def commit() -> str | None:
    """The commit of the sources, with a plus sign where files differ from it; None outside a repository."""
    try:
        answer = subprocess.run(
            ["git", "describe", "--always", "--exclude=*", "--dirty=+"],
            capture_output=True,
            text=True,
            cwd=ROOT,
            check=False,
        )
    except OSError:
        return None
    return answer.stdout.strip() or None


def peak_memory_mb() -> float:
    """The most memory that this process, or the largest of its children, has held, in units of 10⁶ bytes."""
    unit = 1 if sys.platform == "darwin" else 1024
    children = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * unit
    # A process inherits the peak of the one that started it, which the kernel's own count for it leaves out.
    own_peak = _first_value(Path("/proc/self/status"), "VmHWM")
    own = int(own_peak.split()[0]) * 1024 if own_peak else resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit
    return round(max(own, children) / MEGABYTE, 1)


def cpu_seconds() -> float:
    """Process time of this process and its children so far, all threads added up."""
    return sum(
        resource.getrusage(who)[0] + resource.getrusage(who)[1]
        for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    )


def _first_value(path: Path, key: str) -> str | None:
    try:
        lines = path.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return None
    return next((line.partition(":")[2].strip() for line in lines if line.startswith(key)), None)
