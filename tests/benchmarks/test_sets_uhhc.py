import json
from pathlib import Path
from random import Random
from threading import Event

import pytest

from benchmarks.case import NoInstance
from benchmarks.generate import Json
from benchmarks.sets.clock import instant, minute
from benchmarks.sets.uhhc import hard, soft
from benchmarks.sets.uhhc.mapped import Mapped
from benchmarks.sets.uhhc.measure import measure
from benchmarks.sets.uhhc.original import Original
from benchmarks.sets.uhhc.suite import mapped, reason, suite
from models.plan import Plan
from models.problem import Problem
from solver.check import check
from solver.solve import Options, Progress, solve
from tests.benchmarks.uhhc_files import HARD_WEIGHTS, SOFT, file, hard_file, patient

COUNTED = Options(time_limit_seconds=30, workers=1, max_iterations=300)
SEQUENTIAL = {"type": "sequential", "distance": {"min": 0, "max": 45}}


def searched(document: Json) -> Plan:
    """Plan a problem as well as some thousand moves do; the proof, which takes longer, is cut short."""
    stop = Event()

    def halt(progress: Progress) -> None:
        if progress.phase == "prove":
            stop.set()

    return solve(Problem.parse(document), Options(time_limit_seconds=60, workers=1, max_iterations=5000), halt, stop)


def tightened(plan: Plan, original: Original, problem: Mapped) -> Plan:
    """Move each caregiver's leave, home, close, and a lunch that begins or ends the day, to where they cost least."""
    answer = problem.answer(plan)
    starts = {row.appointment: minute(row.start) for row in plan.assignments}
    for key, caregiver in original.caregivers.items():
        visits, before = answer.visits.get(key, ()), answer.lunches.get(key)
        lunch = original.lunch.minutes if original.lunch and before is not None else 0
        if not visits:
            begins = caregiver.starts if before is None else starts[f"lunch {key}"] - soft.AHEAD
            starts[f"leave {key}"], starts[f"home {key}"] = soft.BEFORE + begins, soft.AHEAD + begins + lunch
            starts[f"close {key}"] = soft.AFTER + max(begins + lunch, caregiver.ends)
            continue
        way = original.distances[caregiver.leaves][visits[0].service.row]
        leave = visits[0].start - way - (lunch if before == 0 else 0)
        last = original.lunch.closes - (lunch if original.window_at_end else 0) if original.lunch else 0
        if before == 0:
            starts[f"lunch {key}"] = soft.AHEAD + min(last, visits[0].start - lunch)
            leave = min(leave, last)
        back = original.distances[visits[-1].service.row][caregiver.arrives]
        home = visits[-1].end + back
        if before == len(visits) and original.lunch:
            eaten = max(home, original.lunch.opens)  # at home, if it may begin as late, else at the last visit
            away = max(visits[-1].end, original.lunch.opens)
            starts[f"lunch {key}"] = soft.AHEAD + (eaten if eaten <= last else away)
            home = lunch + (eaten if eaten <= last else away + back)
        starts[f"leave {key}"] = soft.BEFORE + leave
        starts[f"home {key}"] = soft.AHEAD + home
        starts[f"close {key}"] = soft.AFTER + max(home, caregiver.ends)
    rows = []
    for row in plan.assignments:
        moved = instant(starts[row.appointment]), instant(starts[row.appointment] + minute(row.end) - minute(row.start))
        rows.append(row.model_dump(mode="json") | {"start": moved[0], "end": moved[1]})
    left_out = [{"appointment": row.appointment} for row in plan.unassigned]
    return Plan.parse({"assignments": rows, "unassigned": left_out})


def drawn(seed: int) -> Json:
    """Draw a file with everything in it: pairs, two windows, optional patients, preferences, all kinds of prices."""
    random = Random(seed)
    kinds = [None, {"type": "simultaneous"}, SEQUENTIAL, {"type": "independent"}]
    patients = []
    for number in range(3):
        kind = random.choice(kinds)
        first = 10 * random.randrange(12)
        windows = [[first, first + 40]] + ([[first + 60, first + 100]] if random.random() < 0.5 else [])
        more: Json = {"synchronization": kind} if kind else {}
        if random.random() < 0.5:
            more["preferred_caregivers"] = [random.choice(["c1", "c2"])]
        services = ("a", "b") if kind else (random.choice("ab"),)
        duration = random.choice([5, 15, 30])
        optional = random.random() < 0.5
        patients.append(patient(number, *services, windows=windows, duration=duration, optional=optional, **more))
    prices = {**SOFT, "total_waiting_time": random.choice([1, 5, 20]), "total_extra_time": random.choice([1, 3, 5])}
    prices["optional_patients"] = random.choice([20, 300])
    return file(
        *patients, cost_components=prices, time_window_met=random.choice(["at_service_end", "at_service_start"])
    )


@pytest.mark.parametrize("seed", range(16))
def test_soft_problem_costs_the_published_objective_plus_a_constant(seed: int) -> None:
    original = Original(drawn(seed))
    problem = mapped(original, "drawn")
    plan = searched(problem.document)
    published = measure(original, problem.answer(plan))
    assert (plan.violations, published.breaches) == ((), ())
    assert plan.cost is not None
    assert plan.cost >= published.value + problem.offset
    tight = tightened(plan, original, problem)
    report = check(Problem.parse(problem.document), tight)
    assert report.violations == ()
    assert measure(original, problem.answer(tight)).value == published.value
    assert report.cost == published.value + problem.offset


def test_drawn_files_have_both_kinds_of_prices() -> None:
    prices = {soft.Prices.of(Original(drawn(seed))).late_close for seed in range(16)}
    assert prices == {False, True}


def test_prices_add_up_to_the_published_ones() -> None:
    # Travel 2, waiting 5, extra time 7, then waiting 20: more than 2 + 7.
    near = Original(file(patient(0, "a", windows=[[0, 99]])))
    far = Original(file(patient(0, "a", windows=[[0, 99]]), cost_components={**SOFT, "total_waiting_time": 20}))
    assert soft.Prices.of(near) == soft.Prices(7, 5, 4, late_close=False, served_minute=-2)
    assert soft.Prices.of(far) == soft.Prices(27, 20, 9, late_close=True, served_minute=-7)


def test_soft_problem_has_an_appointment_for_each_window_and_a_refusal_for_an_optional_pair() -> None:
    pair = patient(0, "a", "b", windows=[[0, 40], [90, 130]], optional=True, synchronization={"type": "simultaneous"})
    document = soft.mapped(Original(file(pair)), "two windows").document
    rows = {row["id"]: row for row in document["appointments"] if not row["id"].endswith(("c1", "c2"))}
    assert set(rows) == {"p0/a@0", "p0/a@90", "p0/b@0 after p0/a@0", "p0/b@90 after p0/a@90", "no p0"}
    # 20 minutes of service; the second window opens at 90, so that the first is the one until 89.
    assert rows["p0/a@0"]["windows"][0]["end"] == instant(soft.AHEAD + 89 + 20)
    assert rows["p0/a@0"]["due"] == instant(soft.AHEAD + 40)
    assert [demand["resource"] for demand in rows["no p0"]["resources"]] == ["p0/a", "p0/b"]


def test_soft_problem_of_a_sequence_lets_the_second_service_fall_into_a_later_window() -> None:
    pair = patient(0, "a", "b", windows=[[0, 40], [90, 130]], synchronization=SEQUENTIAL)
    document = soft.mapped(Original(file(pair)), "sequence").document
    names = [row["id"] for row in document["appointments"] if row["id"].startswith("p0/b")]
    assert names == ["p0/b@0 after p0/a@0", "p0/b@90 after p0/a@0", "p0/b@90 after p0/a@90"]


def test_lunch_that_no_shift_leaves_time_for_is_missed_by_both_measures() -> None:
    document = file(patient(0, "a", windows=[[0, 300]]))
    document["caregivers"][0]["working_shift"]["start"] = 171
    original = Original(document)
    problem = soft.mapped(original, "late shift")
    assert set(problem.lunches) == {"lunch c2"}
    plan = searched(problem.document)
    tight = check(Problem.parse(problem.document), tightened(plan, original, problem))
    assert tight.cost == measure(original, problem.answer(plan)).value + problem.offset


def test_hard_problem_costs_the_published_objective() -> None:
    # c1 alone can do a: p1 between 30 and 70, p0 from 90 on, p2 with c2 before 250.
    original = Original(
        hard_file(
            patient(0, "a", windows=[[90, 140]]),
            patient(1, "a", windows=[[30, 70]]),
            patient(2, "a", "b", windows=[[150, 250]], synchronization={"type": "simultaneous"}),
        )
    )
    problem = mapped(original, "hard")
    plan = solve(Problem.parse(problem.document), COUNTED)
    published = measure(original, problem.answer(plan))
    # p1, p0, p2: 30 + 20 + 10 + 20, and 20 + 20.
    assert (published.value, published.breaches) == (120.0, ())
    assert (plan.cost, problem.offset) == (120, 0)


@pytest.mark.parametrize(
    ("prices", "fits"),
    [
        (HARD_WEIGHTS, "hard"),
        (SOFT, "soft"),
        ({**SOFT, "total_tardiness": "HARD"}, ""),
        ({**SOFT, "qualification": 3}, ""),
        ({**SOFT, "missed_lunch_break": 10}, ""),
        ({"total_waiting_time": 1, "workload_balance": 1}, ""),
    ],
    ids=["hard", "soft", "mixed", "unknown", "lunch too cheap", "balance"],
)
def test_instances_are_left_out_where_their_prices_have_no_terms(prices: dict[str, int | str], fits: str) -> None:
    document = file(patient(0, "a", windows=[[0, 99]]), cost_components=prices)
    if fits == "hard":
        del document["lunch_breaks"]
    original = Original(document)
    assert (hard.fits(original), soft.fits(original)) == (fits == "hard", fits == "soft")
    assert bool(reason(original)) == (not fits)


def test_suite_lists_what_fits_and_says_why_the_rest_does_not(tmp_path: Path) -> None:
    instances = tmp_path / "uhhc" / "instances"
    instances.mkdir(parents=True)
    (tmp_path / "uhhc" / "best_known.csv").write_text("instance,best_known,lower_bound\nT1,20,\n", encoding="utf-8")
    row = patient(0, "a", windows=[[0, 99]])
    balance = file(row, cost_components={"total_waiting_time": 1, "workload_balance": 1})
    for name, document in (("T1", hard_file(row)), ("T2", balance), ("T3", file(row))):
        (instances / f"{name}.json").write_text(json.dumps(document), encoding="utf-8")
    opened = suite(tmp_path)
    assert opened.names() == ("T1", "T3")
    assert list(opened.left_out()) == ["T2"]
    assert "problem.json compares the most and the least loaded" in opened.left_out()["T2"]
    with pytest.raises(NoInstance, match="T2 is left out: workload_balance adds up"):
        opened.load("T2")
    assert [opened.load(name).exact for name in ("T1", "T3")] == [True, False]
    case = opened.load("T1")
    plan = solve(Problem.parse(case.document), COUNTED)
    assert (case.value(plan).value, case.best_known, case.gap(case.value(plan).value)) == (20.0, 20.0, 0.0)
