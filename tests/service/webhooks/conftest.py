from collections.abc import Iterator

import pytest
from fastapi import FastAPI

from service.database import Database
from tests.service.outgoing.receiving import Receiver, receiving
from tests.service.webhooks.jobs_done import Jobs, settings_of


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    """A system outside."""
    with receiving() as made:
        yield made


@pytest.fixture
def jobs(app: FastAPI, database: Database) -> Jobs:
    """The jobs of the test; the application may connect to loopback, too."""
    app.state.settings = settings_of(database)
    return Jobs(database)
