"""What `list` shows: suites with their instances, engines with their variants, and micro benchmarks."""

from __future__ import annotations

from pathlib import Path

from benchmarks.case import NoInstance
from benchmarks.engine import engines
from benchmarks.programme import seconds_of, suite_names, targets_of
from benchmarks.registry import BENCHMARKS
from benchmarks.sets import suites
from service.cli.files import Refused
from service.cli.screen import complain, say, show_table

SHOWN = 6


def list_all(data: Path | None) -> None:
    """Show everything that can be run, with the first instances of each suite.

    Parameters
    ----------
    data
        The folder of the public sets; those that it lacks are listed with what is missing.
    """
    rows, missing = [], []
    for name in suite_names():
        try:
            cases = [target.case for target in targets_of(name, data)]
        except NoInstance as error:
            cases = []
            missing.append(str(error))
        more = f", … ({len(cases)})" if len(cases) > SHOWN else ""
        rows.append((name, f"{seconds_of(name):g} s", ", ".join(cases[:SHOWN]) + more or "no data"))
    show_table("Suites", ("name", "limit", "instances"), rows)
    for message in missing:
        say(message)
    listed = []
    for entry in engines().values():
        listed.append((entry.name, entry.summary))
        listed += [(f"{entry.name}:{variant}", summary) for variant, summary in entry.variants.items()]
    show_table("Engines", ("name", "what it is"), listed)
    show_table("Micro benchmarks", ("name", "what it measures"), [(entry.name, entry.summary) for entry in BENCHMARKS])


def list_suite(name: str, data: Path | None) -> None:
    """Show the instances of a suite, and those of the set that are left out, with the reasons.

    Parameters
    ----------
    name
        Of the suite.
    data
        The folder of the public sets.

    Raises
    ------
    Refused
        Where there is no such suite, or its data are missing; it has been said.
    """
    try:
        suite = suites.suite(name, data)
        show_table(f"{name}: {suite.summary}", ("instance",), [(target.case,) for target in targets_of(name, data)])
        if left_out := suite.left_out():
            show_table("Left out", ("instance", "because"), list(left_out.items()))
    except NoInstance as error:
        complain(str(error))
        raise Refused from None
