"""The file of an archive: JSON lines, compressed batch by batch, so that one that was cut off holds what it holds.

Each batch is a gzip member of its own and is on the disk when `append` returns. Programs such as zcat read the file as
one; a batch that was cut off is not counted, and taken off before the next one is written.
"""

import fcntl
import gzip
import json
import os
import zlib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, BinaryIO

from models.errors import TidyplanError

FORMAT, VERSION = "tidyplan-archive", 1
_STEP = 1 << 20
_GZIP = 31

Line = dict[str, Any]


class BadArchive(TidyplanError):
    """A file that is no archive, or cannot be gone on with."""


class ArchiveFile:
    """An archive that is being written, new or gone on with.

    Parameters
    ----------
    path
        The file.
    head
        What its first line says; a file that is there already must say the same.

    Raises
    ------
    BadArchive
        If it says something else, or cannot be written.
    """

    def __init__(self, path: Path, head: Line) -> None:
        self.path = path
        head = {"format": FORMAT, "version": VERSION, **head}
        try:
            end, first = _end_and_head(path) if path.exists() else (0, None)
            if first is not None and first != head:
                raise BadArchive(f"{path} is another archive: {json.dumps(first)}. Choose another name.")
            self._file = path.open("r+b" if path.exists() else "x+b")
            _lock(self._file, path)
            self._file.truncate(end)
            self._file.seek(end)
            if first is None:
                self.append([head])
                _sync_folder(path.parent)
        except OSError as error:
            raise BadArchive(f"{path} cannot be written: {error.strerror}.") from None

    def append(self, lines: Sequence[Line]) -> None:
        """Write a batch, and return when it is on the disk."""
        text = "".join(json.dumps(line, ensure_ascii=False, separators=(",", ":")) + "\n" for line in lines)
        self._file.write(gzip.compress(text.encode(), mtime=0))
        self._file.flush()
        os.fsync(self._file.fileno())

    def close(self) -> None:
        """Close the file."""
        self._file.close()


def batches(path: Path) -> Iterator[list[Line]]:
    """Read the whole batches of an archive, without its head.

    Yields
    ------
    The lines of each.

    Raises
    ------
    BadArchive
        If it is none.
    """
    try:
        members = _members(path)
        head = _lines(next(members, (0, b""))[1])
        if not head or head[0].get("format") != FORMAT:
            raise BadArchive(f"{path} is no archive of this service.")
        if head[0].get("version") != VERSION:
            raise BadArchive(f"{path} has version {head[0].get('version')}; this service reads {VERSION}. Upgrade it.")
        for _, content in members:
            yield _lines(content)
    except (OSError, ValueError) as error:
        raise BadArchive(f"{path} cannot be read: {error}.") from None


def _end_and_head(path: Path) -> tuple[int, Line | None]:
    """Where the last whole batch ends, and what the first line says; None if not even that is whole."""
    end, head = 0, None
    for place, content in _members(path):
        end = place
        head = head or _lines(content)[0]
    if head is not None and head.get("format") != FORMAT:
        raise BadArchive(f"{path} is there already and is no archive. Choose another name.")
    return end, head


def _members(path: Path) -> Iterator[tuple[int, bytes]]:
    """The whole gzip members of a file, each with the place where it ends."""
    with path.open("rb") as file:
        end, rest = 0, b""
        while True:
            unpacking, parts, used = zlib.decompressobj(_GZIP), [], 0
            while not unpacking.eof:
                chunk = rest or file.read(_STEP)
                rest = b""
                if not chunk:
                    return
                try:
                    parts.append(unpacking.decompress(chunk))
                except zlib.error:
                    raise BadArchive(f"{path} is damaged, or no archive, at byte {end}.") from None
                used += len(chunk)
            rest = unpacking.unused_data
            end += used - len(rest)
            yield end, b"".join(parts)


def _lines(content: bytes) -> list[Line]:
    return [json.loads(line) for line in content.splitlines()]


def _lock(file: BinaryIO, path: Path) -> None:
    """Keep others from writing to a file until it is closed."""
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        file.close()
        raise BadArchive(f"{path} is being written by somebody else. Wait for the end of that.") from None


def _sync_folder(folder: Path) -> None:
    """Let the name of a new file be on the disk, too."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
