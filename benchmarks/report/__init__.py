"""Reports of results: README.md, report.html and pictures."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from benchmarks.report.content import compose
from benchmarks.report.markdown import to_markdown
from benchmarks.report.page import to_page
from benchmarks.result_file import BadResults, read
from service.cli.files import Refused
from service.cli.screen import complain, say

MARKDOWN, PAGE = "README.md", "report.html"


def write_report(results: Sequence[Path], folder: Path) -> None:
    """Write the report of some files of results.

    Parameters
    ----------
    results
        Files that `run --out` has written.
    folder
        Where to; it is made where there is none.

    Raises
    ------
    Refused
        Where a file cannot be read, or the folder not be written; it has been said.
    """
    try:
        runs, micro = read(results)
        if not runs and not micro:
            raise BadResults(f"{', '.join(map(str, results))}: no results. Name a file that `run --out` has written.")
        folder.mkdir(parents=True, exist_ok=True)
        document = compose(runs, micro, folder)
        (folder / MARKDOWN).write_text(to_markdown(document), encoding="utf-8")
        (folder / PAGE).write_text(to_page(document), encoding="utf-8")
    except BadResults as error:
        complain(str(error))
        raise Refused from None
    except OSError as error:
        complain(f"{folder}: cannot be written: {error.strerror or error}. Choose another folder with -o.")
        raise Refused from None
    say(f"{folder / MARKDOWN}, {folder / PAGE}")
