"""What `run` and `all` do: micro benchmarks and runs of engines, with a line for each as it ends."""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path

from benchmarks.benchmark import Row, Wishes
from benchmarks.case import NoInstance
from benchmarks.engine import EngineError, entry_of
from benchmarks.machine import commit, load, record
from benchmarks.programme import FILES, Target, resolve
from benchmarks.registry import BENCHMARKS
from benchmarks.result_file import BadResults, Run, append
from benchmarks.runs import Limits, NotRun, Places, perform, there_already, wanted, warm_up
from benchmarks.wording import figure, shown, told
from service.cli.files import Refused, read_problem
from service.cli.screen import complain, say, show_table


def refuse(message: str) -> Refused:
    """Complain, and give what is to be raised."""
    complain(message)
    return Refused()


def split(names: Sequence[str], data: Path | None) -> tuple[list[str], list[Target]]:
    """Tell the micro benchmarks among names from suites and instances.

    Parameters
    ----------
    names
        As the command line has them.
    data
        The folder of the public sets.

    Returns
    -------
    Names of micro benchmarks, and instances.

    Raises
    ------
    Refused
        Where a name means nothing; it has been said.
    """
    known = {entry.name for entry in BENCHMARKS}
    targets: list[Target] = []
    try:
        for name in names:
            targets += [] if name in known else resolve(name, data)
    except NoInstance as error:
        micro = f" The micro benchmarks are {', '.join(sorted(known))}." if "no such suite" in str(error) else ""
        raise refuse(f"{error}{micro}") from None
    for target in targets:
        if target.suite == FILES and target.path is not None:
            read_problem(Path(target.path))
    return [name for name in names if name in known], targets


def check_limits(limits: Limits, places: Places) -> None:
    """Raise `Refused` where a limit is no number, or a folder or file cannot be written; it has been said."""
    if limits.seconds is not None and not math.isfinite(limits.seconds):
        raise refuse(f"--seconds {limits.seconds}: a number of seconds is expected, such as 60.")
    if places.out is not None and (places.out.is_dir() or not places.out.parent.is_dir()):
        raise refuse(
            f"{places.out}: cannot be written: it is a folder, or its folder is missing. Choose another place."
        )
    if places.data is not None and not places.data.is_dir():
        raise refuse(f"--data {places.data}: there is no such folder. Name the one that holds the public sets.")
    if places.plans is not None:
        try:
            places.plans.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise refuse(f"--save-plans {places.plans}: {error.strerror or error}. Choose another folder.") from None


def run_micro(name: str, wishes: Wishes, out: Path | None) -> None:
    """Run a micro benchmark, show its rows and append them to a file.

    Parameters
    ----------
    name
        Of the table in `benchmarks.registry`.
    wishes
        Files and seconds.
    out
        A file of results, None to show only.
    """
    entry = next(entry for entry in BENCHMARKS if entry.name == name)
    load_before = load()
    rows: list[Row] = []
    for row in entry.run(wishes):
        rows.append(row)
        if out is not None:
            _append(out, record(name, row, load_before))
    show_table(
        entry.summary,
        tuple(rows[0]),
        [[shown(cell) for cell in row.values()] for row in rows],
        figures=len(rows[0]) - 1,
    )
    say(f"load of the machine: {load_before} before, {load()} after")


def _append(path: Path, line: dict[str, object]) -> None:
    try:
        append(path, line)
    except BadResults as error:
        raise refuse(str(error)) from None


def run_engines(engines: Sequence[str], targets: list[Target], limits: Limits, places: Places) -> list[Run]:
    """Run engines on instances, with a line on standard error for each run.

    Parameters
    ----------
    engines
        Names with variants.
    targets
        The instances.
    limits, places
        How much, and where to.

    Returns
    -------
    The runs, those included that the file of results had already.

    Raises
    ------
    Refused
        Where an engine or an instance cannot be had, or the results not be written; it has been said.
    """
    try:
        for engine in engines:
            entry_of(engine)
        runs = wanted(list(engines), targets, limits)
        done = there_already(runs, places.out)
        keys = {run.key for run in done}
        left = [run for run in runs if run.key not in keys]
        if done:
            complain(told(len(done), "run is", "runs are") + f" in {places.out} already.")
            if other := sorted({str(run.about.get("commit")) for run in done} - {str(commit())}):
                complain(f"Some are of another commit than {commit()}: {', '.join(other)}. Another --out starts anew.")
        for engine in dict.fromkeys(run.engine for run in left):
            warm_up(engine)
        for number, run in enumerate(perform(left, targets, places), 1):
            complain(f"[{number}/{len(left)}] {_line(run)}")
            done.append(run)
    except (BadResults, EngineError, NotRun) as error:
        raise refuse(str(error)) from None
    return done


def _line(run: Run) -> str:
    head = f"{run.engine} on {run.suite}/{run.case}, seed {run.seed}: {run.status}"
    if run.value is None:
        message = str(run.result.get("message") or "; ".join(run.result.get("breaches") or ()))
        return f"{head}; {message.splitlines()[-1]}" if message else head
    cost = f"{head}, {figure(run.value)} {run.result.get('unit', 'cost')}"
    return f"{cost} in {run.result['seconds']:.1f} s, {run.result['peak_memory_mb']:.0f} MB"
