"""Runs of engines on instances, each in a fresh process, one after another, continuing where a file of results ends."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from itertools import product
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.engine import EngineError, entry_of
from benchmarks.machine import PACKAGES, commit, load, machine, now, versions
from benchmarks.programme import SEED, Target, seconds_of
from benchmarks.result_file import FAILED, Json, Run, append, read
from benchmarks.worker import Request
from models.errors import TidyplanError

# Beyond the limit: starting, reading the problem, judging the plan; what takes longer is ended.
GRACE_SECONDS, GRACE_FACTOR = 300.0, 3.0
WARM_UP_SECONDS = 0.5
WARM_UP = Target("core", f"core-12-{SEED}")
LAST_WORDS = 2000  # characters of what a failed process said


class NotRun(TidyplanError):
    """A run that the input makes impossible; the message says what is wrong with it."""


@dataclass(frozen=True)
class Limits:
    """How much each run may take; `seconds` None is the usual limit of each suite."""

    seconds: float | None = None
    seeds: int = 3
    workers: int = 2


@dataclass(frozen=True)
class Places:
    """Where things are: the public sets, the file of results, and a folder for plans; None for what is not wanted."""

    data: Path | None = None
    out: Path | None = None
    plans: Path | None = None


def wanted(engines: list[str], targets: list[Target], limits: Limits) -> list[Run]:
    """List what is to be run, seed by seed, so that early ends leave something of every instance.

    Parameters
    ----------
    engines
        Names with variants.
    targets
        The instances.
    limits
        Of each run.

    Returns
    -------
    Runs without a result.
    """
    return [
        Run(engine, target.suite, target.case, seed, limits.seconds or seconds_of(target.suite), limits.workers, {})
        for seed, target, engine in product(range(limits.seeds), dict.fromkeys(targets), dict.fromkeys(engines))
    ]


def there_already(runs: list[Run], out: Path | None) -> list[Run]:
    """Find the runs that a file of results has; failed ones do not count.

    Parameters
    ----------
    runs
        What is wanted.
    out
        The file; there need be none.

    Returns
    -------
    The runs with their results.
    """
    if out is None or not out.exists():
        return []
    kept, _ = read([out])
    found = {run.key: run for run in kept if run.status != FAILED}
    return [found[run.key] for run in runs if run.key in found]


def warm_up(engine: str) -> None:
    """Let an engine plan next to nothing in a process of its own, so that its compiled code is cached.

    Parameters
    ----------
    engine
        Its name, with a variant.

    Raises
    ------
    EngineError
        Where the engine cannot be had.
    NotRun
        Where it fails at so little.
    """
    run = Run(engine, WARM_UP.suite, WARM_UP.case, 0, WARM_UP_SECONDS, 1, {})
    result = _performed(run, WARM_UP, Places())
    if result["status"] == "unavailable":
        raise EngineError(result["message"])
    if result["status"] == FAILED:
        raise NotRun(f"{engine}: fails on {WARM_UP.case}: {result['message']}")


def perform(runs: list[Run], targets: list[Target], places: Places) -> Iterator[Run]:
    """Run what is wanted.

    Parameters
    ----------
    runs
        What is wanted.
    targets
        The instances of the runs.
    places
        Where to read and write.

    Yields
    ------
    Each run with its result, as soon as it is written.

    Raises
    ------
    NotRun
        Where an instance cannot be had.
    """
    known = {(target.suite, target.case): target for target in targets}
    for run in runs:
        load_before = load()
        result = _performed(run, known[run.suite, run.case], places)
        if result["status"] == "refused":
            raise NotRun(result["message"])
        entry, _ = entry_of(run.engine)
        about: Json = {
            "when": now(),
            "commit": commit(),
            "machine": machine() | {"load_before": load_before},
            "versions": versions((*PACKAGES[:1], *entry.packages)),
        }
        done = Run(run.engine, run.suite, run.case, run.seed, run.seconds, run.workers, result, about)
        if places.out is not None:
            append(places.out, done.to_json())
        yield done


def _performed(run: Run, target: Target, places: Places) -> Json:
    """Run one in a fresh process, and tell a failure by what it said last."""
    plan = None if places.plans is None else str(places.plans / plan_name(run))
    data = None if places.data is None else str(places.data)
    request = Request(run.engine, run.suite, run.case, target.path, data, run.seconds, run.workers, run.seed, plan)
    with TemporaryDirectory() as folder:
        answer = Path(folder) / "answer.json"
        try:
            process = subprocess.run(
                [sys.executable, "-m", "benchmarks.worker", str(answer)],
                input=json.dumps(asdict(request)),
                capture_output=True,
                text=True,
                errors="replace",
                timeout=GRACE_FACTOR * run.seconds + GRACE_SECONDS,
                check=False,
            )
        except subprocess.TimeoutExpired as error:
            return {"status": FAILED, "message": f"still running after {error.timeout:.0f} s"}
        if process.returncode or not answer.exists():
            words = process.stderr.strip()[-LAST_WORDS:]
            return {"status": FAILED, "message": f"exit code {process.returncode}: {words}"}
        result: Json = json.loads(answer.read_text(encoding="utf-8"))
        return result


def plan_name(run: Run) -> str:
    """Name the file of a plan after its run."""
    engine = run.engine.replace(":", "-")
    return f"{run.suite}.{run.case}.{engine}.{run.seconds:g}s.{run.workers}w.seed{run.seed}.plan.json"
