from datetime import timedelta
from typing import Any

import pytest

from benchmarks.serving.caldav_server import Radicale
from service.database import Database
from service.integrations.syncing import perform
from service.runs.local import at_work
from tests.service.accounts import Client, Json
from tests.service.calendars.diaries import Diary, at, calendar_of, event, stamp, vevent

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


@pytest.fixture
def diary(owner: Client, database: Database, caldav: Radicale) -> Diary:
    return Diary(owner, database, caldav)


def z(moment: Any) -> str:
    return f"{moment:%Y-%m-%dT%H:%M:%SZ}"


def test_outside_event_blocks_time_until_it_is_deleted(diary: Diary) -> None:
    diary.person.put("a.ics", event("a", at(0)))
    diary.sync()
    assert diary.absences() == [(z(at(0)), z(at(0, 10)))]
    body = {"title": "v", "start_datetime": z(at(0)), "duration_minutes": 30, "assigned_users": [diary.user]}
    assert diary.client.post("appointments/", body).status_code == 422
    diary.person.put("a.ics", event("a", at(1)))
    diary.sync()
    assert diary.absences() == [(z(at(1)), z(at(1, 10)))]
    diary.person.delete("a.ics")
    diary.sync()
    assert diary.absences() == []
    diary.client.made("appointments/", body)


def test_appointment_is_written_changed_and_deleted_outside(diary: Diary) -> None:
    made = diary.book(at(0), location="1 Market St", description="Two floors, one dog; bring bags.")
    outcome = diary.sync()
    assert (outcome.read, outcome.written, outcome.removed) == (0, 1, 0)
    content = diary.person.get(diary.ours())
    assert f"DTSTART:{stamp(at(0))}" in content
    assert "SUMMARY:Visit" in content
    assert "LOCATION:1 Market St" in content
    moved = {"start_datetime": z(at(2))}
    assert diary.client.post(f"appointments/{made['id']}/reschedule/", moved).status_code == 200
    outcome = diary.sync()
    assert (outcome.read, outcome.written) == (0, 1)
    assert f"DTSTART:{stamp(at(2))}" in diary.person.get(diary.ours())
    assert diary.client.post(f"appointments/{made['id']}/cancel/").status_code == 200
    assert diary.sync().removed == 1
    assert diary.person.names() == []
    assert diary.absences() == []


def test_sync_without_changes_asks_once_and_moves_nothing(diary: Diary) -> None:
    diary.book(at(0))
    diary.person.put("a.ics", event("a", at(1)))
    diary.sync()
    before = diary.person.etags()
    outcome = diary.sync()
    assert (outcome.read, outcome.written, outcome.removed) == (0, 0, 0)
    assert diary.person.etags() == before


def test_recurring_event_with_a_moved_and_a_deleted_time_blocks_exactly_its_times(diary: Diary) -> None:
    series = vevent(
        "s",
        f"DTSTART:{stamp(at(0))}",
        "DURATION:PT1H",
        "RRULE:FREQ=DAILY;COUNT=4",
        f"EXDATE:{stamp(at(1))}",
    )
    moved = vevent("s", f"RECURRENCE-ID:{stamp(at(2))}", f"DTSTART:{stamp(at(2, 14))}", "DURATION:PT30M")
    diary.person.put("s.ics", calendar_of(series, moved))
    diary.sync()
    times = [(at(0), 60), (at(2, 14), 30), (at(3), 60)]
    assert diary.absences() == [(z(start), z(start + timedelta(minutes=length))) for start, length in times]
    diary.person.put("s.ics", calendar_of(series))
    diary.sync()
    assert diary.absences()[1] == (z(at(2)), z(at(2, 10)))
    assert len(diary.absences()) == 3


def test_outside_change_of_an_appointment_is_a_conflict_and_overwrites_nothing(diary: Diary) -> None:
    made = diary.book(at(0))
    diary.sync()
    name = diary.ours()
    changed = diary.person.get(name).replace(stamp(at(0)), stamp(at(0, 8))).replace(stamp(at(0, 10)), stamp(at(0, 9)))
    diary.person.put(name, changed)
    diary.sync()
    (conflict,) = diary.conflicts()
    assert conflict["primary_appointment"] == made["id"]
    assert "08:00 to 09:00 instead of" in conflict["conflict_description"]
    assert diary.client.get(f"appointments/{made['id']}/").json()["start_datetime"] == z(at(0))
    diary.client.patch(f"appointments/{made['id']}/", {"description": "New."})
    diary.sync()
    assert diary.person.get(name) == changed, "nothing is written while it is under review"
    assert len(diary.conflicts()) == 1


def test_resolved_outside_change_is_written_over_and_what_was_added_stays(diary: Diary) -> None:
    diary.book(at(0))
    diary.sync()
    name = diary.ours()
    alarm = "BEGIN:VALARM\r\nACTION:DISPLAY\r\nTRIGGER:-PT15M\r\nDESCRIPTION:Go\r\nEND:VALARM\r\n"
    content = diary.person.get(name).replace("SUMMARY:Visit", "SUMMARY:Other")
    diary.person.put(name, content.replace("END:VEVENT", f"{alarm}END:VEVENT"))
    diary.sync()
    (conflict,) = diary.conflicts()
    assert diary.client.post(f"conflicts/{conflict['id']}/resolve/").status_code == 200
    diary.sync()
    content = diary.person.get(name)
    assert "SUMMARY:Visit" in content
    assert "TRIGGER:-PT15M" in content
    assert diary.conflicts() == []
    assert diary.sync().written == 0


def test_conflict_closes_when_the_appointment_follows(diary: Diary) -> None:
    made = diary.book(at(0))
    diary.sync()
    name = diary.ours()
    content = diary.person.get(name).replace(stamp(at(0, 10)), stamp(at(0, 11)))
    diary.person.put(name, content)
    diary.sync()
    assert len(diary.conflicts()) == 1
    assert diary.client.patch(f"appointments/{made['id']}/", {"duration_minutes": 120}).status_code == 200
    diary.sync()
    assert diary.conflicts() == []
    assert diary.person.get(name) == content


def test_deletion_outside_is_a_conflict_and_either_answer_ends_it(diary: Diary) -> None:
    kept, given_up = diary.book(at(0)), diary.book(at(1))
    diary.sync()
    for name in diary.person.names():
        diary.person.delete(name)
    diary.sync()
    found = {each["primary_appointment"]: each["id"] for each in diary.conflicts()}
    assert found.keys() == {kept["id"], given_up["id"]}
    assert diary.person.names() == []
    assert diary.client.post(f"conflicts/{found[kept['id']]}/resolve/").status_code == 200
    assert diary.client.post(f"appointments/{given_up['id']}/cancel/").status_code == 200
    diary.sync()
    assert diary.conflicts() == []
    assert f"DTSTART:{stamp(at(0))}" in diary.person.get(diary.ours())


def test_integration_that_goes_gives_the_time_back_and_closes_its_conflicts(diary: Diary) -> None:
    diary.book(at(0))
    diary.person.put("a.ics", event("a", at(0, 9, 30)))
    diary.sync()
    path = "conflicts/unresolved/"
    assert [each["rule"] for each in diary.client.get(path).json()["results"]] == ["availability"]
    assert diary.client.delete(f"integrations/{diary.integration}/").status_code == 204
    assert diary.absences() == []
    assert diary.client.get(path).json()["results"] == []


def test_appointment_follows_the_calendar_when_somebody_says_so(diary: Diary) -> None:
    moved, dropped = diary.book(at(0), location="1 Market St"), diary.book(at(1))
    diary.sync()
    name, other = _file_of(diary, moved), _file_of(diary, dropped)
    content = diary.person.get(name).replace(stamp(at(0, 10)), stamp(at(0, 11))).replace("SUMMARY:Visit", "SUMMARY:Two")
    diary.person.put(name, content)
    diary.person.delete(other)
    diary.sync()
    for conflict in diary.conflicts():
        answer = diary.client.post(f"conflicts/{conflict['id']}/follow-calendar/")
        assert (answer.status_code, answer.json()["status"]) == (200, "resolved"), answer.text
        assert diary.client.post(f"conflicts/{conflict['id']}/follow-calendar/").status_code == 409
    followed = diary.client.get(f"appointments/{moved['id']}/").json()
    assert (followed["end_datetime"], followed["title"], followed["location"]) == (z(at(0, 11)), "Two", "1 Market St")
    assert diary.client.get(f"appointments/{dropped['id']}/").json()["status"] == "cancelled"
    diary.sync()
    assert diary.person.names() == [name]
    assert diary.person.get(name) == content
    assert diary.conflicts() == []


def test_recurring_event_in_place_of_an_appointment_cannot_be_followed(diary: Diary) -> None:
    diary.book(at(0))
    diary.sync()
    name = diary.ours()
    recurring = diary.person.get(name).replace("END:VEVENT", "RRULE:FREQ=DAILY;COUNT=3\r\nEND:VEVENT")
    diary.person.put(name, recurring)
    diary.sync()
    (conflict,) = diary.conflicts()
    assert "It recurs." in conflict["conflict_description"]
    assert diary.client.post(f"conflicts/{conflict['id']}/follow-calendar/").status_code == 409


def test_event_that_is_not_understood_is_told_of_and_the_others_are_read(diary: Diary, database: Database) -> None:
    diary.person.put("a.ics", event("a", at(0), 60, "SUMMARY:Fine"))
    odd = vevent("b", "SUMMARY:Odd", "DTSTART;TZID=Nowhere:20301101T100000", "DURATION:PT1H")
    diary.person.put("b.ics", calendar_of(odd))
    with at_work(database, diary.settings) as host:
        perform(diary.job(host), diary.integration)
    assert len(diary.absences()) == 1
    told = diary.client.get(f"integrations/{diary.integration}/").json()
    assert told["sync_status"] == "connected"
    assert told["error_message"].startswith('1 event of the calendar was not read:\n"Odd": The time zone "Nowhere"')
    assert told["last_sync"] is not None


def _file_of(diary: Diary, appointment: Json) -> str:
    (name,) = (each for each in diary.person.names() if each.split("-")[2] == str(appointment["id"]))
    return name
