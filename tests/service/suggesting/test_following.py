"""An index that follows what others write answers like one that is made anew."""

from collections.abc import Iterator

import pytest
from fastapi import FastAPI

from service.database import Database
from service.suggesting import Keeping
from tests.service.accounts import Client, Json
from tests.service.suggesting.worlds import Busy, Process

CHANGES, BETWEEN = 60, 20


@pytest.fixture
def processes(app: FastAPI, database: Database) -> Iterator[list[Process]]:
    """Two processes on one database."""
    other = Database(database.url.render_as_string(hide_password=False))
    yield [Process(app, each, Keeping(4, 14)) for each in (database, other)]
    other.close()


def answers(client: Client, questions: list[Json]) -> list[tuple[int, Json]]:
    found = [client.post("appointments/suggest-slots/", each) for each in questions]
    assert {each.status_code for each in found} <= {200, 409}, [each.text for each in found]
    return [(each.status_code, {**each.json(), "request_id": None}) for each in found]


@pytest.mark.parametrize("seed", range(1))
def test_indexes_of_two_processes_answer_like_new_ones(
    app: FastAPI, processes: list[Process], owner: Client, seed: int
) -> None:
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
        for most in (4, 0):
            with Process(app, processes[0].database, Keeping(most, 14)).serving():
                told.append(answers(owner, questions))
        for question, first, second, fresh, alone in zip(questions, *told, strict=True):
            if all(found.get("complete", True) for _, found in (first, second, fresh, alone)):  # there was time enough
                assert first == fresh, (number, question)
                assert second == fresh, (number, question)
                assert fresh[1].get("possible") == alone[1].get("possible"), (number, question)
