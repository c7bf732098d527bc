from models.plan import Plan
from models.problem import Problem
from solver.check import check
from tests.factories import appointment, problem
from tests.solver.plans import placed


def test_appointment_that_the_plan_passes_over_is_reported_and_costs_as_left_out() -> None:
    item = Problem.parse(problem(appointments=[appointment("a"), appointment("b")]))
    report = check(item, Plan.parse({"assignments": [placed("a", "mon 09:00")]}))
    assert [(v.rule, v.appointments) for v in report.violations] == [("complete", ("b",))]
    assert report.terms[0].cost == 40_000


def test_appointment_that_is_listed_as_left_out_is_complete() -> None:
    item = Problem.parse(problem(appointments=[appointment("a")]))
    assert check(item, Plan.parse({"assignments": [], "unassigned": [{"appointment": "a"}]})).valid
