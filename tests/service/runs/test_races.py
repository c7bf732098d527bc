from concurrent.futures import ThreadPoolExecutor
from typing import Any

from service.database import Database
from tests.service.accounts import Client, Json
from tests.service.runs.running import computed, published, request_of, violations_of, worker_of


def test_drafts_that_are_published_at_once_book_everything_once(owner: Client, database: Database) -> None:
    ana, bo = worker_of(owner, "Ana"), worker_of(owner, "Bo")
    needs: Json = {
        "users": {"allowed": [str(ana), str(bo)]},
        "windows": [{"start": "2027-03-01T08:00:00Z", "end": "2027-03-01T12:00:00Z"}],
    }
    keys = [request_of(owner, **needs) for _ in range(6)]
    drafts = [computed(owner, database, weights={"preferred_time": weight}) for weight in (1, 2)]
    with ThreadPoolExecutor(2) as pool:
        reports = list(pool.map(lambda run: published(owner, run), drafts))
    outcomes: list[Any] = [each["outcome"] for report in reports for each in report["appointments"]]
    assert outcomes.count("published") == len(keys)
    assert set(outcomes) <= {"published", "unchanged", "changed_meanwhile"}
    assert violations_of(database, owner.organization) == []


def test_draft_and_bookings_by_hand_at_once_never_double_book(owner: Client, database: Database) -> None:
    ana = worker_of(owner, "Ana")
    for _ in range(4):
        request_of(owner, users={"allowed": [str(ana)]})
    draft = computed(owner, database)
    starts = [each["after"]["start"] for each in owner.get(f"runs/{draft['id']}/diff/").json()["changes"]]
    rivals = [
        {"title": "rival", "start_datetime": start, "duration_minutes": 60, "assigned_users": [ana]} for start in starts
    ]
    with ThreadPoolExecutor(5) as pool:
        answers = [pool.submit(owner.post, "appointments/", rival) for rival in rivals]
        report = pool.submit(published, owner, draft).result()
        booked = sum(each.result().status_code == 201 for each in answers)
    assert report["published"] + booked == len(starts)
    assert violations_of(database, owner.organization) == []
