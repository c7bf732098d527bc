from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select

from models.records import Absence, Organization, Resource
from models.records.absences import AbsenceKind
from models.records.organizations import Policies
from models.records.resources import MaintenanceSchedule
from service.availability.loads import peak, stacked
from service.availability.maintenance import keep_maintained
from service.callers import the_service
from service.database import Database
from tests.service.accounts import Client, Json, Statements
from tests.service.api.test_availability import at, book
from tests.service.jobs.work import job_in

NINE_TO_TEN = {"start": at("09:00"), "end": at("10:00")}
SOON = datetime.now(UTC).replace(hour=12, minute=0, second=0, microsecond=0) + timedelta(days=7)


def iso(moment: datetime) -> str:
    return moment.isoformat()


def left(owner: Client, **query: object) -> dict[str, int | None]:
    answer = owner.get("resources/available/", params=query)
    assert answer.status_code == 200, answer.text
    assert answer.json()["count"] == len(answer.json()["results"])
    return {each["name"]: each["units_left"] for each in answer.json()["results"]}


def test_loads_add_up_where_they_overlap() -> None:
    loads = [(0, 10, 1), (5, 15, 2), (15, 20, 3)]
    assert stacked(loads, 3) == [(5, 10), (15, 20)]
    assert stacked(loads, 1) == [(0, 20)]
    assert stacked(loads, 4) == []
    assert peak(loads, 0, 5) == 1
    assert peak(loads, 10, 15) == 2
    assert peak(loads, 0, 100) == 3
    assert peak(loads, 20, 30) == 0


def test_available_resources_are_in_service(owner: Client) -> None:
    owner.made("resources/", {"name": "van"})
    owner.made("resources/", {"name": "old", "is_active": False})
    owner.made("resources/", {"name": "broken", "is_available": False})
    assert left(owner) == {"van": None}


def test_units_that_are_left_are_counted(owner: Client) -> None:
    hall = owner.made("resources/", {"name": "hall", "capacity": 5})["id"]
    van = owner.made("resources/", {"name": "van", "resource_type": "vehicle"})["id"]
    need = [{"resource": hall, "units": 2}]
    book(owner, at("09:00"), at("09:30"), required_resources=[hall], requirements={"resources": need})
    book(owner, at("09:30"), at("10:30"), required_resources=[hall], requirements={"resources": need})
    book(owner, at("09:15"), at("09:20"), required_resources=[hall], requirements={"resources": need})
    book(owner, at("10:00"), at("11:00"), required_resources=[van])
    assert left(owner, **NINE_TO_TEN) == {"hall": 1, "van": 1}
    assert left(owner, start=at("09:20"), end=at("10:00")) == {"hall": 3, "van": 1}
    assert left(owner, units=2, **NINE_TO_TEN) == {}
    assert left(owner, start=at("10:00"), end=at("11:00")) == {"hall": 3}
    assert left(owner, start=at("12:00"), end=at("13:00"), resource_type="vehicle") == {"van": 1}


def test_resource_is_available_only_while_its_calendar_is_open(owner: Client) -> None:
    hours = {"monday": [{"start": "09:00", "end": "12:00"}]}
    room = owner.made("resources/", {"name": "room", "availability_schedule": hours})["id"]
    assert left(owner, **NINE_TO_TEN) == {"room": 1}
    assert left(owner, start=at("11:30"), end=at("12:30")) == {}
    rule = {"name": "Floors", "rule_type": "blackout", "applies_to_resources": [room]}
    owner.made("rules/", rule | {"start_date": "2030-01-07", "end_date": "2030-01-07", "end_time": "09:30"})
    assert left(owner, **NINE_TO_TEN) == {}
    assert left(owner, start=at("09:30"), end=at("10:30")) == {"room": 1}


def test_number_of_queries_does_not_grow_with_the_resources(database: Database, owner: Client) -> None:
    counts = []
    for size in (1, 3):
        for number in range(size):
            owner.made("resources/", {"name": f"{size} {number}"})
        seen = Statements(database.engine)
        assert len(left(owner, **NINE_TO_TEN)) == (size if size == 1 else 4)
        counts.append(len(seen.seen))
    assert counts[0] == counts[1]


@pytest.mark.parametrize("query", [{"start": at("09:00")}, {"end": at("09:00")}, {"start": at("9"), "end": at("10")}])
def test_half_a_stretch_is_refused(owner: Client, query: Json) -> None:
    assert owner.get("resources/available/", params=query).status_code == 422


def test_resource_is_switched_off_and_on_for_good(owner: Client) -> None:
    van = owner.made("resources/", {"name": "van"})["id"]
    off = owner.post(f"resources/{van}/set-availability/", {"is_available": False, "reason": "sold"})
    assert (off.status_code, off.json()["is_available"]) == (200, False)
    entries = owner.get("audit-log/", params={"record_type": "resource"}).json()["results"]
    assert "sold" in {entry["reason"] for entry in entries}
    on = owner.post(f"resources/{van}/set-availability/", {"is_available": True})
    assert on.json()["is_available"]
    assert owner.get("absences/").json()["count"] == 0


def absences(owner: Client) -> list[tuple[str, str, str]]:
    rows = owner.get("absences/", params={"ordering": "start"}).json()["results"]
    return [(row["kind"], row["start"][11:16], row["end"][11:16]) for row in rows]


def test_resource_is_away_for_a_while_and_back_for_a_part_of_it(owner: Client) -> None:
    path = f"resources/{owner.made('resources/', {'name': 'van'})['id']}/"
    wish = {"is_available": False, "reason": "lent", "from": "2030-01-07T08:00Z", "until": "2030-01-07T18:00Z"}
    assert owner.post(f"{path}set-availability/", wish).json()["is_available"]
    assert absences(owner) == [("unavailable", "08:00", "18:00")]
    owner.made(f"{path}schedule-maintenance/", {"start": "2030-01-07T10:00Z", "end": "2030-01-07T11:00Z"})
    back = {"is_available": True, "from": "2030-01-07T10:00Z", "until": "2030-01-07T12:00Z"}
    assert owner.post(f"{path}set-availability/", back).status_code == 200
    assert absences(owner) == [
        ("unavailable", "08:00", "10:00"),
        ("maintenance", "10:00", "11:00"),
        ("unavailable", "12:00", "18:00"),
    ]
    rest = {"is_available": True, "from": "2030-01-07T00:00Z", "until": "2030-01-08T00:00Z"}
    owner.post(f"{path}set-availability/", rest)
    assert absences(owner) == [("maintenance", "10:00", "11:00")]


@pytest.mark.parametrize(
    ("wish", "field"),
    [
        pytest.param({"from": "2030-01-07T08:00Z", "until": "2030-01-07T07:00Z"}, "until", id="backwards"),
        pytest.param({"from": "2030-01-07T08:00Z"}, "until", id="open end of what comes later"),
        pytest.param({"from": "2030-01-07T08:00"}, "from", id="naive"),
    ],
)
def test_strange_availability_is_refused(owner: Client, wish: Json, field: str) -> None:
    van = owner.made("resources/", {"name": "van"})["id"]
    answer = owner.post(f"resources/{van}/set-availability/", {"is_available": False, **wish})
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["field"] == field


def test_scheduled_maintenance_is_the_next_until_it_is_taken_back(owner: Client) -> None:
    path = f"resources/{owner.made('resources/', {'name': 'van'})['id']}/"
    wish = {"start": iso(SOON), "end": iso(SOON + timedelta(hours=2)), "maintenance_type": "oil", "notes": "5W-30"}
    made = owner.made(f"{path}schedule-maintenance/", wish)
    assert (made["kind"], made["reason"], made["notes"]) == ("maintenance", "oil", "5W-30")
    assert owner.get(path).json()["next_maintenance"] == made["start"]
    assert left(owner, start=iso(SOON), end=iso(SOON + timedelta(hours=1))) == {}
    assert owner.delete(f"absences/{made['id']}/").status_code == 204
    assert owner.get(path).json()["next_maintenance"] is None


def maintained(database: Database, organization: int) -> list[Absence]:
    with database.session(the_service(organization), writes=False) as session:
        statement = select(Absence).where(Absence.kind == AbsenceKind.MAINTENANCE).order_by(Absence.start)
        return list(session.scalars(statement))


SCHEDULE = {"every_days": 30, "duration_minutes": 120, "window": {"start": "06:00", "end": "10:00"}}


def test_maintenance_is_planned_ahead_in_its_window(database: Database, owner: Client) -> None:
    last = SOON - timedelta(days=20)
    body = {"name": "van", "timezone": "UTC", "maintenance_schedule": SCHEDULE, "last_maintenance": iso(last)}
    made = owner.made("resources/", body)
    found = maintained(database, owner.organization)
    first = (last + timedelta(days=30)).replace(hour=6)
    assert [each.start for each in found] == [first, first + timedelta(days=30), first + timedelta(days=60)]
    assert {each.end - each.start for each in found} == {timedelta(hours=2)}
    assert made["next_maintenance"] == first.isoformat().replace("+00:00", "Z")
    keep_maintained(job_in(database, owner.organization))
    assert [each.id for each in maintained(database, owner.organization)] == [each.id for each in found]


def test_maintenance_gives_way_to_bookings(database: Database, owner: Client) -> None:
    van = owner.made("resources/", {"name": "van", "timezone": "UTC"})["id"]
    due = SOON.replace(hour=0)
    hours = [(5, 7), (8, 9)]
    for start, end in hours:
        book(owner, iso(due.replace(hour=start)), iso(due.replace(hour=end)), required_resources=[van])
    last = due - timedelta(days=30)
    schedule = {"maintenance_schedule": SCHEDULE, "last_maintenance": iso(last)}
    assert owner.patch(f"resources/{van}/", schedule).status_code == 200
    assert maintained(database, owner.organization)[0].start == due.replace(hour=6) + timedelta(days=1)
    shorter = {"maintenance_schedule": SCHEDULE | {"duration_minutes": 60}}
    assert owner.patch(f"resources/{van}/", shorter).status_code == 200
    assert maintained(database, owner.organization)[0].start == due.replace(hour=7)


def test_overdue_maintenance_is_planned_at_once(database: Database, owner: Client) -> None:
    body = {"name": "van", "timezone": "UTC", "maintenance_schedule": SCHEDULE, "last_maintenance": "2020-01-01T00:00Z"}
    owner.made("resources/", body)
    first = maintained(database, owner.organization)[0].start
    assert datetime.now(UTC) < first < datetime.now(UTC) + timedelta(days=2)


def test_maintenance_that_is_over_becomes_the_last_and_the_plan_goes_on(database: Database, owner: Client) -> None:
    van = owner.made("resources/", {"name": "van", "timezone": "UTC"})["id"]
    past = (SOON - timedelta(days=17)).replace(hour=6)
    with database.session(the_service(owner.organization)) as session:
        session.add(Absence(resource_id=van, kind=AbsenceKind.MAINTENANCE, start=past, end=past + timedelta(hours=1)))
        session.get_one(Resource, van).maintenance_schedule = MaintenanceSchedule.model_validate(SCHEDULE)
        session.get_one(Organization, owner.organization).policies = Policies(materialize_days=25)
        session.commit()
    keep_maintained(job_in(database, owner.organization))
    assert [each.start for each in maintained(database, owner.organization)] == [past, past + timedelta(days=30)]
    found = owner.get(f"resources/{van}/").json()
    assert date.fromisoformat(found["last_maintenance"][:10]) == past.date()
    assert date.fromisoformat(found["next_maintenance"][:10]) == past.date() + timedelta(days=30)


def test_plan_goes_when_the_schedule_goes(database: Database, owner: Client) -> None:
    van = owner.made("resources/", {"name": "van", "maintenance_schedule": SCHEDULE})["id"]
    assert maintained(database, owner.organization)
    answer = owner.patch(f"resources/{van}/", {"maintenance_schedule": None})
    assert answer.json()["next_maintenance"] is None
    assert maintained(database, owner.organization) == []
