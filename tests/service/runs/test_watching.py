import json
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event, Thread
from time import monotonic, sleep
from typing import Any

import pytest
from sqlalchemy import func, select

from models.plan import Plan
from models.records import Run, RunDraft
from service.callers import the_service
from service.database import Database
from service.jobs.job import Interrupted, Job
from service.jobs.queue import client as client_of
from service.runs.following import tell
from service.runs.local import at_work, perform_here
from tests.service.accounts import Client
from tests.service.runs.running import asked, settings_for, violations_of
from tests.service.runs.weeks import busy_week


@contextmanager
def computing(client: Client, database: Database, run: int, stopping: Event | None = None) -> Iterator[list[str]]:
    """Compute a run beside the test; gives how it ended."""
    ends: list[str] = []
    settings = settings_for(database, checkpoint_seconds=0.3)

    def work() -> None:
        with at_work(database, settings, stopping) as host:
            try:
                perform_here(host, client.organization, run)
                ends.append("done")
            except Interrupted:
                ends.append("interrupted")

    thread = Thread(target=work)
    thread.start()
    yield ends
    thread.join(60)
    assert not thread.is_alive()


def wait_for(client: Client, run: int, *states: str, seconds: float = 30.0) -> dict[str, Any]:
    limit = monotonic() + seconds
    found: dict[str, Any] = {"state": "unknown"}
    while monotonic() < limit:
        found = dict(client.get(f"runs/{run}/").json())
        if found["state"] in states and (found["state"] != "running" or found["progress"]["cost"] is not None):
            return found
        sleep(0.05)
    raise AssertionError(f"run {run} is {found['state']}")


def checkpoint_of(database: Database, organization: int, run: int) -> Plan | None:
    with database.session(the_service(organization), writes=False) as session:
        found = session.scalar(select(RunDraft.checkpoint).where(RunDraft.run_id == run))
    return None if found is None else Plan.model_validate(found)


def ensure_followed(client: Client, database: Database, published: list[int]) -> None:
    """Check that jobs will tell of all that was published, and that one of them does."""
    asked_for = client_of(database.engine).list_workflows(workflow_id_prefix="follow:")
    told = [job.input["args"][2] for job in asked_for if job.input]
    assert sorted(key for each in told for key in each["ids"]) == published
    with at_work(database, settings_for(database)) as host:
        tell(Job("tell", "follow", client.organization, {}, host), **told[0])
    reminded = [client.get(f"appointments/{key}/").json()["reminder_datetime"] for key in told[0]["ids"]]
    assert None not in reminded
    other = client.get(f"appointments/{told[1]['ids'][0]}/").json()
    assert other["reminder_datetime"] is None


def test_cancel_is_answered_at_once_and_keeps_the_best_plan(owner: Client, database: Database) -> None:
    busy_week(database, owner.organization)
    run = asked(owner, seconds=60.0)["id"]
    with computing(owner, database, run) as ends:
        wait_for(owner, run, "running")
        asked_at = monotonic()
        answer = owner.post(f"runs/{run}/cancel/").json()
        answered = monotonic() - asked_at
        over = wait_for(owner, run, "cancelled")
        stored = monotonic() - asked_at
    assert ends == ["done"]
    assert (answer["state"], answer["cancel_requested"]) == ("running", True)
    assert answered < 1.0
    assert stored < 10.0  # 1 s on a machine of its own
    assert over["counts"]["placed"] > 100
    report = owner.post(f"runs/{run}/publish/").json()
    assert (report["published"], report["refused"]) == (over["counts"]["placed"], 0)
    ensure_followed(owner, database, [each["appointment"] for each in report["appointments"]])
    assert violations_of(database, owner.organization) == []


def test_events_tell_of_a_run_until_its_end(owner: Client, database: Database) -> None:
    busy_week(database, owner.organization)
    run = asked(owner, seconds=4.0)["id"]
    with computing(owner, database, run):
        stream = owner.get(f"runs/{run}/events/")
    assert stream.headers["Content-Type"].startswith("text/event-stream")
    events = [block.split("\n") for block in stream.text.strip().split("\n\n")]
    names = [lines[0] for lines in events]
    assert names[-1] == "event: done"
    assert names.count("event: running") >= 2
    told = [json.loads(lines[1].removeprefix("data: ")) for lines in events]
    costs = [each["progress"]["cost"] for each in told if each["progress"]["cost"] is not None]
    assert costs == sorted(costs, reverse=True)
    assert told[-1]["counts"]["placed"] > 100


def test_worker_that_is_to_end_leaves_a_checkpoint_from_which_the_next_goes_on(
    owner: Client, database: Database
) -> None:
    busy_week(database, owner.organization)
    run = asked(owner, seconds=6.0)["id"]
    stopping = Event()
    with computing(owner, database, run, stopping) as ends:
        wait_for(owner, run, "running")
        stopping.set()
    assert ends == ["interrupted"]
    left = checkpoint_of(database, owner.organization, run)
    assert left is not None
    assert owner.get(f"runs/{run}/").json()["state"] == "running"
    with computing(owner, database, run) as ends:
        wait_for(owner, run, "done")
    assert ends == ["done"]
    over = owner.get(f"runs/{run}/").json()
    assert over["progress"]["seconds"] < 9.0
    assert over["counts"]["placed"] >= len(left.assignments) - 5
    assert checkpoint_of(database, owner.organization, run) is None
    with database.session(the_service(owner.organization), writes=False) as session:
        assert session.scalar(select(Run.epoch).where(Run.id == run)) == 2


def test_checkpoints_are_kept_while_a_run_goes_on(owner: Client, database: Database) -> None:
    busy_week(database, owner.organization)
    run = asked(owner, seconds=30.0)["id"]
    with computing(owner, database, run):
        limit = monotonic() + 20.0
        while checkpoint_of(database, owner.organization, run) is None and monotonic() < limit:
            sleep(0.1)
        found = checkpoint_of(database, owner.organization, run)
        owner.post(f"runs/{run}/cancel/")
    assert found is not None
    assert len(found.assignments) > 100


def test_run_that_was_cancelled_while_nobody_computed_it_keeps_its_checkpoint(
    owner: Client, database: Database
) -> None:
    busy_week(database, owner.organization)
    run = asked(owner, seconds=30.0)["id"]
    stopping = Event()
    with computing(owner, database, run, stopping):
        wait_for(owner, run, "running")
        stopping.set()
    left = checkpoint_of(database, owner.organization, run)
    assert left is not None
    assert owner.post(f"runs/{run}/cancel/").json()["state"] == "running"
    with computing(owner, database, run):
        over = wait_for(owner, run, "cancelled")
    assert over["counts"]["placed"] >= len(left.assignments) - 5


def test_start_that_was_overtaken_writes_nothing_more(owner: Client, database: Database) -> None:
    busy_week(database, owner.organization)
    run = asked(owner, seconds=20.0)["id"]
    with computing(owner, database, run) as ends:
        wait_for(owner, run, "running")
        with database.session(the_service(owner.organization)) as session:
            session.get_one(Run, run).epoch += 1
            session.commit()
    assert ends == ["interrupted"]
    assert owner.get(f"runs/{run}/").json()["state"] == "running"


def test_run_that_never_comes_to_an_end_has_failed(owner: Client, database: Database) -> None:
    run = asked(owner)["id"]
    with database.session(the_service(owner.organization)) as session:
        session.get_one(Run, run).epoch = 5
        session.commit()
    with computing(owner, database, run):
        pass
    over = owner.get(f"runs/{run}/").json()
    assert (over["state"], over["finished_at"] is not None) == ("failed", True)
    assert "begun 5 times" in over["error"]


@pytest.mark.parametrize("path", ["plan/", "diff/"])
def test_draft_of_a_run_that_is_not_over_is_a_conflict(owner: Client, database: Database, path: str) -> None:
    run = asked(owner)["id"]
    assert owner.get(f"runs/{run}/{path}").json()["code"] == "conflict"
    with database.session(the_service(owner.organization), writes=False) as session:
        assert session.scalar(select(func.count(RunDraft.id))) == 1
