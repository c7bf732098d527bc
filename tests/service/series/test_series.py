"""Series through the API, on both databases."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from fastapi import FastAPI

from service.database import Database
from tests.service.accounts import Client, Json
from tests.service.series.calendar_of import MONDAY, at, calendar, day_and_time, everything, visit

DAILY = "FREQ=DAILY;COUNT=4"
MWF = "FREQ=WEEKLY;BYDAY=MO,WE,FR;COUNT=6"
SIX = ["0 09:00", "2 09:00", "4 09:00", "7 09:00", "9 09:00", "11 09:00"]


def series(client: Client, rule: Any = MWF, **more: Any) -> Json:
    return client.made("appointments/", visit(recurrence_rule=rule, **more))


def ids(client: Client) -> list[int]:
    return [row["id"] for row in everything(client)]


def patch(client: Client, key: int, body: Json, query: str = "", status: int = 200) -> Json:
    answer = client.patch(f"appointments/{key}/{query}", body)
    assert answer.status_code == status, answer.text
    return dict(answer.json())


def outcomes(answer: Json) -> list[str]:
    return [each["outcome"] for each in answer["occurrences"]]


def test_rule_makes_occurrences_that_name_the_first(owner: Client) -> None:
    made = series(owner, client_name="Jo", priority="high")
    assert outcomes(made) == ["created"] * 6
    assert calendar(owner) == SIX
    head, *others = everything(owner)
    assert (head["id"], head["parent_appointment"], head["recurrence_rule"]) == (made["id"], None, MWF)
    assert (head["recurrence_timezone"], head["recurrence_start"]) == ("America/Los_Angeles", head["start_datetime"])
    for row in others:
        assert (row["parent_appointment"], row["recurrence_rule"], row["is_recurring"]) == (made["id"], None, True)
        assert (row["client_name"], row["priority"], row["original_start"]) == ("Jo", "high", row["start_datetime"])


def test_object_of_the_seed_is_a_rule(owner: Client) -> None:
    series(owner, {"frequency": "weekly", "days": [1, 3, 5], "count": 6}, is_recurring=True)
    assert calendar(owner) == SIX


def test_endless_rule_is_materialized_some_days_ahead(owner: Client) -> None:
    owner.put("organization/", {"policies": {"materialize_days": 10}})
    series(owner, "FREQ=DAILY")
    assert calendar(owner) == [f"{day} 09:00" for day in range(10)]


@pytest.mark.parametrize(
    ("body", "field"),
    [
        pytest.param({"is_recurring": True}, "recurrence_rule", id="recurring without a rule"),
        pytest.param({"recurrence_rule": "FREQ=DAILY;BYHOUR=9"}, "recurrence_rule", id="with hours"),
        pytest.param(
            {"recurrence_rule": DAILY, "start_datetime": None, "status": "requested"}, "start_datetime", id="no start"
        ),
    ],
)
def test_what_cannot_recur_is_422(owner: Client, body: Json, field: str) -> None:
    answer = owner.post("appointments/", visit() | body)
    assert answer.status_code == 422
    assert [each["field"] for each in answer.json()["errors"]] == [field]
    assert calendar(owner) == []


def test_occurrences_book_their_crew(owner: Client) -> None:
    series(owner, DAILY, assigned_users=[owner.user])
    answer = owner.post("appointments/", visit(2, assigned_users=[owner.user]))
    assert (answer.status_code, answer.json()["code"]) == (409, "slot_taken")


def blocked(client: Client) -> Json:
    """Something else on the third day."""
    return client.made("appointments/", visit(2, assigned_users=[client.user]))


def test_series_fails_whole_by_default(owner: Client) -> None:
    blocked(owner)
    body = visit(recurrence_rule=DAILY, assigned_users=[owner.user])
    answer = owner.post("appointments/", body)
    assert (answer.status_code, answer.json()["code"]) == (409, "slot_taken")
    assert outcomes(answer.json()) == ["created", "created", "refused", "created"]
    refused = answer.json()["occurrences"][2]
    assert refused["violations"][0]["rule"] == "overlap"
    assert [day_and_time(slot["start"]) for slot in refused["alternatives"]] == ["2 08:00", "2 10:00", "2 07:30"]
    assert calendar(owner) == ["2 09:00"]


def test_series_skips_what_clashes(owner: Client) -> None:
    other = blocked(owner)
    made = owner.made("appointments/?on_conflict=skip", visit(recurrence_rule=DAILY, assigned_users=[owner.user]))
    assert outcomes(made) == ["created", "created", "skipped", "created"]
    assert owner.get(f"appointments/{made['id']}/").json()["excluded_starts"] == [
        made["occurrences"][2]["original_start"]
    ]
    owner.delete(f"appointments/{other['id']}/")
    assert calendar(owner) == ["0 09:00", "1 09:00", "3 09:00"]


def test_series_makes_requests_of_what_clashes(owner: Client) -> None:
    blocked(owner)
    made = owner.made("appointments/?on_conflict=suggest", visit(recurrence_rule=DAILY, assigned_users=[owner.user]))
    assert outcomes(made) == ["created", "created", "requested", "created"]
    key = made["occurrences"][2]["id"]
    assert day_and_time(made["occurrences"][2]["alternatives"][0]["start"]) == "2 08:00"
    row = owner.get(f"appointments/{key}/").json()
    assert (row["status"], row["start_datetime"], day_and_time(row["original_start"])) == ("requested", None, "2 09:00")
    [conflict] = owner.get(f"conflicts/?primary_appointment={key}").json()["results"]
    assert (conflict["conflict_type"], conflict["status"], conflict["rule"]) == (
        "double_booking",
        "pending",
        "recurrence",
    )
    assert conflict["affected_users"] == [owner.user]


def test_change_of_one_is_its_own(owner: Client) -> None:
    series(owner)
    second = ids(owner)[1]
    changed = patch(owner, second, {"title": "special", "start_datetime": at(2, 14)})
    assert "occurrences" not in changed
    assert changed["series_values"] == {"title": "visit"}
    assert calendar(owner, "title")[:3] == [("0 09:00", "visit"), ("2 14:00", "special"), ("4 09:00", "visit")]
    assert patch(owner, second, {"title": "visit"})["series_values"] == {}


def test_change_of_all_spares_what_one_changed_for_itself(owner: Client) -> None:
    series(owner)
    head, second, third, *_ = ids(owner)
    patch(owner, second, {"title": "special"})
    owner.post(f"appointments/{third}/cancel/")
    answer = patch(owner, head, {"title": "new", "location": "here"}, "?scope=all")
    assert outcomes(answer) == ["changed", "changed", "kept", "changed", "changed", "changed"]
    rows = everything(owner)
    assert [(row["title"], row["location"]) for row in rows] == [
        ("new", "here"),
        ("special", "here"),
        ("visit", ""),
        *[("new", "here")] * 3,
    ]
    assert rows[1]["series_values"] == {"title": "new"}
    assert rows[2]["series_values"] == {"title": "new", "location": "here"}


def test_move_of_all_keeps_days_and_moves_the_rest(owner: Client) -> None:
    made = series(owner, assigned_users=[owner.user])
    second, third = ids(owner)[1:3]
    patch(owner, second, {"start_datetime": at(2, 14)})
    owner.delete(f"appointments/{third}/")
    answer = owner.post(
        f"appointments/{made['id']}/reschedule/?scope=all", {"start_datetime": at(1, 10), "duration_minutes": 30}
    )
    assert answer.status_code == 200, answer.text
    assert calendar(owner, "duration_minutes", "status") == [
        ("1 10:00", 30, "rescheduled"),
        ("2 14:00", 30, "rescheduled"),
        ("8 10:00", 30, "rescheduled"),
        ("10 10:00", 30, "rescheduled"),
        ("12 10:00", 30, "rescheduled"),
    ]
    head = everything(owner)[0]
    assert head["recurrence_rule"] == "FREQ=WEEKLY;BYDAY=TU,TH,SA;COUNT=6;WKST=TU"
    assert [day_and_time(each) for each in head["excluded_starts"]] == ["5 10:00"]
    # The crew is taken at the new times, and free at the old ones.
    owner.made("appointments/", visit(7, assigned_users=[owner.user]))
    assert owner.post("appointments/", visit(8, 10, assigned_users=[owner.user])).status_code == 409


def test_daily_series_moves_by_a_day_though_its_days_overlap(owner: Client) -> None:
    made = series(owner, DAILY, assigned_users=[owner.user])
    patch(owner, made["id"], {"start_datetime": at(1)}, "?scope=all")
    assert calendar(owner) == ["1 09:00", "2 09:00", "3 09:00", "4 09:00"]
    patch(owner, made["id"], {"start_datetime": at(0)}, "?scope=all")
    assert calendar(owner) == ["0 09:00", "1 09:00", "2 09:00", "3 09:00"]


def test_this_and_following_becomes_a_series_of_its_own(owner: Client) -> None:
    made = series(owner)
    fourth = ids(owner)[3]
    answer = patch(owner, fourth, {"title": "later", "start_datetime": at(7, 11)}, "?scope=this_and_following")
    assert answer["recurrence_rule"] == "FREQ=WEEKLY;BYDAY=MO,WE,FR;COUNT=3"
    assert answer["parent_appointment"] is None
    assert calendar(owner, "title", "parent_appointment") == [
        ("0 09:00", "visit", None),
        ("2 09:00", "visit", made["id"]),
        ("4 09:00", "visit", made["id"]),
        ("7 11:00", "later", None),
        ("9 11:00", "later", fourth),
        ("11 11:00", "later", fourth),
    ]
    assert everything(owner)[0]["recurrence_rule"] == "FREQ=WEEKLY;BYDAY=MO,WE,FR;COUNT=3"


def test_new_rule_keeps_what_is_over_or_was_changed(owner: Client) -> None:
    made = series(owner)
    keys = ids(owner)
    patch(owner, keys[1], {"title": "special"})
    owner.post(f"appointments/{keys[2]}/complete/")
    answer = patch(owner, made["id"], {"recurrence_rule": "FREQ=WEEKLY;BYDAY=MO,TH;COUNT=4"})
    assert sorted(outcomes(answer)) == ["created", "created", "kept", "kept", "kept", "kept", "removed", "removed"]
    assert calendar(owner, "title", "status") == [
        ("0 09:00", "visit", "scheduled"),
        ("2 09:00", "special", "scheduled"),
        ("3 09:00", "visit", "scheduled"),
        ("4 09:00", "visit", "completed"),
        ("7 09:00", "visit", "scheduled"),
        ("10 09:00", "visit", "scheduled"),
    ]


def test_cancelled_occurrence_is_not_made_again(owner: Client) -> None:
    made = series(owner)
    owner.post(f"appointments/{ids(owner)[1]}/cancel/")
    patch(owner, made["id"], {"recurrence_rule": "FREQ=DAILY;COUNT=4"})
    assert calendar(owner) == ["0 09:00", "1 09:00", "3 09:00"]


def test_cancelling_the_first_keeps_the_series(owner: Client) -> None:
    made = series(owner)
    assert owner.post(f"appointments/{made['id']}/cancel/").json()["status"] == "cancelled"
    assert calendar(owner) == SIX[1:]
    patch(owner, ids(owner)[1], {"title": "on"}, "?scope=all")
    assert [row["title"] for row in everything(owner)] == ["visit", *["on"] * 5]


def test_deleting_the_first_lets_the_next_lead(owner: Client) -> None:
    made = series(owner)
    second = ids(owner)[1]
    assert owner.delete(f"appointments/{made['id']}/").status_code == 204
    rows = everything(owner)
    assert [row["parent_appointment"] for row in rows] == [None, *[second] * 4]
    assert (rows[0]["recurrence_rule"], day_and_time(rows[0]["recurrence_start"])) == (MWF, "0 09:00")
    patch(owner, second, {"start_datetime": at(2, 10)}, "?scope=all")
    assert calendar(owner) == [f"{day} 10:00" for day in (2, 4, 7, 9, 11)]


@pytest.mark.parametrize(
    ("scope", "left"), [("this", [0, 2, 7, 9, 11]), ("this_and_following", [0, 2]), ("all", [])], ids=str
)
def test_deleted_occurrences_stay_deleted(owner: Client, scope: str, left: list[int]) -> None:
    series(owner)
    third = ids(owner)[2]
    assert owner.delete(f"appointments/{third}/?scope={scope}").status_code == 204
    assert calendar(owner) == [f"{day} 09:00" for day in left]
    if left:
        patch(owner, ids(owner)[0], {"start_datetime": at(0, 8)}, "?scope=all")
        assert calendar(owner) == [f"{day} 08:00" for day in left]


def test_cancelling_following_ends_the_series(owner: Client) -> None:
    made = series(owner, "FREQ=DAILY")
    third = ids(owner)[2]
    answer = owner.post(f"appointments/{third}/cancel/?scope=this_and_following", {"reason": "moved away"})
    assert answer.status_code == 200, answer.text
    assert set(outcomes(answer.json())) == {"changed"}
    assert calendar(owner) == ["0 09:00", "1 09:00"]
    assert "UNTIL" in owner.get(f"appointments/{made['id']}/").json()["recurrence_rule"]


def test_rule_is_not_that_of_one_alone(owner: Client) -> None:
    made = series(owner)
    answer = patch(owner, made["id"], {"recurrence_rule": DAILY}, "?scope=this", status=422)
    assert [each["field"] for each in answer["errors"]] == ["scope"]
    answer = patch(owner, made["id"], {"status": "confirmed"}, "?scope=all", status=422)
    assert [each["field"] for each in answer["errors"]] == ["status"]
    answer = patch(owner, ids(owner)[1], {"status": "confirmed"})
    assert answer["status"] == "confirmed"


def test_rule_that_names_days_does_not_move_to_others(owner: Client) -> None:
    body = {"recurrence_rule": f"FREQ=MONTHLY;BYMONTHDAY={MONDAY.day}"}
    made = owner.made("appointments/", visit() | body)
    answer = patch(owner, made["id"], {"start_datetime": at(1)}, "?scope=all", status=422)
    assert [each["field"] for each in answer["errors"]] == ["start_datetime"]
    patch(owner, made["id"], {"start_datetime": at(0, 12)}, "?scope=all")
    assert calendar(owner)[0] == "0 12:00"


def test_series_without_a_rule_is_one_appointment(owner: Client) -> None:
    made = series(owner)
    patch(owner, ids(owner)[1], {"title": "special"})
    patch(owner, made["id"], {"recurrence_rule": None, "title": "alone"})
    assert calendar(owner, "title", "is_recurring", "parent_appointment", "original_start") == [
        ("0 09:00", "alone", False, None, None),
        ("2 09:00", "special", False, None, None),
    ]


def test_appointment_gets_a_rule_later(owner: Client) -> None:
    made = owner.made("appointments/", visit())
    answer = patch(owner, made["id"], {"recurrence_rule": DAILY, "title": "often"})
    assert outcomes(answer) == ["created"] * 4
    assert calendar(owner, "title") == [(f"{day} 09:00", "often") for day in range(4)]


def test_what_is_sent_back_changes_nothing(owner: Client) -> None:
    series(owner, requirements={"windows": [{"start": at(0, 8), "end": at(0, 18)}]})
    for row in everything(owner):
        for query in ("", "?scope=all", "?scope=this_and_following"):
            answer = owner.put(f"appointments/{row['id']}/{query}", row)
            assert answer.status_code == 200, answer.text
            assert answer.json() == row


def test_windows_move_with_the_day(owner: Client) -> None:
    series(owner, requirements={"windows": [{"start": at(0, 8), "end": at(0, 18)}], "mandatory": True})
    rows = everything(owner)
    assert [day_and_time(row["requirements"]["windows"][0]["start"]) for row in rows] == [
        text.replace("09:00", "08:00") for text in SIX
    ]
    patch(owner, rows[1]["id"], {"requirements": {"windows": [{"start": at(2, 9), "end": at(2, 12)}]}}, "?scope=all")
    assert [day_and_time(row["requirements"]["windows"][0]["end"]) for row in everything(owner)] == [
        text.replace("09:00", "12:00") for text in SIX
    ]


@pytest.mark.parametrize(
    ("on_conflict", "third"), [("skip", ("2 09:00", "scheduled")), ("suggest", (None, "requested"))], ids=str
)
def test_clash_of_a_changed_series_is_settled_as_wished(
    owner: Client, database: Database, on_conflict: str, third: tuple[str | None, str]
) -> None:
    made = series(owner, DAILY, assigned_users=[owner.user])
    owner.made("appointments/", visit(2, 12, assigned_users=[owner.user], title="other"))
    refused = owner.patch(f"appointments/{made['id']}/?scope=all", {"start_datetime": at(0, 12), "title": "noon"})
    assert refused.status_code == 409
    assert outcomes(refused.json()) == ["changed", "changed", "refused", "changed"]
    assert [row["title"] for row in everything(owner)].count("noon") == 0
    answer = patch(
        owner,
        made["id"],
        {"start_datetime": at(0, 12), "title": "noon"},
        f"?scope=all&on_conflict={on_conflict}",
    )
    assert outcomes(answer)[2] == {"skip": "skipped", "suggest": "requested"}[on_conflict]
    rows = [row for row in everything(owner) if row["title"] != "other"]
    assert [day_and_time(row["original_start"]) for row in rows] == [f"{day} 12:00" for day in range(4)]
    start = rows[2]["start_datetime"]
    assert (start and day_and_time(start), rows[2]["status"]) == third
    # What was skipped still takes its time.
    free = owner.post("appointments/", visit(2, 9, assigned_users=[owner.user]))
    assert free.status_code == (409 if on_conflict == "skip" else 201)


def test_changes_of_one_series_wait_for_each_other(app: FastAPI, owner: Client) -> None:
    series(owner, DAILY, assigned_users=[owner.user])
    keys = ids(owner)

    def move(i: int) -> int:
        path = f"appointments/{keys[i]}/?scope=all"
        return int(Client(app, owner.who).patch(path, {"title": f"from {i}", "location": f"at {i}"}).status_code)

    with ThreadPoolExecutor(4) as threads:
        assert list(threads.map(move, range(4))) == [200] * 4
    rows = {(row["title"][-1], row["location"][-1]) for row in everything(owner)}
    assert len(rows) == 1
    assert len({*rows.pop()}) == 1
