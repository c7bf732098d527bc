from service.database import Database
from tests.service.accounts import Client, Json
from tests.service.runs.running import (
    HORIZON,
    asked,
    computed,
    published,
    request_of,
    violations_of,
    worker_of,
)


def test_fill_places_requests_and_publishing_books_them(owner: Client, database: Database) -> None:
    ana = worker_of(owner, "Ana")
    bo = worker_of(owner, "Bo")
    keys = [request_of(owner, users={"allowed": [str(ana), str(bo)]}) for _ in range(4)]
    run = computed(owner, database)
    assert (run["state"], run["counts"]["placed"], run["counts"]["left_out"]) == ("done", 4, 0)
    assert run["progress"]["cost"] == run["progress"]["bound"] == 0
    assert {term["name"] for term in run["terms"]} >= {"unassigned", "travel"}
    diff = owner.get(f"runs/{run['id']}/diff/").json()
    assert [(each["kind"], each["before"]) for each in diff["changes"]] == [("placed", None)] * 4
    assert (diff["cost_before"], diff["cost_after"]) == (160_000, 0)
    assert owner.get(f"appointments/{keys[0]}/").json()["status"] == "requested"
    report = published(owner, run)
    assert (report["published"], report["refused"]) == (4, 0)
    for change in diff["changes"]:
        stands = owner.get(f"appointments/{change['appointment']}/").json()
        assert stands["status"] == "scheduled"
        assert stands["start_datetime"] == change["after"]["start"]
        assert stands["assigned_users"] == change["after"]["users"]
    assert violations_of(database, owner.organization) == []
    assert published(owner, run)["published"] == 0


def test_plan_is_a_plan_file_with_the_ids_of_the_api(owner: Client, database: Database) -> None:
    ana = worker_of(owner, "Ana")
    key = request_of(owner, users={"allowed": [str(ana)]})
    late = request_of(owner, users={"allowed": []})
    run = computed(owner, database)
    plan = owner.get(f"runs/{run['id']}/plan/").json()
    assert [(each["appointment"], each["users"]) for each in plan["assignments"]] == [(str(key), [str(ana)])]
    (left,) = plan["unassigned"]
    assert left["appointment"] == str(late)
    assert left["reasons"][0]["rule"] == "crew"
    (conflict,) = owner.get("conflicts/", params={"rule": "unassigned"}).json()["results"]
    assert (conflict["primary_appointment"], conflict["status"]) == (late, "pending")
    assert conflict["details"]["reasons"] == left["reasons"]
    assert conflict["details"]["run"] == run["id"]


def test_fill_moves_nothing_that_is_booked(owner: Client, database: Database) -> None:
    ana = worker_of(owner, "Ana")
    wanted: Json = {"users": {"allowed": [str(ana)]}, "preferred_start": "2027-03-01T09:00:00Z"}
    first = request_of(owner, **wanted)
    published(owner, computed(owner, database))
    start = owner.get(f"appointments/{first}/").json()["start_datetime"]
    assert start == "2027-03-01T09:00:00Z"
    second = request_of(owner, unassigned_weight=10**6, **wanted)
    run = computed(owner, database)
    assert run["counts"] | {"placed": 1, "moved": 0, "movable": 0, "waiting": 1} == run["counts"]
    published(owner, run)
    assert owner.get(f"appointments/{first}/").json()["start_datetime"] == start
    assert owner.get(f"appointments/{second}/").json()["start_datetime"] != start
    assert violations_of(database, owner.organization) == []


def test_optimize_swaps_two_bookings_but_not_what_is_confirmed(owner: Client, database: Database) -> None:
    ana = worker_of(owner, "Ana")
    hours = {9: "10", 10: "09", 14: "15"}
    keys = {}
    for hour, wish in hours.items():
        body = {
            "title": f"at {hour}",
            "start_datetime": f"2027-03-01T{hour:02}:00:00Z",
            "duration_minutes": 60,
            "assigned_users": [ana],
            "requirements": {
                "crew": [{"count": 1}],
                "users": {"allowed": [str(ana)]},
                "preferred_start": f"2027-03-01T{wish}:00:00Z",
            },
        }
        keys[hour] = owner.made("appointments/", body)["id"]
    assert owner.post(f"appointments/{keys[14]}/confirm/").status_code == 200
    run = computed(owner, database, "optimize")
    assert (run["counts"]["movable"], run["counts"]["moved"]) == (2, 2)
    report = published(owner, run)
    assert (report["published"], report["refused"]) == (2, 0)
    stand = {hour: owner.get(f"appointments/{key}/").json() for hour, key in keys.items()}
    assert [stand[hour]["start_datetime"][11:13] for hour in hours] == ["10", "09", "14"]
    assert [stand[hour]["status"] for hour in hours] == ["rescheduled", "rescheduled", "confirmed"]
    assert violations_of(database, owner.organization) == []


def test_repair_gives_others_what_an_absence_broke_and_changes_nothing_else(owner: Client, database: Database) -> None:
    ana, bo = worker_of(owner, "Ana"), worker_of(owner, "Bo")
    both: Json = {"users": {"allowed": [str(ana), str(bo)]}}
    windows: Json = {"windows": [{"start": "2027-03-01T08:00:00Z", "end": "2027-03-01T18:00:00Z"}]}
    for _ in range(6):
        request_of(owner, **both, **windows)
    published(owner, computed(owner, database))
    before = {row["id"]: row for row in owner.get("appointments/").json()["results"]}
    assert all(row["assigned_users"] for row in before.values())
    for key in before:
        owner.post(f"appointments/{key}/confirm/")
    away = {"user": ana, "kind": "sickness", "start": "2027-03-01T00:00:00Z", "end": "2027-03-02T00:00:00Z"}
    owner.made("absences/", away)
    broken = {key for key, row in before.items() if row["assigned_users"] == [ana]}
    assert len(violations_of(database, owner.organization)) >= len(broken)
    run = computed(owner, database, "repair")
    assert run["counts"]["moved"] + run["counts"]["changed"] == len(broken)
    report = published(owner, run)
    assert {each["appointment"] for each in report["appointments"]} == broken
    after = {row["id"]: row for row in owner.get("appointments/").json()["results"]}
    assert all(after[key]["assigned_users"] == [bo] for key in broken)
    assert all(after[key]["version"] == before[key]["version"] + 1 for key in before.keys() - broken)  # confirmed
    assert violations_of(database, owner.organization) == []


def test_publish_reports_what_changed_meanwhile_and_what_was_taken(owner: Client, database: Database) -> None:
    ana = worker_of(owner, "Ana")
    needs: Json = {
        "users": {"allowed": [str(ana)]},
        "windows": [{"start": HORIZON["start"], "end": "2027-03-02T00:00:00Z"}],
    }
    changed, gone, taken, good = (request_of(owner, name, **needs) for name in ("changed", "gone", "taken", "good"))
    run = computed(owner, database)
    assert run["counts"]["placed"] == 4
    starts = {each["appointment"]: each["after"] for each in owner.get(f"runs/{run['id']}/diff/").json()["changes"]}
    owner.patch(f"appointments/{changed}/", {"duration_minutes": 90})
    owner.delete(f"appointments/{gone}/")
    at = {"start_datetime": starts[taken]["start"], "duration_minutes": 60, "assigned_users": [ana]}
    rival = owner.made("appointments/", {"title": "rival"} | at)["id"]
    report = published(owner, run)
    found = {each["appointment"]: each for each in report["appointments"]}
    assert {key: each["outcome"] for key, each in found.items()} == {
        changed: "changed_meanwhile",
        gone: "gone",
        taken: "refused",
        good: "published",
    }
    assert found[taken]["violations"][0]["rule"] == "overlap"
    assert rival in found[taken]["violations"][0]["appointments"]
    assert owner.get(f"appointments/{taken}/").json()["status"] == "requested"
    assert violations_of(database, owner.organization) == []


def test_publish_of_some_leaves_the_others_for_later(owner: Client, database: Database) -> None:
    ana = worker_of(owner, "Ana")
    first, second = (request_of(owner, users={"allowed": [str(ana)]}) for _ in range(2))
    run = computed(owner, database)
    assert published(owner, run, first)["published"] == 1
    assert owner.get(f"appointments/{second}/").json()["status"] == "requested"
    report = published(owner, run)
    assert {each["appointment"]: each["outcome"] for each in report["appointments"]} == {
        first: "unchanged",
        second: "published",
    }
    refused = owner.post(f"runs/{run['id']}/publish/", {"appointment_ids": [10**6]})
    assert (refused.status_code, refused.json()["errors"][0]["field"]) == (422, "appointment_ids[0]")


def test_publish_refuses_what_an_absence_closed_since(owner: Client, database: Database) -> None:
    ana = worker_of(owner, "Ana")
    key = request_of(owner, users={"allowed": [str(ana)]})
    run = computed(owner, database)
    away = {"user": ana, "kind": "leave", "start": HORIZON["start"], "end": HORIZON["end"]}
    owner.made("absences/", away)
    (report,) = published(owner, run)["appointments"]
    assert (report["appointment"], report["outcome"]) == (key, "refused")
    assert report["violations"][0]["rule"] == "availability"


def test_scope_limits_what_a_run_changes(owner: Client, database: Database) -> None:
    ana = worker_of(owner, "Ana")
    first, second = (request_of(owner, users={"allowed": [str(ana)]}) for _ in range(2))
    run = computed(owner, database, scope={"appointment_ids": [second]})
    assert (run["counts"]["waiting"], run["counts"]["placed"]) == (1, 1)
    assert [each["appointment"] for each in owner.get(f"runs/{run['id']}/diff/").json()["changes"]] == [second]
    nobody = owner.post("runs/", {"horizon": HORIZON, "scope": {"teams": [77], "appointment_ids": [first]}})
    assert (nobody.status_code, nobody.json()["errors"][0]["field"]) == (422, "scope.teams[0]")
    wrong = owner.post("runs/", {"horizon": HORIZON, "scope": {"statuses": ["completed"]}})
    assert wrong.status_code == 422


def test_run_publishes_by_itself_if_told_so(owner: Client, database: Database) -> None:
    ana = worker_of(owner, "Ana")
    key = request_of(owner, users={"allowed": [str(ana)]})
    run = computed(owner, database, publishes=True)
    assert run["published_at"] is not None
    assert owner.get(f"appointments/{key}/").json()["status"] == "scheduled"


def test_queued_run_is_cancelled_at_once_and_never_computed(owner: Client, database: Database) -> None:
    run = asked(owner)
    assert run["state"] == "queued"
    assert owner.get(f"runs/{run['id']}/plan/").json()["code"] == "conflict"
    cancelled = owner.post(f"runs/{run['id']}/cancel/")
    assert (cancelled.status_code, cancelled.json()["state"]) == (200, "cancelled")
    events = owner.get(f"runs/{run['id']}/events/").text
    assert events.startswith("event: cancelled\n")
    assert owner.post(f"runs/{run['id']}/publish/").json()["code"] == "conflict"


def test_cancel_of_what_is_done_is_refused(owner: Client, database: Database) -> None:
    run = computed(owner, database)
    assert owner.post(f"runs/{run['id']}/cancel/").status_code == 409


def test_weights_of_a_run_stand_beside_those_of_the_organization(owner: Client, database: Database) -> None:
    owner.patch("organization/", {"weights": {"lateness": 7}})
    run = computed(owner, database, weights={"travel": 9})
    weights = {term["name"]: term["weight"] for term in run["terms"]}
    assert (weights["lateness"], weights["travel"], weights["overtime"]) == (7, 9, 3)


def test_team_without_users_comes_whole(owner: Client, database: Database) -> None:
    team = owner.made("teams/", {"name": "alpha"})["id"]
    ana = worker_of(owner, "Ana")
    owner.made(f"teams/{team}/add-member/", {"user": ana})
    body = {"title": "all", "status": "requested", "duration_minutes": 60, "assigned_team": team}
    key = owner.made("appointments/", body)["id"]
    run = computed(owner, database, scope={"teams": [team]})
    assert published(owner, run)["published"] == 1
    stands = owner.get(f"appointments/{key}/").json()
    assert (stands["assigned_users"], stands["whole_team"]) == ([ana], True)


def test_run_that_publishes_needs_the_right_to_publish(owner: Client, database: Database) -> None:
    token = owner.made("api-keys/", {"name": "planner", "scopes": ["runs:create"]})["key"]
    headers = {"Authorization": f"Bearer {token}"}
    body = {"horizon": HORIZON}
    assert owner.post("runs/", body, headers=headers).status_code == 202
    assert owner.post("runs/", body | {"publishes": True}, headers=headers).status_code == 403
