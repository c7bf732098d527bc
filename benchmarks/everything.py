"""What `all` does: every suite with every engine, the micro benchmarks, and the report, from one command."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.benchmark import Wishes
from benchmarks.case import NoInstance
from benchmarks.engine import EngineError, engines
from benchmarks.generate import core, write
from benchmarks.programme import QUICK_SECONDS, QUICK_SIZE, SEED, Target, quick_targets, suite_names, targets_of
from benchmarks.registry import BENCHMARKS
from benchmarks.report import write_report
from benchmarks.result_file import BadResults, read
from benchmarks.running import check_limits, refuse, run_engines, run_micro
from benchmarks.runs import Limits, NotRun, Places, warm_up
from benchmarks.showing import show_runs
from service.cli.screen import complain

RESULTS = "results.jsonl"
QUICK_MICRO_SECONDS = 0.05


def run_everything(folder: Path, limits: Limits, chosen: Sequence[str], data: Path | None, *, quick: bool) -> None:
    """Run what there is and write the report.

    Parameters
    ----------
    folder
        Of results and report; what it has already is not run again.
    limits
        Of each run.
    chosen
        Engines; none for all that are installed, each as it is.
    data
        The folder of the public sets.
    quick
        Only a few appointments of some families, a second each, one seed, our own engine unless others are chosen.

    Raises
    ------
    Refused
        Where the input is wrong; it has been said.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise refuse(f"--out {folder}: {error.strerror or error}. Choose another folder.") from None
    places = Places(data, folder / RESULTS)
    if quick:
        limits = Limits(limits.seconds or QUICK_SECONDS, 1, limits.workers)
        chosen = chosen or ("tidyplan",)
    check_limits(limits, places)
    targets = quick_targets() if quick else _targets(data)
    _micro(folder / RESULTS, quick=quick)
    show_runs(run_engines(chosen or _installed(), targets, limits, places))
    write_report([folder / RESULTS], folder)


def _targets(data: Path | None) -> list[Target]:
    targets = []
    for suite in suite_names():
        try:
            targets += targets_of(suite, data)
        except NoInstance as error:
            complain(f"Without {suite}: {error}")
    return targets


def _installed() -> list[str]:
    """Try every engine on next to nothing, and name those that cannot be had."""
    found = []
    for name in engines():
        try:
            warm_up(name)
        except (EngineError, NotRun) as error:
            complain(f"Without {name}: {error}")
        else:
            found.append(name)
    return found


def _micro(out: Path, *, quick: bool) -> None:
    try:
        done = {line["benchmark"] for line in read([out])[1]} if out.exists() else set()
    except BadResults as error:
        raise refuse(str(error)) from None
    left = [entry.name for entry in BENCHMARKS if entry.name not in done]
    with TemporaryDirectory() as temporary:
        tiny = Path(temporary) / "tiny.json"
        write(core(QUICK_SIZE, SEED), tiny)
        for name in left:
            run_micro(name, Wishes((tiny,), QUICK_MICRO_SECONDS, 1) if quick else Wishes(), out)
