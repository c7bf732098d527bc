from tests.factories import appointment, current, problem
from tests.solver.plans import broken, excused, lowered, placed

ONE = problem(appointments=[appointment("a", 60)])


def test_service_of_its_own_length_is_right() -> None:
    assert broken("duration", ONE, placed("a", "mon 09:00", minutes=60)) == []


def test_service_of_another_length_is_off_by_the_difference() -> None:
    assert broken("duration", ONE, placed("a", "mon 09:00", minutes=45)) == [(("a",), 15)]
    assert broken("duration", ONE, placed("a", "mon 09:00", minutes=90)) == [(("a",), 30)]


def test_pinned_service_of_another_length_is_a_changed_pin() -> None:
    item = problem(appointments=[appointment("a", 60, current=current("mon 09:00"), pinned=True)])
    assert broken("duration", item, placed("a", "mon 09:00", minutes=45)) == []
    assert excused("duration", item, placed("a", "mon 09:00", minutes=45)) == []
    assert broken("pinned", item, placed("a", "mon 09:00", minutes=45)) == [(("a",), 1)]


def test_task_carries_duration_and_buffers() -> None:
    item = problem(appointments=[appointment("a", 60, buffer_before_minutes=5, buffer_after_minutes=10)])
    task = lowered(item).tasks[0]
    assert (task.duration, task.before, task.after) == (60, 5, 10)
