"""A CalDAV server for all tests, and a calendar with its integration for each."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from benchmarks.serving.caldav_server import Radicale, radicale


@pytest.fixture(scope="session")
def caldav(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Radicale]:
    """A Radicale, started once."""
    with radicale(Path(tmp_path_factory.mktemp("radicale"))) as server:
        yield server
