import json
from collections.abc import Callable
from pathlib import Path

import pytest

from benchmarks.generate import Json
from benchmarks.sets.clock import instant
from benchmarks.sets.hhcrsp import Instance, suite
from models.plan import Plan
from models.problem import Problem
from solver.solve import Options, solve

# Two caregivers and four services on a line: the depot at 0, p1 at 4.25, p2 at 10, p3 at 20.
PLACES = [0.0, 4.25, 10.0, 20.0]


def raw() -> Json:
    return {
        "patients": [
            {"id": "p1", "time_window": [0, 30], "required_caregivers": [{"service": "a", "duration": 10}]},
            {
                "id": "p2",
                "time_window": [20, 25],
                "required_caregivers": [{"service": "a", "duration": 10}, {"service": "b", "duration": 5}],
                "synchronization": {"type": "simultaneous"},
            },
            {"id": "p3", "time_window": [0, 5], "required_caregivers": [{"service": "b"}]},
        ],
        "services": [{"id": "a", "default_duration": 1}, {"id": "b", "default_duration": 8}],
        "caregivers": [{"id": "c1", "abilities": ["a"]}, {"id": "c2", "abilities": ["b"]}],
        "central_offices": [{"id": "d"}],
        "distances": [[abs(a - b) for b in PLACES] for a in PLACES],
    }


def sequential(least: int, most: int) -> Json:
    document = raw()
    document["patients"][1]["synchronization"] = {"type": "sequential", "distance": [least, most]}
    return document


def ordered(**routes: list[str]) -> Plan:
    """Make a plan whose starts say nothing but the order."""
    return Plan.parse(
        {
            "assignments": [
                {"appointment": service, "start": instant(place), "end": instant(place + 1), "users": [user]}
                for user, route in routes.items()
                for place, service in enumerate(route)
            ]
        }
    )


BEST = {"c1": ["p1/a", "p2/a"], "c2": ["p3/b", "p2/b"]}


def test_measure_takes_distances_and_earliest_starts_from_the_order() -> None:
    # c1: p1 at 4.25, leaves at 14.25, is at p2 at 20. c2: p3 at 20, 15 late; leaves at 28, is at p2 at 38. p2 begins
    # at 38 with both, 13 late twice. Distance 20 + 40.
    published = Instance(raw()).measure(ordered(**BEST))
    assert published.components == {"distance": 60.0, "total_tardiness": 41.0, "max_tardiness": 15.0}
    assert published.value == pytest.approx((60 + 41 + 15) / 3)
    assert published.breaches == ()


@pytest.mark.parametrize(
    ("gaps", "late"),
    [((5, 50), 15 + 13), ((0, 10), 15 + 13 + 3), ((30, 50), 15 + 25)],
    ids=["within", "the first waits for the second", "the second waits for the first"],
)
def test_measure_keeps_the_gap_of_a_sequential_service(gaps: tuple[int, int], late: int) -> None:
    # p3 is 15 late. p2/a can begin at 20 and p2/b at 38, 13 late. With at most 10 between them p2/a begins at 28, 3
    # late; with at least 30 p2/b begins at 50, 25 late.
    published = Instance(sequential(*gaps)).measure(ordered(**BEST))
    assert (published.components["total_tardiness"], published.breaches) == (late, ())


def test_plan_of_the_solver_is_as_good_as_the_best_order_and_pays_for_rounded_travel() -> None:
    # c1's other order saves nothing; with p2 before p3, p2 begins at 20 and p3 at 35, 30 late: 60 + 30 + 30 = 120
    # against 116.
    instance = Instance(raw())
    plan = solve(Problem.parse(instance.document("tiny")), Options(time_limit_seconds=5, workers=1, max_iterations=500))
    published = instance.measure(plan)
    assert published.value == pytest.approx(116 / 3)
    assert published.breaches == ()
    # 4.25 becomes 43 tenths and 5.75 becomes 58.
    assert plan.cost == 1160 + 1


def test_document_counts_in_tenths_and_rounds_travel_up() -> None:
    problem = Problem.parse(Instance(raw()).document("tiny"))
    by_id = problem.appointments_by_id
    assert problem.travel_times.minutes("depot", "p1") == 43
    assert by_id["p3/b"].duration_minutes == 80
    assert by_id["p2/b"].due is not None
    assert by_id["p2/b"].due.isoformat() == instant(250 + 50)
    (link,) = by_id["p2/b"].after
    assert (link.appointment, link.from_, link.min_gap_minutes, link.max_gap_minutes) == ("p2/a", "start", 0, 0)
    assert link.different_users
    assert {user.start_location for user in problem.users} == {user.end_location for user in problem.users} == {"depot"}


def both_by_one(document: Json) -> Plan:
    document["caregivers"] = [{"id": "c1", "abilities": ["a", "b"]}]
    return ordered(c1=["p1/a", "p2/a", "p2/b", "p3/b"])


def crossed(document: Json) -> Plan:
    # Each caregiver comes to his second service only after the other one's first.
    document["patients"][0] = {**document["patients"][1], "id": "p1"}
    return ordered(c1=["p1/a", "p2/a"], c2=["p2/b", "p1/b", "p3/b"])


@pytest.mark.parametrize(
    ("make", "breach"),
    [
        (lambda _: ordered(c1=["p1/a"], c2=["p3/b", "p2/b"]), "p2/a: not served"),
        (lambda _: ordered(c1=["p1/a", "p2/a", "p2/b"], c2=["p3/b"]), "p2/b: c1 is not able to do it"),
        (lambda _: ordered(c9=["p1/a"]), "p1/a: c9 is not able to do it"),
        (lambda _: ordered(**BEST, c9=["lunch"]), "lunch: there is no such service"),
        (both_by_one, "p2: both services are done by c1"),
        (crossed, "no starts fit this order: a double service waits for itself"),
    ],
    ids=["missing", "unable", "unknown caregiver", "unknown service", "one for both", "deadlock"],
)
def test_measure_names_what_a_plan_breaks(make: Callable[[Json], Plan], breach: str) -> None:
    document = raw()
    plan = make(document)
    assert breach in Instance(document).measure(plan).breaches


def test_suite_reads_files_with_their_published_figures(tmp_path: Path) -> None:
    (tmp_path / "hhcrsp" / "instances").mkdir(parents=True)
    (tmp_path / "hhcrsp" / "instances" / "T1.json").write_text(json.dumps(raw()), encoding="utf-8")
    (tmp_path / "hhcrsp" / "best_known.csv").write_text("instance,best_known,lower_bound\nT1,40,\n", encoding="utf-8")
    case = suite(tmp_path).load("T1")
    assert (case.best_known, case.lower_bound, case.exact) == (40.0, None, False)
    assert case.gap(case.value(ordered(**BEST)).value) == pytest.approx(116 / 3 / 40 - 1)
