"""Who comes first, writes first."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from models.records import Team
from service.callers import the_service
from service.database import Database
from service.turns import Turns
from tests.service.accounts import account


def test_turns_are_taken_in_the_order_in_which_they_were_asked_for() -> None:
    turns, order = Turns(), list[int]()
    assert turns.take(1)

    def wait(i: int) -> None:
        assert turns.take(10)
        order.append(i)
        turns.give()

    threads = [threading.Thread(target=wait, args=(i,)) for i in range(5)]
    for thread in threads:
        thread.start()
        time.sleep(0.02)
    turns.give()
    for thread in threads:
        thread.join()
    assert order == [0, 1, 2, 3, 4]
    assert turns.take(0)


def test_who_waits_too_long_goes_without() -> None:
    turns = Turns()
    assert turns.take(0)
    assert not turns.take(0.01)
    turns.give()
    assert turns.take(0)


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_writers_of_sqlite_take_turns_and_none_starves(database: Database) -> None:
    caller = the_service(account(database).organization)
    waits: list[float] = []

    def write(i: int) -> None:
        for j in range(4):
            began = time.monotonic()
            with database.session(caller) as session:
                session.add(Team(name=f"team {i} {j}"))
                session.flush()
                waits.append(time.monotonic() - began)
                time.sleep(0.02)
                session.commit() if j % 2 else session.rollback()

    with ThreadPoolExecutor(8) as threads:
        list(threads.map(write, range(8)))
    assert len(waits) == 32
    # Eight at 20 ms take 160 ms to go round; nobody waits for many rounds.
    assert max(waits) < 8 * sum(waits) / len(waits)
    with database.session(caller) as session:
        session.add(Team(name="last"))
        session.commit()
