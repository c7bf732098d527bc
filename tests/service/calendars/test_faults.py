"""Servers that know no tokens, lose answers, or are edited while they are written to."""

from collections.abc import Callable, Iterator

import pytest

from benchmarks.serving.caldav_proxy import Proxy, proxied
from benchmarks.serving.caldav_server import USER, Radicale
from models.enums import Weekday
from models.errors import TidyplanError
from models.records import CalendarState, ScheduleIntegration
from service.calendars import connecting
from service.calendars.sync import sync
from service.database import Database
from service.runs.local import at_work
from tests.service.accounts import Client
from tests.service.calendars.diaries import Diary, at, event, stamp

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


@pytest.fixture
def proxy(caldav: Radicale) -> Iterator[Proxy]:
    with proxied(caldav.port) as found:
        yield found


@pytest.fixture
def diary(owner: Client, database: Database, caldav: Radicale, proxy: Proxy) -> Diary:
    made = Diary(owner, database, caldav)
    url = f"{proxy.url}{made.person.path}"
    assert owner.patch(f"integrations/{made.integration}/", {"provider_url": url}).status_code == 200
    return made


def failing(monkeypatch: pytest.MonkeyPatch, proxy: Proxy, fault: Callable[[str, bytes], str]) -> list[str]:
    """Let requests go wrong; gives their methods as they come."""
    seen: list[str] = []

    def found(method: str, body: bytes) -> str:
        seen.append(method)
        return fault(method, body)

    monkeypatch.setattr(proxy, "fault", found)
    return seen


def test_server_without_tokens_is_compared_by_etags(
    diary: Diary, proxy: Proxy, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = failing(monkeypatch, proxy, lambda _, body: "forgets the token" if b"sync-collection" in body else "")
    diary.person.put("a.ics", event("a", at(0)))
    diary.person.put("b.ics", event("b", at(1)))
    diary.book(at(2))
    diary.sync()
    assert len(diary.absences()) == 2
    diary.person.delete("a.ics")
    diary.person.put("b.ics", event("b", at(3)))
    diary.sync()
    assert [start for start, _ in diary.absences()] == [f"{at(3):%Y-%m-%dT%H:%M:%SZ}"]
    seen.clear()
    assert diary.sync().read == 0
    assert seen == ["REPORT", "PROPFIND"], "its own tag says that nothing changed"


def test_token_that_is_forgotten_reads_only_what_changed(
    diary: Diary, proxy: Proxy, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in "abc":
        diary.person.put(f"{name}.ics", event(name, at(ord(name) - 97)))
    diary.sync()
    diary.person.delete("a.ics")
    diary.person.put("b.ics", event("b", at(5)))
    failing(monkeypatch, proxy, lambda _, body: "forgets the token" if b"<d:sync-token>http" in body else "")
    assert diary.sync().read == 1
    assert len(diary.absences()) == 2


def test_answer_that_is_lost_makes_nothing_twice(diary: Diary, proxy: Proxy, monkeypatch: pytest.MonkeyPatch) -> None:
    made = diary.book(at(0))
    seen = failing(monkeypatch, proxy, lambda method, _: "loses the answer" if method == "PUT" else "")
    with pytest.raises(TidyplanError):
        diary.sync()
    assert seen.count("PUT") == 1
    monkeypatch.undo()
    diary.sync()
    assert len(diary.person.names()) == 1
    assert diary.conflicts() == []
    assert diary.client.post(f"appointments/{made['id']}/cancel/").status_code == 200
    failing(monkeypatch, proxy, lambda method, _: "loses the answer" if method == "DELETE" else "")
    with pytest.raises(TidyplanError):
        diary.sync()
    monkeypatch.undo()
    diary.sync()
    assert diary.person.names() == []
    assert diary.conflicts() == []


def test_change_between_reading_and_writing_is_not_written_over(diary: Diary, proxy: Proxy) -> None:
    made = diary.book(at(0))
    diary.sync()
    name = diary.ours()
    theirs = diary.person.get(name).replace("SUMMARY:Visit", "SUMMARY:Theirs")
    assert diary.client.patch(f"appointments/{made['id']}/", {"title": "Ours"}).status_code == 200
    requests = iter(range(100))

    def meddle() -> None:
        if next(requests) == 1:  # the question what changed is answered; the write comes next
            diary.person.put(name, theirs)

    proxy.meddle = meddle
    diary.sync()
    assert diary.person.get(name) == theirs
    assert len(diary.conflicts()) == 1


def test_untrue_412_is_written_after_all(diary: Diary, proxy: Proxy, monkeypatch: pytest.MonkeyPatch) -> None:
    made = diary.book(at(0))
    diary.sync()
    assert diary.client.patch(f"appointments/{made['id']}/", {"title": "Other"}).status_code == 200
    untrue = iter(["answers 412"])
    failing(monkeypatch, proxy, lambda method, _: next(untrue, "") if method == "PUT" else "")
    assert diary.sync().written == 1
    assert "SUMMARY:Other" in diary.person.get(diary.ours())
    assert diary.conflicts() == []


def test_calendar_is_synchronized_by_one_at_a_time(diary: Diary, database: Database) -> None:
    diary.sync()
    with at_work(database, diary.settings) as host:
        job = diary.job(host)
        with job.transaction() as session:
            state = session.query(CalendarState).one()
            state.lease, state.leased_until = "another", at(1)
        with job.reading() as session:
            record = session.get_one(ScheduleIntegration, diary.integration)
        assert sync(job, record) is None
        assert connecting.sync(job, record) is None


def test_other_details_are_written_anew_and_another_calendar_is_begun_anew(diary: Diary) -> None:
    diary.book(at(0), location="1 Market St")
    diary.person.put("a.ics", event("a", at(1), 60, "SUMMARY:Dentist"))
    diary.sync()
    path = f"integrations/{diary.integration}/"
    configuration = diary.client.get(path).json()["configuration"]
    hidden = configuration | {"details": "busy", "keep_titles": True}
    assert diary.client.patch(path, {"configuration": hidden}).status_code == 200
    diary.sync()
    content = diary.person.get(diary.ours())
    assert "SUMMARY:Busy" in content
    assert "Market" not in content
    assert [row["reason"] for row in diary.client.get("absences/").json()["results"]] == ["Dentist"]
    elsewhere = {"configuration": hidden | {"days_ahead": 30}, "provider_url": f"{diary.person.url}none/"}
    assert diary.client.patch(path, elsewhere).status_code == 200
    with pytest.raises(TidyplanError):
        diary.sync()
    assert diary.absences() == []


def test_connection_is_tested_with_words(diary: Diary) -> None:
    path = f"integrations/{diary.integration}/"
    told = diary.client.post(f"{path}test-connection/").json()
    assert told["connected"], told
    assert told["message"].startswith("The calendar")
    for change, word in (
        ({"provider_url": f"{diary.person.url}none/"}, "Check the address"),
        ({"api_secret": "wrong"}, "401"),
        ({"configuration": {}}, "one of user, team and resource"),
        ({"configuration": {"user": diary.user, "direcion": "read"}}, "configuration.direcion"),
    ):
        assert diary.client.patch(path, change).status_code == 200
        told = diary.client.post(f"{path}test-connection/").json()
        assert not told["connected"]
        assert word in told["message"]


def test_address_of_a_server_is_answered_with_its_calendars(diary: Diary) -> None:
    path = f"integrations/{diary.integration}/"
    folder = diary.person.url.removesuffix("/").rpartition("/")[0]
    for address in (f"{diary.person.server.url}/", f"{folder}/"):
        assert diary.client.patch(path, {"provider_url": address}).status_code == 200
        told = diary.client.post(f"{path}test-connection/").json()
        assert not told["connected"]
        assert told["message"].startswith(f"{address} is no calendar. Choose one of these: ")
        assert f"{diary.person.server.url}/{USER}/" in told["message"]


def test_resource_and_team_calendars_show_their_appointments(
    owner: Client, database: Database, caldav: Radicale
) -> None:
    room = owner.made("resources/", {"name": "Room"})["id"]
    diary = Diary(owner, database, caldav, resource=room)
    diary.book(at(0), required_resources=[room])
    diary.book(at(1))
    diary.person.put("a.ics", event("a", at(2)))
    diary.sync()
    assert f"DTSTART:{stamp(at(0))}" in diary.person.get(diary.ours())
    (away,) = owner.get("absences/").json()["results"]
    assert (away["resource"], away["user"], away["kind"]) == (room, None, "external")
    always = {day.value: [{"start": "00:00", "end": "00:00"}] for day in Weekday}
    team = owner.made("teams/", {"name": "Team", "availability_schedule": always})["id"]
    owner.made("team-members/", {"team": team, "user": diary.user})
    shared = Diary(owner, database, caldav, team=team)
    shared.book(at(3), assigned_team=team, assigned_users=[diary.user])
    shared.person.put("b.ics", event("b", at(4)))
    shared.sync()
    assert f"DTSTART:{stamp(at(3))}" in shared.person.get(shared.ours())
    assert len(owner.get("absences/").json()["results"]) == 1, "what a team's calendar says takes nobody's time"
