"""Ways onto the plan for what has no time, and slots for which others make way."""

from typing import Any

import pytest

from tests.service.accounts import Client, Json
from tests.service.booking.visits import at, booked, request, user_of
from tests.service.conflicts.test_live import absence, again, conflicts
from tests.service.conflicts.test_ways import apply, visit_of, ways


def window(start: int, end: int) -> Json:
    return {"start": at(start), "end": at(end)}


def wanted(client: Client, start: int, end: int, minutes: int = 60, **more: Any) -> Json:
    """A request for one with the skill, between two hours."""
    needs = {"crew": [{"skills": ["windows"]}], "windows": [window(start, end)]}
    return client.made("appointments/", request(minutes, requirements=needs, **more))


def able(client: Client, name: str = "Ana") -> int:
    return user_of(client, name, skills=["windows"])


def ways_of(client: Client, waiting: Json) -> list[Json]:
    answer = client.post(f"appointments/{waiting['id']}/suggest-resolutions/")
    assert answer.status_code == 200, answer.text
    return list(answer.json()["options"])


def settle(client: Client, waiting: Json, option: Json) -> Any:
    return client.post(f"appointments/{waiting['id']}/resolve/", {"option": option["option"]})


def test_request_is_booked_where_there_is_room(owner: Client) -> None:
    ana, waiting = able(owner), wanted(owner, 17, 19)
    first = ways_of(owner, waiting)[0]
    assert (first["kind"], first["people"], first["clients"], first["cost_delta"]) == ("place", [ana], 0, -40000)
    assert first["summary"] == f"Book request ({waiting['id']}) on Monday 1 March 09:00–10:00 with Ana."
    answer = settle(owner, waiting, first)
    assert answer.status_code == 200, answer.text
    placed = answer.json()
    assert (placed["status"], placed["start_datetime"], placed["assigned_users"]) == ("scheduled", at(17), [ana])
    refused = settle(owner, waiting, first)
    assert (refused.status_code, refused.json()["code"]) == (409, "conflict")


def test_others_make_way_for_a_request_all_together(owner: Client) -> None:
    ana = able(owner)
    other, waiting = booked(owner, 17, assigned_users=[ana]), wanted(owner, 17, 18)
    option = next(each for each in ways_of(owner, waiting) if each["kind"] == "make_way")
    assert [each["appointment"] for each in option["changes"]] == [waiting["id"], other["id"]]
    assert (option["people"], option["clients"]) == ([ana], 1)
    assert settle(owner, waiting, option).status_code == 200
    here = visit_of(owner, waiting["id"])
    assert (here["start_datetime"], here["assigned_users"]) == (at(17), [ana])
    moved = visit_of(owner, other["id"])
    assert (moved["status"], moved["assigned_users"]) == ("rescheduled", [ana])
    assert moved["start_datetime"] != at(17)
    assert conflicts(owner) == []


def test_leave_gives_way_and_windows_widen(owner: Client) -> None:
    ana, waiting = able(owner), wanted(owner, 17, 18)
    absence(owner, 16, 20, user=ana)
    options = {each["kind"]: each for each in ways_of(owner, waiting)}
    assert {"lift_absence", "change_request"} <= options.keys()
    lifting, asking = options["lift_absence"], options["change_request"]
    assert [(each["start"], each["end"]) for each in lifting["absences"][0]["after"]] == [
        (at(16), at(17)),
        (at(18), at(20)),
    ]
    assert settle(owner, waiting, asking).status_code == 200
    here = visit_of(owner, waiting["id"])
    assert (here["status"], here["assigned_users"]) == ("scheduled", [ana])
    asked, stored = (len(each["requirements"]["windows"]) for each in (asking, here))
    assert asked == stored == 2
    assert owner.get("absences/").json()["count"] == 1


def test_only_requests_are_looked_after(owner: Client) -> None:
    visit = booked(owner, 9)
    answer = owner.post(f"appointments/{visit['id']}/suggest-resolutions/")
    assert (answer.status_code, answer.json()["code"]) == (409, "conflict")


def slots(client: Client, waiting: Json) -> list[Json]:
    body = {"appointment": waiting["id"], "from": at(10), "until": at(23), "with_moves": True}
    return list(client.post("appointments/suggest-slots/", body).json()["suggestions"])


def test_slot_is_booked_with_the_moves_that_it_needs(owner: Client) -> None:
    ana = able(owner)
    other, waiting = booked(owner, 17, assigned_users=[ana]), wanted(owner, 17, 18)
    (slot,) = slots(owner, waiting)
    answer = owner.post(f"appointments/{waiting['id']}/book-slot/", slot, headers={"If-Match": '"1"'})
    assert answer.status_code == 200, answer.text
    assert (answer.json()["start_datetime"], answer.json()["assigned_users"]) == (at(17), [ana])
    assert visit_of(owner, other["id"])["start_datetime"] == slot["moves"][0]["after"]["start"]


@pytest.mark.parametrize("what", ["moved", "taken", "pinned"])
def test_slot_that_no_longer_fits_changes_nothing(owner: Client, what: str) -> None:
    ana = able(owner)
    other, waiting = booked(owner, 17, assigned_users=[ana]), wanted(owner, 17, 18)
    (slot,) = slots(owner, waiting)
    if what == "moved":
        owner.post(f"appointments/{other['id']}/reschedule/", {"start_datetime": at(5)})
    elif what == "pinned":
        owner.patch(f"appointments/{other['id']}/", {"pinned": True})
    else:
        start = slot["moves"][0]["after"]["start"]
        owner.made(
            "appointments/", {"title": "x", "start_datetime": start, "duration_minutes": 60, "assigned_users": [ana]}
        )
    stood = visit_of(owner, other["id"])
    answer = owner.post(f"appointments/{waiting['id']}/book-slot/", slot)
    assert (answer.status_code, answer.json()["code"]) == (409, "conflict"), answer.text
    assert visit_of(owner, other["id"]) == stood
    assert visit_of(owner, waiting["id"])["status"] == "requested"


def test_what_a_run_left_out_is_settled_by_its_options(owner: Client) -> None:
    ana, waiting = able(owner), wanted(owner, 17, 19)
    body = {"conflict_type": "time_conflict", "primary_appointment": waiting["id"], "conflict_description": "No place."}
    found = owner.made("conflicts/", body)
    first = ways(owner, found)[0]
    assert first["kind"] == "place"
    answer = apply(owner, found, first)
    assert (answer.status_code, answer.json()["status"]) == (200, "resolved"), answer.text
    assert visit_of(owner, waiting["id"])["assigned_users"] == [ana]
    assert again(owner, found)["status"] == "resolved"
