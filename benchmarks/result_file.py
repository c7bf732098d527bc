"""The file of results: one JSON object a line, appended run by run, and read back with its faults named."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from math import isfinite
from pathlib import Path
from typing import Any

from models.errors import TidyplanError

Json = dict[str, Any]
SOLVE = "solve"
FAILED = "failed"


class BadResults(TidyplanError):
    """A file of results that cannot be read or written; the message names it, its line and a mend."""


Key = tuple[str, str, str, int, float, int]


@dataclass(frozen=True)
class Run:
    """One run of an engine on an instance.

    Parameters
    ----------
    engine, suite, case, seed
        What was run.
    seconds, workers
        Its limits.
    result
        As `benchmarks.worker.perform` gives it.
    about
        When, at which commit, on which machine and with which versions.
    """

    engine: str
    suite: str
    case: str
    seed: int
    seconds: float
    workers: int
    result: Json
    about: Json = field(default_factory=dict)

    @property
    def key(self) -> Key:
        """What makes two runs the same: two with equal keys differ by chance and machine alone."""
        return self.engine, self.suite, self.case, self.seed, self.seconds, self.workers

    @property
    def status(self) -> str:
        """What came of it."""
        return str(self.result.get("status", FAILED))

    @property
    def is_valid(self) -> bool:
        """Whether there is a plan that breaks nothing."""
        return self.status in ("optimal", "feasible", "wrong bound")

    @property
    def cost(self) -> int | None:
        """The cost of the plan by the weights of the problem, None without a valid plan."""
        return int(self.result["cost"]) if self.is_valid else None

    @property
    def value(self) -> float | None:
        """The published objective, or the cost where there is none; None without a valid plan."""
        return float(self.result["value"]) if self.is_valid else None

    @property
    def events(self) -> tuple[tuple[float, int], ...]:
        """Seconds and costs of ever better plans, ending with that of the plan as it was checked."""
        listed = tuple((float(seconds), int(cost)) for seconds, cost in self.result.get("events") or ())
        cost = self.cost
        if cost is None or (listed and listed[-1][1] == cost):
            return listed
        return (*listed, (float(self.result["seconds"]), cost))

    def to_json(self) -> Json:
        """Write the run as a line states it."""
        limits = {"seconds": self.seconds, "workers": self.workers}
        names = {"engine": self.engine, "suite": self.suite, "case": self.case, "seed": self.seed, "limits": limits}
        return {"benchmark": SOLVE, **names, "result": self.result, **self.about}

    @classmethod
    def from_json(cls, line: Json) -> Run:
        """Read a line; raises KeyError, TypeError or ValueError where it is none of a run."""
        names = {name: str(line[name]) for name in ("engine", "suite", "case")}
        limits, result = line["limits"], line["result"]
        about: Json = {name: line[name] for name in ("when", "commit", "machine", "versions") if name in line}
        run = cls(
            **names,
            seed=int(line["seed"]),
            seconds=float(limits["seconds"]),
            workers=int(limits["workers"]),
            result=dict(result),
            about=about,
        )
        if run.is_valid and not (run.cost is not None and run.value is not None and isfinite(run.value) and run.events):
            raise ValueError("cost, value and events")
        return run


def read(paths: Iterable[Path]) -> tuple[list[Run], list[Json]]:
    """Read files of results.

    Parameters
    ----------
    paths
        Each with a JSON object a line; a last line that was cut off while it was written is passed over.

    Returns
    -------
    The runs, the newest of each key only, and the lines of all other benchmarks.

    Raises
    ------
    BadResults
        Where a file cannot be read, or a line is no result.
    """
    runs: dict[Key, Run] = {}
    others = []
    for path in paths:
        for number, line in _lines(path):
            try:
                if line["benchmark"] == SOLVE:
                    run = Run.from_json(line)
                    runs[run.key] = run
                else:
                    others.append(line)
            except (KeyError, TypeError, ValueError) as error:
                raise BadResults(f"{path}:{number}: no result of a benchmark: {error}. Take the line out.") from None
    return list(runs.values()), others


def _lines(path: Path) -> Iterable[tuple[int, Json]]:
    try:
        texts = path.read_text(encoding="utf-8").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is no text"
        raise BadResults(f"{path}: cannot be read: {reason}. Name a file that `run --out` has written.") from None
    for number, text in enumerate(texts, 1):
        if not text.strip():
            continue
        try:
            line = json.loads(text)
        except ValueError:
            if number == len(texts):
                return
            raise BadResults(f"{path}:{number}: this is no JSON. Take the line out.") from None
        if not isinstance(line, dict):
            raise BadResults(f"{path}:{number}: no JSON object. Take the line out.")
        yield number, line


def append(path: Path, line: Json) -> None:
    """Add a line to a file of results, on a line of its own even where the last one was cut off.

    Parameters
    ----------
    path
        The file; it is made where there is none.
    line
        What JSON knows.

    Raises
    ------
    BadResults
        Where it cannot be written.
    """
    try:
        if path.exists():
            _mend_end(path)
        with path.open("ab") as file:
            file.write(json.dumps(line, allow_nan=False).encode() + b"\n")
    except OSError as error:
        raise BadResults(f"{path}: cannot be written: {error.strerror or error}. Choose another place.") from None


def _mend_end(path: Path) -> None:
    """End the last line where it is whole, take it out where it was cut off."""
    content = path.read_bytes()
    last = content.rpartition(b"\n")[2]
    if not last:
        return
    with path.open("r+b") as file:
        try:
            json.loads(last)
        except ValueError:
            file.truncate(len(content) - len(last))
        else:
            file.seek(0, 2)
            file.write(b"\n")
