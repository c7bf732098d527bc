"""The workflow of conflicts: which status may follow which, whoever asks for it."""

import pytest

from service.admin import bulk
from service.api.conflicts import CONFLICTS
from service.callers import the_service
from service.database import Database
from tests.service.accounts import Client, Json
from tests.service.conflicts.test_live import again, one
from tests.service.conflicts.test_resolving import broken, by_hand

OPEN = ("pending", "escalated", "ignored")
EVERY = (*OPEN, "resolved")
ALLOWED = {(was, wanted) for was in OPEN for wanted in EVERY} | {("resolved", "pending"), ("resolved", "resolved")}
"""What may be done with a conflict entered by hand; one that was found opens again only with its cause."""


def become(client: Client, conflict: Json, status: str) -> int:
    return int(client.patch(f"conflicts/{conflict['id']}/", {"status": status}).status_code)


def test_every_transition_of_what_was_entered_by_hand(owner: Client) -> None:
    made = by_hand(owner)
    for was in EVERY:
        for wanted in EVERY:
            become(owner, made, "pending")
            assert become(owner, made, was) == 200
            expected = 200 if (was, wanted) in ALLOWED else 409
            assert become(owner, made, wanted) == expected, (was, wanted)
            here = again(owner, made)
            assert here["status"] == (wanted if expected == 200 else was)
            assert (here["resolved_at"] is None) == (here["status"] != "resolved")
            assert (here["pending_since"] is None) == (here["status"] != "pending")


def test_what_was_found_is_resolved_by_nobody_while_its_cause_stands(owner: Client) -> None:
    away, _ = broken(owner)
    found = one(owner)
    for was in OPEN:
        assert become(owner, found, was) == 200
        assert become(owner, found, "resolved") == 409
        assert again(owner, found)["status"] == was
    owner.delete(f"absences/{away['id']}/")
    assert again(owner, found)["status"] == "resolved"
    for wanted in OPEN:
        assert become(owner, found, wanted) == 409, wanted


@pytest.mark.parametrize("action", ["resolve", "escalate"])
def test_actions_follow_the_same_transitions(owner: Client, action: str) -> None:
    made = by_hand(owner)
    became = {"resolve": "resolved", "escalate": "escalated"}[action]
    for was in EVERY:
        become(owner, made, "pending")
        become(owner, made, was)
        expected = 200 if (was, became) in ALLOWED else 409
        assert owner.post(f"conflicts/{made['id']}/{action}/").status_code == expected, was


def test_many_are_resolved_at_once_as_one_by_one(database: Database, owner: Client) -> None:
    made = by_hand(owner)
    broken(owner)
    found = next(each for each in owner.get("conflicts/").json()["results"] if each["id"] != made["id"])
    with database.session(the_service(owner.organization)) as session:
        done, refused = bulk.each(session, CONFLICTS, [made["id"], found["id"]], bulk.RESOLVE, "Two keys now.")
        session.commit()
    assert done == 1
    assert [f"conflict {found['id']}: The cause still stands" in each for each in refused] == [True]
    assert (again(owner, made)["status"], again(owner, made)["resolution_notes"]) == ("resolved", "Two keys now.")
    assert again(owner, found)["status"] == "pending"
