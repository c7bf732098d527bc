from datetime import UTC, datetime, time
from decimal import Decimal
from typing import Any

import pytest

from models.enums import AppointmentStatus, RuleType
from models.records import Absence, Appointment, Resource, ScheduleAnalytics, ScheduleRule, ScheduleTemplate

NINE = datetime(2026, 11, 23, 9, tzinfo=UTC)
TEN = datetime(2026, 11, 23, 10, tzinfo=UTC)


@pytest.mark.parametrize(
    "given",
    [
        pytest.param({"start_datetime": NINE, "end_datetime": TEN}, id="start and end"),
        pytest.param({"start_datetime": NINE, "duration_minutes": 60}, id="start and duration"),
        pytest.param({"end_datetime": TEN, "duration_minutes": 60}, id="end and duration"),
        pytest.param({"start_datetime": NINE, "end_datetime": TEN, "duration_minutes": 60}, id="all three"),
    ],
)
def test_two_times_of_an_appointment_give_the_third(given: dict[str, Any]) -> None:
    appointment = Appointment(title="a", **given)
    assert appointment.check() == []
    assert appointment.start_datetime == NINE
    assert appointment.end_datetime == TEN
    assert appointment.duration_minutes == 60


@pytest.mark.parametrize(
    ("given", "where"),
    [
        pytest.param(
            {"start_datetime": NINE, "end_datetime": TEN, "duration_minutes": 30}, "duration_minutes", id="disagree"
        ),
        pytest.param({"start_datetime": TEN, "end_datetime": NINE}, "end_datetime", id="backwards"),
        pytest.param({"start_datetime": TEN}, "end_datetime", id="start alone"),
        pytest.param({}, "start_datetime", id="booked without a time"),
        pytest.param({"status": AppointmentStatus.REQUESTED}, "duration_minutes", id="requested without a duration"),
        pytest.param({"start_datetime": NINE, "end_datetime": TEN, "latitude": 1.0}, "longitude", id="half a place"),
    ],
)
def test_appointment_names_what_does_not_fit(given: dict[str, Any], where: str) -> None:
    assert [fault.where for fault in Appointment(title="a", **given).check()] == [where]


def test_requested_appointment_needs_no_time() -> None:
    assert Appointment(title="a", status=AppointmentStatus.REQUESTED, duration_minutes=30).check() == []


@pytest.mark.parametrize(
    ("record", "where"),
    [
        pytest.param(Absence(start=NINE, end=TEN), ["user"], id="absence of nobody"),
        pytest.param(Absence(user_id=1, resource_id=1, start=NINE, end=TEN), ["user"], id="absence of two"),
        pytest.param(Absence(user_id=1, start=TEN, end=NINE), ["end"], id="absence backwards"),
        pytest.param(Resource(name="a", last_maintenance=TEN, next_maintenance=NINE), ["next_maintenance"], id="due"),
        pytest.param(
            ScheduleAnalytics(period_start=TEN.date(), period_end=datetime(2026, 1, 1, tzinfo=UTC).date()),
            ["period_end"],
            id="period",
        ),
        pytest.param(
            ScheduleRule(name="a", rule_type=RuleType.CANCELLATION, parameters={"fee_percent": 120}),
            ["parameters.fee_percent"],
            id="rule parameters",
        ),
        pytest.param(
            ScheduleRule(name="a", rule_type=RuleType.HOLIDAY, parameters={"max_per_day": 1}),
            ["parameters.max_per_day"],
            id="parameters of another rule type",
        ),
        pytest.param(
            ScheduleTemplate(name="a", start_time=time(9), end_time=time(10), duration_minutes=90),
            ["duration_minutes"],
            id="template longer than its times",
        ),
        pytest.param(
            ScheduleTemplate(
                name="a", start_time=time(9), end_time=time(10), break_start_time=time(9, 45), break_duration_minutes=30
            ),
            ["break_start_time"],
            id="break beyond the end",
        ),
    ],
)
def test_record_names_what_does_not_fit(record: Any, where: list[str]) -> None:
    assert [fault.where for fault in record.check()] == where


def test_template_derives_its_duration_across_midnight() -> None:
    template = ScheduleTemplate(name="a", start_time=time(22), end_time=time(1))
    assert template.check() == []
    assert template.duration_minutes == 180


def test_new_record_has_its_defaults_at_once() -> None:
    resource = Resource(name="a")
    assert resource.capacity == 1
    assert resource.documents == []
    assert resource.specifications.features == ()
    assert ScheduleTemplate(name="a").base_price == Decimal(0)


def test_rule_reads_as_the_rule_of_a_problem() -> None:
    rule = ScheduleRule(id=3, name="a", rule_type=RuleType.CAPACITY_LIMIT, parameters={"max_per_day": 4})
    rule.applies_to_user_ids = [7]
    read = rule.as_rule()
    assert read.id == "3"
    assert read.limits.max_per_day == 4
    assert read.applies_to_users == ("7",)
