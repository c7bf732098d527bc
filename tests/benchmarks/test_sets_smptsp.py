from pathlib import Path

import pytest

from benchmarks.case import NoInstance
from benchmarks.sets.clock import instant
from benchmarks.sets.smptsp import Instance, suite
from models.plan import Plan
from models.problem import Problem
from solver.solve import Options, solve

# t0 and t1 touch, t2 overlaps both. w0 may do all, w1 only t0, w2 only t1 and t2.
TEXT = """# a comment
Type = 1
Jobs = 3
  0 60
 60 90
 30 70
Qualifications = 3
 3:  0 1 2
 1:  0
 2:  1 2
"""


def planned(**workers: str) -> Plan:
    times = {"t0": (0, 60), "t1": (60, 90), "t2": (30, 70)}
    return Plan.parse(
        {
            "assignments": [
                {
                    "appointment": task,
                    "start": instant(times[task][0]),
                    "end": instant(times[task][1]),
                    "users": [worker],
                }
                for task, worker in workers.items()
            ]
        }
    )


def test_instance_reads_intervals_and_qualifications() -> None:
    instance = Instance(TEXT)
    assert instance.tasks == [(0, 60), (60, 90), (30, 70)]
    assert instance.able == [{0, 1, 2}, {0}, {1, 2}]


def test_document_fixes_tasks_and_counts_workers() -> None:
    problem = Problem.parse(Instance(TEXT).document("tiny"))
    second = problem.appointments[1]
    assert (second.duration_minutes, second.users.allowed, second.mandatory) == (30, ("w0", "w2"), True)
    assert (second.windows[0].start.isoformat(), second.windows[0].end.isoformat()) == (instant(60), instant(90))
    assert problem.weights.headcount == 1


def test_plan_of_the_fewest_workers_is_found_and_costs_what_is_published() -> None:
    # t2 overlaps both others: two workers at least, and w2 for t2 leaves t0 and t1 to w0.
    instance = Instance(TEXT)
    plan = solve(Problem.parse(instance.document("tiny")), Options(time_limit_seconds=5, workers=1, max_iterations=200))
    published = instance.measure(plan)
    assert (published.value, published.breaches) == (2.0, ())
    assert plan.cost == 2


def test_measure_counts_every_worker_with_a_task() -> None:
    published = Instance(TEXT).measure(planned(t0="w1", t1="w0", t2="w2"))
    assert (published.value, published.components, published.breaches) == (3.0, {"workers": 3.0}, ())


@pytest.mark.parametrize(
    ("plan", "breach"),
    [
        (planned(t0="w0", t1="w0", t2="w0"), "w0: t0 and t2 overlap"),
        (planned(t0="w0", t1="w1", t2="w2"), "t1: w1 is not qualified"),
        (planned(t0="w0", t1="w0", t2="w9"), "t2: w9 is not qualified"),
        (planned(t0="w0", t1="w0"), "t2: nobody does it"),
    ],
    ids=["overlap", "unqualified", "unknown", "missing"],
)
def test_measure_names_what_a_plan_breaks(plan: Plan, breach: str) -> None:
    assert breach in Instance(TEXT).measure(plan).breaches


@pytest.mark.parametrize(
    ("broken", "message"),
    [
        (TEXT.replace("Jobs", "Tasks"), "no full section 'Jobs'"),
        (TEXT.replace("Qualifications = 3", "Qualifications = 4"), "no full section 'Qualifications'"),
        (TEXT.replace(" 2:  1 2", " 2:  1 7"), "may do task 7, and there are 3"),
    ],
    ids=["jobs", "qualifications", "task"],
)
def test_instance_of_another_format_is_refused(broken: str, message: str) -> None:
    with pytest.raises(NoInstance, match=message):
        Instance(broken)


def test_suite_reads_files_with_their_published_figures(tmp_path: Path) -> None:
    (tmp_path / "smptsp" / "instances").mkdir(parents=True)
    (tmp_path / "smptsp" / "instances" / "tiny.dat").write_text(TEXT, encoding="utf-8")
    (tmp_path / "smptsp" / "best_known.csv").write_text("instance,best_known,lower_bound\ntiny,2,2\n", encoding="utf-8")
    case = suite(tmp_path).load("tiny")
    assert (case.best_known, case.lower_bound, case.exact) == (2.0, 2.0, True)
    assert case.value(planned(t0="w0", t1="w0", t2="w2")).value == 2.0
    assert case.gap(3.0) == 0.5
