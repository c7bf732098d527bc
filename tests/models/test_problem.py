import json
import pickle
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings, strategies as st

from models.enums import Priority, ResourceType, Weekday
from models.errors import InvalidProblem
from models.people import Skill
from models.problem import Problem, User
from models.travel import TravelMatrix, TravelSpeed
from tests.models.sound import MATRIX, SOUND

HORIZON = {"start": "2026-11-23T00:00:00Z", "end": "2026-11-28T00:00:00Z"}


def problem(**fields: Any) -> Problem:
    return Problem.parse({"horizon": HORIZON, **fields})


def test_defaults_are_those_of_the_format() -> None:
    found = problem(appointments=[{"id": "a", "duration_minutes": 30}], resources=[{"id": "r"}], rules=[])
    work = found.appointments[0]
    assert (found.version, found.name, found.timezone, found.step_minutes, found.now) == (1, "", "UTC", 5, None)
    assert (found.travel, found.users) == (None, ())
    assert (work.priority, work.windows, work.users.allowed, work.team, work.pinned) == (
        Priority.NORMAL,
        (),
        None,
        None,
        False,
    )
    assert (work.buffer_before_minutes, work.after, work.current, work.unassigned_weight) == (0, (), None, None)
    assert (found.resources[0].capacity, found.resources[0].resource_type) == (1, ResourceType.OTHER)


def test_weights_override_defaults_one_by_one() -> None:
    found = problem(
        weights={"unassigned": {"normal": 15000}, "lateness": 9},
        appointments=[
            {"id": "a", "duration_minutes": 30},
            {"id": "b", "duration_minutes": 30, "priority": "urgent"},
            {"id": "c", "duration_minutes": 30, "unassigned_weight": 0},
        ],
    )
    assert [found.unassigned_weight(work) for work in found.appointments] == [15000, 640000, 0]
    assert found.weights.effective() == {
        "lateness": 9,
        "max_lateness": 0,
        "preferred_time": 1,
        "travel": 1,
        "waiting": 0,
        "max_waiting": 0,
        "preferred_users": 60,
        "overtime": 3,
        "workload_balance": 0,
        "continuity": 0,
        "headcount": 0,
        "labor_cost": 0,
        "moved": 30,
        "reassigned": 30,
    }


def test_skills_and_availability_have_one_form() -> None:
    ana = Problem.parse(SOUND).users_by_id["ana"]
    assert ana.skills == (Skill(name="care"), Skill(name="wound", level=2))
    weekly = Problem.parse(SOUND).users_by_id["bo"].availability
    assert weekly is not None
    assert list(weekly) == [Weekday.MONDAY]
    assert [span.end.isoformat() for span in weekly[Weekday.MONDAY]] == ["16:00:00"]


@pytest.mark.parametrize("written", ["37.5", "37.50", 37.5])
def test_hours_are_exact_however_they_are_written(written: object) -> None:
    assert problem(users=[{"id": "u", "max_hours_per_week": written}]).users[0].max_hours_per_week == Decimal("37.5")


def test_tenths_of_an_hour_are_not_rounded() -> None:
    ana = problem(users=[{"id": "u", "max_hours_per_week": 0.1, "hourly_cost": 0}]).users[0]
    assert ana.max_hours_per_week is not None
    assert ana.max_hours_per_week * 60 == 6


def test_lists_that_stand_for_sets_drop_what_comes_again() -> None:
    people = [{"id": "u", "certifications": ["x", "y", "x"]}]
    work = {"id": "a", "duration_minutes": 5, "users": {"allowed": ["u", "u"]}}
    found = problem(users=people, appointments=[work])
    assert found.users[0].certifications == ("x", "y")
    assert found.appointments[0].users.allowed == ("u",)


def test_travel_has_two_kinds_and_none() -> None:
    places = SOUND["locations"]
    assert problem().travel is None
    assert problem(travel={}).travel == TravelSpeed(speed_kmh=40, detour_factor=1.3)
    assert isinstance(problem(travel=MATRIX, locations=places).travel, TravelMatrix)


def test_travel_times_by_matrix_may_be_asymmetric() -> None:
    times = problem(travel={"locations": ["a", "b"], "minutes": [[9, 5], [6, 9]]}).travel_times
    assert [times.minutes("a", "b"), times.minutes("b", "a"), times.minutes("a", "a"), times.minutes(None, "a")] == [
        5,
        6,
        0,
        0,
    ]


def test_travel_times_by_distance_round_up() -> None:
    # A degree of latitude is 6371.0088 × π / 180 = 111.195 km: × 1.3 / 40 km/h is 216.8 minutes.
    places = [{"id": "a", "latitude": 0, "longitude": 0}, {"id": "b", "latitude": 1, "longitude": 0}]
    assert problem(travel={}, locations=places).travel_times.minutes("a", "b") == 217
    assert problem(locations=places).travel_times.minutes("a", "b") == 0


def test_antipodes_are_half_a_turn_apart() -> None:
    places = [{"id": "a", "latitude": 0, "longitude": 0}, {"id": "b", "latitude": 0, "longitude": 180}]
    speed = {"speed_kmh": 2000, "detour_factor": 1}
    # π × 6371.0088 km = 20015.1 km, 600.45 minutes at 2000 km/h.
    assert problem(travel=speed, locations=places).travel_times.minutes("a", "b") == 601


def test_appointment_that_began_counts_as_pinned() -> None:
    work = [
        {"id": "began", "duration_minutes": 5, "current": {"start": "2026-11-23T09:59:00Z"}},
        {"id": "now", "duration_minutes": 5, "current": {"start": "2026-11-23T10:00:00Z"}},
        {"id": "pinned", "duration_minutes": 5, "current": {"start": "2026-11-24T10:00:00Z"}, "pinned": True},
        {"id": "new", "duration_minutes": 5},
    ]
    found = problem(appointments=work, now="2026-11-23T10:00:00Z")
    assert [appointment.id for appointment in found.appointments if found.is_pinned(appointment)] == ["began", "pinned"]


def test_resource_location_is_any_text_and_units_may_exceed_the_capacity() -> None:
    van = {"id": "van", "location": "Building 1, Floor 2", "capacity": 1}
    use = {"start": "2026-11-23T10:00:00Z", "resources": [{"resource": "van", "units": 3}]}
    wish = [{"resource": "van", "units": 3}]
    found = problem(
        resources=[van], appointments=[{"id": "a", "duration_minutes": 5, "current": use, "resources": wish}]
    )
    assert found.resources[0].location == "Building 1, Floor 2"


def test_rule_parameters_are_those_of_its_type() -> None:
    rules = [
        {"id": "limit", "rule_type": "capacity_limit", "parameters": {"max_per_day": 4}},
        {"id": "lunch", "rule_type": "break_time", "parameters": {"duration_minutes": 30}},
        {"id": "notice", "rule_type": "advance_booking", "parameters": {"min_hours": 1.5}},
        {"id": "feast", "rule_type": "holiday", "parameters": {"country": "DE", "subdivision": "BY"}},
        {"id": "late", "rule_type": "cancellation", "parameters": {"min_hours": 24, "fee_percent": 50}},
        {"id": "none", "rule_type": "break_time", "parameters": {}},
        {"id": "null", "rule_type": "working_hours", "parameters": None, "is_active": False},
    ]
    limit, lunch, notice, feast, late, none, null = problem(rules=rules).rules
    assert (limit.limits.max_per_day, limit.limits.max_per_week, null.limits.max_per_day) == (4, None, None)
    assert (lunch.break_minutes, none.break_minutes) == (30, None)
    assert [notice.min_hours, notice.max_days, late.min_hours] == [Decimal("1.5"), None, Decimal(24)]
    assert (feast.country, feast.subdivision, lunch.country) == ("DE", "BY", None)
    assert "null" not in [rule.id for rule in problem(rules=rules).active_rules]


def test_problem_reads_what_it_wrote() -> None:
    found = Problem.parse(SOUND)
    assert Problem.parse(found.to_json()) == found
    assert json.loads(found.to_json())["appointments"][1]["after"] == [{"appointment": "first", "min_gap_minutes": 10}]


def test_problem_survives_the_way_to_another_process() -> None:
    found = Problem.parse(SOUND)
    assert found.zone.key == "Europe/Berlin"
    assert pickle.loads(pickle.dumps(found)) == found


def test_problem_takes_parts_that_were_read_before() -> None:
    found = problem(users=[User(id="ana")], teams=[{"id": "t", "members": ["ana"]}])
    assert found.teams_by_id["t"].members == ("ana",)


def test_problem_never_changes() -> None:
    with pytest.raises(ValueError, match="frozen"):
        problem().name = "other"  # type: ignore[misc]


def test_schema_tells_the_written_form() -> None:
    schema = Problem.model_json_schema()
    assert schema["properties"]["now"]["anyOf"][0] == {"format": "date-time", "type": "string"}
    assert schema["required"] == ["horizon"]


SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5)
WORDS = st.sampled_from(
    [*Problem.model_fields, "id", "duration_minutes", "after", "start", "locations", "minutes", "rule_type"]
)
JSON = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(WORDS | st.text(max_size=3), inner, max_size=4)
)


@settings(max_examples=300, deadline=None)
@given(JSON)
def test_any_document_is_read_or_refused(document: Any) -> None:
    with pytest.raises(InvalidProblem) as caught:
        Problem.parse(json.dumps(document))
    assert caught.value.faults
    assert str(caught.value).encode()


def places(node: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    inner = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    return [path, *(deeper for key, value in inner for deeper in places(value, (*path, key)))]


@settings(max_examples=600, deadline=None)
@given(st.sampled_from(places(SOUND)[1:]), JSON)
def test_sound_document_with_one_strange_value_is_read_or_refused(path: tuple[Any, ...], value: Any) -> None:
    document = json.loads(json.dumps(SOUND))
    node = document
    for step in path[:-1]:
        node = node[step]
    node[path[-1]] = value
    try:
        found = Problem.parse(document)
    except InvalidProblem:
        return
    assert Problem.parse(found.to_json()) == found
