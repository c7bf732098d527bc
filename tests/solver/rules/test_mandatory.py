from models.enums import ImpactLevel
from tests.factories import Json, appointment, problem
from tests.solver.plans import broken, lowered, placed, report


def item(*, mandatory: bool) -> Json:
    return problem(appointments=[appointment("a", mandatory=mandatory, priority="urgent")])


def test_other_appointments_may_be_left_out() -> None:
    assert broken("mandatory", item(mandatory=False)) == []


def test_mandatory_appointment_that_is_placed_is_right() -> None:
    assert broken("mandatory", item(mandatory=True), placed("a", "mon 09:00")) == []


def test_mandatory_appointment_that_is_left_out_is_broken() -> None:
    assert broken("mandatory", item(mandatory=True)) == [(("a",), 1)]
    (violation,) = report(item(mandatory=True)).violations
    assert (violation.start, violation.impact_level) == (None, ImpactLevel.CRITICAL)


def test_mandatory_task_is_marked() -> None:
    assert [lowered(item(mandatory=flag)).tasks[0].mandatory for flag in (True, False)] == [True, False]
