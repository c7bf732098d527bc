import pytest

from benchmarks.sets.uhhc.measure import measure
from benchmarks.sets.uhhc.original import Original
from tests.benchmarks.uhhc_files import answered, file, hard_file, patient


def simple() -> Original:
    return Original(
        file(
            patient(0, "a", windows=[[0, 100]]),
            patient(1, "b", windows=[[0, 100], [150, 250]], preferred_caregivers=["c2"]),
            patient(2, "b", windows=[[0, 300]], optional=True),
        )
    )


def test_measure_adds_up_a_day_without_lunch() -> None:
    # c1: p0 40-60, on at 80, waits until 95, p1 95-115, home at 145. Way 10 + 20 + 30. p1 is 15 late and not by c2.
    # Idle: 300 less 60 of way and 40 of service. c2 is idle all day; nobody visits p2; two lunches are missed.
    published = measure(simple(), answered(simple(), c1=[("p0/a", 40), ("p1/b", 95)]))
    assert published.components == {
        "travel_time": 60,
        "total_tardiness": 15,
        "highest_tardiness": 15,
        "total_waiting_time": 15,
        "total_extra_time": 0,
        "max_idle_time": 300,
        "caregiver_preferences": 1,
        "optional_patients": 1,
        "missed_lunch_break": 2,
    }
    assert published.value == 2 * 60 + 3 * 15 + 4 * 15 + 5 * 15 + 11 * 300 + 13 + 300 + 2 * 170
    assert published.breaches == ()


def test_measure_takes_the_latest_window_that_is_open_at_the_start() -> None:
    # At 149 the first window has been closed for 69 minutes when the service ends, at 150 the second has just opened.
    late = [
        measure(simple(), answered(simple(), c1=[("p0/a", 40)], c2=[("p1/b", start)])).components["total_tardiness"]
        for start in (149, 150, 240)
    ]
    assert late == [69, 0, 10]


def test_measure_lets_a_window_be_met_at_the_start_where_the_file_says_so() -> None:
    row = patient(0, "a", windows=[[0, 100]])
    original = Original(file(row, time_window_met="at_service_start"))
    assert measure(original, answered(original, c1=[("p0/a", 95)])).components["total_tardiness"] == 0
    assert measure(original, answered(original, c1=[("p0/a", 103)])).components["total_tardiness"] == 3


def test_measure_counts_overtime_as_extra_time_and_not_as_idle() -> None:
    # Home at 290 + 20 + 10 = 320. Idle: 320 less 20 of way and 20 of service.
    components = measure(simple(), answered(simple(), c1=[("p0/a", 290)], c2=[("p1/b", 150)])).components
    assert (components["total_extra_time"], components["max_idle_time"]) == (20, 280)


@pytest.mark.parametrize(
    ("visits", "before", "waiting", "extra"),
    [
        # p0 until 120, then 30 of lunch and 20 of way: at p1 at 170.
        ([("p0/a", 100), ("p1/b", 175)], 1, 5, 0),
        # A first lunch is over long before the way to p0.
        ([("p0/a", 290)], 0, 0, 20),
        # p1 until 100: lunch there until 130, or at home from 130; back and done at 160 either way.
        ([("p0/a", 40), ("p1/b", 80)], 2, 0, 0),
        # p1 until 90: lunch cannot begin before 100 there; at home at 120.
        ([("p0/a", 30), ("p1/b", 70)], 2, 0, 0),
        # At home at 40: 60 of waiting until lunch may begin.
        ([("p0/a", 10)], 1, 60, 0),
    ],
    ids=["between", "first", "last", "last, at home", "last, too early"],
)
def test_measure_finds_the_best_place_for_lunch(
    visits: list[tuple[str, int]], before: int, waiting: int, extra: int
) -> None:
    published = measure(simple(), answered(simple(), {"c1": before}, c1=visits))
    components = published.components
    assert components["missed_lunch_break"] == 1
    assert (components["total_waiting_time"], components["total_extra_time"]) == (waiting, extra)
    assert not [breach for breach in published.breaches if "lunch" in breach]


def test_measure_takes_lunch_off_idle_time_even_of_who_serves_nobody() -> None:
    answer = answered(simple(), {"c1": 1, "c2": 0}, c1=[("p0/a", 100), ("p1/b", 175)])
    # c1: 300 less 60 of way, 40 of service, 30 of lunch. c2: 300 less 30.
    assert measure(simple(), answer).components["max_idle_time"] == 270


@pytest.mark.parametrize(
    ("visits", "before"),
    [
        ([("p0/a", 100), ("p1/b", 165)], 1),  # 45 for 20 of way and 30 of lunch
        ([("p0/a", 129)], 0),  # lunch there from 100 to 130
        ([("p0/a", 200)], 1),  # it would have to begin at 170
    ],
    ids=["between", "first", "last"],
)
def test_measure_names_a_lunch_that_has_no_time(visits: list[tuple[str, int]], before: int) -> None:
    published = measure(simple(), answered(simple(), {"c1": before}, c1=visits))
    assert f"c1: there is no time for lunch before visit {before}" in published.breaches


def test_measure_lets_caregivers_of_bazirha_leave_when_their_shift_starts() -> None:
    about = {"origin": "bazirha-caie", "cost_components": {"total_waiting_time": 1, "workload_balance": 1}}
    original = Original(file(patient(0, "a", windows=[[0, 100]]), patient(1, "b", windows=[[0, 200]]), **about))
    published = measure(original, answered(original, c1=[("p0/a", 40)], c2=[("p1/b", 35)]))
    # c1 is there at 10, c2 at 30. c1 works 20 + 20, c2 60 + 20: 20 from their mean of 60 each.
    assert published.components == {"total_waiting_time": 30 + 5, "workload_balance": 40}
    assert published.value == 75


def test_measure_rounds_each_distance_from_the_mean_up() -> None:
    about = {"origin": "bazirha-caie", "cost_components": {"total_waiting_time": 1, "workload_balance": 1}}
    original = Original(file(patient(0, "a", windows=[[0, 100]], duration=5), **about))
    # 25 minutes of work and none, 12.5 from the mean.
    assert measure(original, answered(original, c1=[("p0/a", 10)])).components["workload_balance"] == 13 + 13


def pair(kind: str, **more: object) -> Original:
    both = patient(0, "a", "b", windows=[[0, 100]], synchronization={"type": kind, **more}, incompatible_caregivers=[])
    return Original(file(both))


@pytest.mark.parametrize(
    ("original", "starts", "apart"),
    [
        (pair("simultaneous"), (40, 40), None),
        (pair("simultaneous"), (40, 41), 1),
        (pair("sequential", distance={"min": 10, "max": 30}), (40, 50), None),
        (pair("sequential", distance={"min": 10, "max": 30}), (40, 49), 9),
        (pair("sequential", distance={"min": 10, "max": 30}), (40, 71), 31),
        (pair("sequential", distance={"min": 10, "max": 30}), (50, 40), -10),
        (pair("independent"), (50, 40), None),
    ],
    ids=["together", "not together", "close enough", "too close", "too far", "wrong order", "independent"],
)
def test_measure_checks_how_far_the_services_of_a_pair_are_apart(
    original: Original, starts: tuple[int, int], apart: int | None
) -> None:
    published = measure(original, answered(original, c1=[("p0/a", starts[0])], c2=[("p0/b", starts[1])]))
    expected = () if apart is None else (f"p0: its services start {apart} minutes apart",)
    assert published.breaches == expected


def both(optional: bool) -> Original:
    rule = {"type": "sequential", "distance": {"min": 0, "max": 90}}
    return Original(file(patient(0, "a", "b", windows=[[20, 100]], synchronization=rule, optional=optional)))


@pytest.mark.parametrize(
    ("original", "routes", "breach"),
    [
        (simple(), {"c1": [("p0/a", 40)]}, "p1: not served: p1/b"),
        (simple(), {"c2": [("p0/a", 40)]}, "p0/a: c2 is not able to do it"),
        (simple(), {"c1": [("p0/a", 40)], "c9": [("p1/b", 40)]}, "p1/b: c9 is not able to do it"),
        (simple(), {"c1": [("p0/a", 9)]}, "p0/a: c1 cannot be there at 9"),
        (simple(), {"c1": [("p0/a", 40), ("p1/b", 79)]}, "p1/b: c1 comes 1 minutes after its start"),
        (simple(), {"c1": [("p0/a", 40), ("p0/a", 80)]}, "p0/a: served twice"),
        (Original(file(patient(0, "a", windows=[[20, 99]]))), {"c1": [("p0/a", 19)]}, "p0/a: it starts at 19, before"),
        (both(optional=False), {"c1": [("p0/a", 40), ("p0/b", 60)]}, "p0: both services are"),
        (
            Original(file(patient(0, "b", windows=[[0, 99]], incompatible_caregivers=["c2"]))),
            {"c2": [("p0/b", 40)]},
            "p0/b: c2 may not serve p0",
        ),
        (
            both(optional=True),
            {"c1": [("p0/a", 40)]},
            "p0: not served: p0/b",
        ),
        (Original(hard_file(patient(0, "a", windows=[[0, 99]]))), {"c1": [("p0/a", 80)]}, "total_tardiness is hard"),
        (Original(hard_file(patient(0, "a", windows=[[0, 399]]))), {"c1": [("p0/a", 280)]}, "total_extra_time is hard"),
    ],
    ids=[
        "missing",
        "unable",
        "unknown caregiver",
        "early",
        "late",
        "twice",
        "before the window",
        "one for both",
        "excluded",
        "half of an optional pair",
        "hard window",
        "hard shift",
    ],
)
def test_measure_names_what_an_answer_breaks(
    original: Original, routes: dict[str, list[tuple[str, int]]], breach: str
) -> None:
    assert [found for found in measure(original, answered(original, {}, **routes)).breaches if found.startswith(breach)]
