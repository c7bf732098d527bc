"""Files on the command line: read with all faults shown at once, and written only where that will work."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from service.cli.screen import complain

if TYPE_CHECKING:
    from models.enums import WeightPreset
    from models.errors import Fault
    from models.plan import Plan
    from models.problem import Problem

Document = TypeVar("Document")

OK, LEFT_OUT, BAD_INPUT = 0, 1, 2


class Refused(Exception):
    """Something is wrong with the input, and it has been said."""


def read_problem(path: Path, weights: WeightPreset | None = None) -> Problem:
    """Read a problem and weigh it, or print everything that is wrong with it and raise `Refused`."""
    from models.presets import weighed
    from models.problem import load_problem

    return weighed(_read(path, load_problem, "tidyplan new writes one to start from."), weights)


def read_plan(path: Path) -> Plan:
    """Read a plan, or print everything that is wrong with it and raise `Refused`."""
    from models.plan import load_plan

    return _read(path, load_plan, "tidyplan solve writes one.")


def _read(path: Path, load: Callable[[Path], Document], advice: str) -> Document:
    from models.errors import InvalidDocument

    try:
        return load(path)
    except InvalidDocument as error:
        show_faults(str(path), error.faults)
    except FileNotFoundError:
        complain(f"{path}: there is no such file. Check the name; {advice}")
    except IsADirectoryError:
        complain(f"{path}: this is a folder. Name a file in it.")
    except OSError as error:
        complain(f"{path}: it cannot be read: {error.strerror or error}. Check its permissions.")
    raise Refused


def show_faults(path: str, faults: Iterable[Fault]) -> None:
    """Print faults: where, what was found, what is expected, and the mend."""
    listed = list(faults)
    complain(f"{path}: {len(listed)} fault{'' if len(listed) == 1 else 's'}")
    for fault in listed:
        complain(f"\n  {path}:{fault.where or 'the document'}")
        complain(f"    found     {fault.found}")
        complain(f"    expected  {fault.expected}")
        if fault.advice:
            complain(f"    advice    {fault.advice}")


def writable(path: Path, inputs: Iterable[Path] = ()) -> bool:
    """Tell whether a file can be written, and print why not.

    Parameters
    ----------
    path
        Where to.
    inputs
        Files that must stay as they are.

    Returns
    -------
    True where writing should work.
    """
    folder = path.parent
    if path.is_dir():
        complain(f"{path}: this is a folder. Name a file in it, such as {path / 'plan.json'}.")
    elif any(path.resolve() == other.resolve() for other in inputs):
        complain(f"{path}: this is an input. Choose another name.")
    elif not folder.is_dir():
        complain(f"{path}: the folder {folder} does not exist. Make it, or choose another.")
    elif not os.access(path if path.exists() else folder, os.W_OK):
        complain(f"{path}: it cannot be written. Check the permissions of {path if path.exists() else folder}.")
    else:
        return True
    return False


def write_problem(path: Path, problem: Problem) -> None:
    """Write a problem, with the weights that it states even where they are the defaults: presets keep off them."""
    document = json.loads(problem.to_json())
    if stated := problem.weights.model_dump(exclude_unset=True):
        document["weights"] = stated
    write(path, (json.dumps(document, indent=1, ensure_ascii=False) + "\n").encode())


def write(path: Path, content: bytes) -> None:
    """Write a file, or print why not and raise `Refused`."""
    try:
        path.write_bytes(content)
    except OSError as error:
        complain(f"{path}: it cannot be written: {error.strerror or error}. Choose another place with -o.")
        raise Refused from None
