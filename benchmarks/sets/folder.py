"""The folder of the public sets: where it is, and what is said when something is missing in it."""

from __future__ import annotations

import csv
import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from benchmarks.case import DATA_VARIABLE, NoInstance
from benchmarks.generate import Json


@dataclass(frozen=True)
class Folder:
    """One public set: `DATA/FAMILY/instances/*` and `DATA/FAMILY/best_known.csv`.

    Parameters
    ----------
    family
        The set, and the name of its folder.
    data
        The folder of all sets; None takes it from the environment.
    suffix
        Of an instance file.
    origin
        Where the set can be had.
    """

    family: str
    data: Path | None
    suffix: str
    origin: str

    @property
    def path(self) -> Path:
        """The folder of the set."""
        data = self.data or (Path(os.environ[DATA_VARIABLE]) if os.environ.get(DATA_VARIABLE) else None)
        if data is None:
            raise NoInstance(f"{self.family}: no folder of public instances is named. {self._advice}")
        path = data / self.family
        if not (path / "instances").is_dir():
            raise NoInstance(f"{path / 'instances'}: there is no such folder. {self._advice}")
        return path

    def names(self) -> tuple[str, ...]:
        """List the instances whose files are there, in the order of their numbers.

        Returns
        -------
        The names without the suffix.

        Raises
        ------
        NoInstance
            Where there is none.
        """
        found = sorted((path.stem for path in (self.path / "instances").glob(f"*{self.suffix}")), key=_by_numbers)
        if not found:
            raise NoInstance(f"{self.path / 'instances'}: there is no {self.suffix} file. {self._advice}")
        return tuple(found)

    def text(self, name: str) -> str:
        """Read an instance.

        Parameters
        ----------
        name
            As `names` lists it.

        Returns
        -------
        The content of the file.

        Raises
        ------
        NoInstance
            Where the file is missing or cannot be read.
        """
        path = self.path / "instances" / f"{name}{self.suffix}"
        try:
            return path.read_text(encoding="utf-8")
        except OSError as error:
            raise NoInstance(f"{path}: cannot be read: {error.strerror or error}. {self._advice}") from None

    def json(self, name: str) -> Json:
        """Read an instance that is written as a JSON object.

        Parameters
        ----------
        name
            As `names` lists it.

        Returns
        -------
        The object.

        Raises
        ------
        NoInstance
            Where the file is missing or is no JSON object.
        """
        try:
            content: object = json.loads(self.text(name))
        except json.JSONDecodeError as error:
            raise NoInstance(f"{self.family} {name}: the file is no JSON: {error}. Get it anew.") from None
        if not isinstance(content, dict):
            raise NoInstance(f"{self.family} {name}: the file holds no JSON object. Get it anew.")
        return content

    @cached_property
    def _advice(self) -> str:
        return (
            f"Give --data or set {DATA_VARIABLE} to the folder that holds {self.family}/instances/*{self.suffix} and "
            f"{self.family}/best_known.csv; the instances are from {self.origin}."
        )

    def published(self, name: str, *columns: str) -> tuple[float | None, ...]:
        """Look up published figures of an instance in best_known.csv.

        Parameters
        ----------
        name
            The instance.
        columns
            Heads of columns.

        Returns
        -------
        The figures, None where a cell is empty or the instance has no row.

        Raises
        ------
        NoInstance
            Where the table is missing or has no such column.
        """
        row = self._table.get(name, {})
        return tuple(float(row[column]) if row.get(column) else None for column in columns)

    @cached_property
    def _table(self) -> Mapping[str, Mapping[str, str]]:
        path = self.path / "best_known.csv"
        try:
            with path.open(encoding="utf-8", newline="") as file:
                return {row["instance"]: row for row in csv.DictReader(file)}
        except OSError as error:
            raise NoInstance(f"{path}: cannot be read: {error.strerror or error}. {self._advice}") from None


def _by_numbers(name: str) -> list[tuple[int, str]]:
    """Sort A2 before A10."""
    words = "".join(c if c.isdigit() else f" {c} " for c in name).split()
    return [(int(word), "") if word.isdigit() else (-1, word) for word in words]
