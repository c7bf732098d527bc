"""An index that follows what others write answers like one that is made anew."""

from collections.abc import Iterator

import pytest
from fastapi import FastAPI

from service.database import Database
from service.suggesting import Keeping
from tests.service.accounts import Client, Json
from tests.service.suggesting.worlds import Busy, Process

CHANGES, BETWEEN = 60, 15


@pytest.fixture
def processes(app: FastAPI, database: Database) -> Iterator[list[Process]]:
    """Two processes on one database."""
    made = [Process(app, database.url.render_as_string(hide_password=False)) for _ in range(2)]
    yield made
    for each in made:
        each.database.close()


def answers(client: Client, questions: list[Json]) -> list[tuple[int, Json]]:
    found = [client.post("appointments/suggest-slots/", each) for each in questions]
    assert {each.status_code for each in found} <= {200, 409}, [each.text for each in found]
    return [(each.status_code, {**each.json(), "request_id": None}) for each in found]


@pytest.mark.parametrize("seed", range(1))
def test_indexes_of_two_processes_answer_like_new_ones(processes: list[Process], owner: Client, seed: int) -> None:
    busy = Busy(owner, seed)
    for number in range(CHANGES // BETWEEN):
        for _ in range(BETWEEN):
            with processes[busy.random.randrange(2)].serving():
                busy.change()
        questions = busy.questions()
        told = []
        for process in processes:
            with process.serving():
                told.append(answers(owner, questions))
        with processes[0].serving():
            owner.http.app.state.keeping = Keeping(4, 14)  # type: ignore[attr-defined]  # of the application
            told.append(answers(owner, questions))
        assert told[0] == told[2], number
        assert told[1] == told[2], number
