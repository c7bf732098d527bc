from concurrent.futures import ThreadPoolExecutor

from fastapi import FastAPI

from service.database import Database
from tests.service.accounts import Client, account

THREADS = 8


def test_writers_wait_for_each_other(app: FastAPI, database: Database) -> None:
    who = account(database)
    with ThreadPoolExecutor(THREADS) as threads:
        answers = threads.map(lambda i: Client(app, who).post("teams/", {"name": f"team {i}"}), range(3 * THREADS))
        assert [answer.status_code for answer in answers] == [201] * 3 * THREADS
    assert Client(app, who).get("teams/").json()["count"] == 3 * THREADS


def test_of_changes_to_the_same_version_one_wins(app: FastAPI, database: Database) -> None:
    client = Client(app, account(database))
    made = client.made("locations/", {"name": "a", "latitude": 0, "longitude": 0})

    def change(i: int) -> int:
        other = Client(app, client.who)
        answer = other.patch(f"locations/{made['id']}/", {"name": f"name {i}"}, headers={"If-Match": '"1"'})
        return int(answer.status_code)

    with ThreadPoolExecutor(THREADS) as threads:
        statuses = sorted(threads.map(change, range(THREADS)))
    assert statuses == [200] + [412] * (THREADS - 1)


def test_team_is_never_overfilled(app: FastAPI, database: Database) -> None:
    client = Client(app, account(database))
    team = client.made("teams/", {"name": "a", "max_members": 2})["id"]
    users = [client.made("users/", {"name": f"user {i}"})["id"] for i in range(THREADS)]

    def join(user: int) -> int:
        return int(Client(app, client.who).post(f"teams/{team}/add-member/", {"user": user}).status_code)

    with ThreadPoolExecutor(THREADS) as threads:
        statuses = sorted(threads.map(join, users))
    assert statuses == [201] * 2 + [422] * (THREADS - 2)
    assert client.get(f"teams/{team}/members/").json()["count"] == 2
