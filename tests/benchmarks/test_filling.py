from collections.abc import Callable

from benchmarks.serving.audit import audit
from benchmarks.serving.filling import HOURS, fill
from benchmarks.serving.load import Asker
from benchmarks.serving.server import SECRET


def test_filled_database_is_what_the_service_would_have_written(migrated_url: Callable[[str], str]) -> None:
    url = migrated_url("sqlite")
    filled = fill(url, SECRET, appointments=1500, users=10)
    found = audit(url)
    assert (found.twice, found.halves) == ([], [])
    assert 0 < found.busy < 1500
    assert len(filled.world.users) == 10
    assert all(day >= filled.monday for day in filled.days)


def test_asker_books_each_free_hour_once(migrated_url: Callable[[str], str]) -> None:
    filled = fill(migrated_url("sqlite"), SECRET, appointments=1500, users=10)
    asker = Asker(filled)
    free = len(filled.days) * (len(HOURS) - 1) * 10
    asked = [asker.book().body for _ in range(free)]
    assert len({(each["start_datetime"], *each["assigned_users"]) for each in asked if each}) == free
