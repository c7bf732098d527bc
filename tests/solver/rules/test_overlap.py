from tests.factories import Json, appointment, current, position, problem, user
from tests.solver.plans import broken, excused, lowered, placed, report


def busy_ana(first: Json | None = None, second: Json | None = None) -> Json:
    one: Json = {"crew": [position()]}
    return problem(
        users=[user("ana"), user("bo")],
        appointments=[appointment("a", **one, **(first or {})), appointment("b", **one, **(second or {}))],
    )


def test_touching_services_are_no_conflict() -> None:
    assert broken("overlap", busy_ana(), placed("a", "mon 09:00", "ana"), placed("b", "mon 10:00", "ana")) == []


def test_services_of_different_users_are_no_conflict() -> None:
    assert broken("overlap", busy_ana(), placed("a", "mon 09:00", "ana"), placed("b", "mon 09:00", "bo")) == []


def test_overlap_is_reported_by_its_minutes() -> None:
    found = broken("overlap", busy_ana(), placed("b", "mon 09:30", "ana"), placed("a", "mon 09:00", "ana"))
    assert found == [(("a", "b"), 30)]


def test_service_inside_another_overlaps_by_its_whole_length() -> None:
    long = placed("a", "mon 09:00", "ana", minutes=240)
    assert broken("overlap", busy_ana(), long, placed("b", "mon 10:00", "ana")) == [(("a", "b"), 60)]


def test_buffers_of_both_count() -> None:
    # a is busy until 10:10, b from 09:55: 15 minutes.
    item = busy_ana({"buffer_after_minutes": 10}, {"buffer_before_minutes": 5})
    assert broken("overlap", item, placed("a", "mon 09:00", "ana"), placed("b", "mon 10:00", "ana")) == [
        (("a", "b"), 15)
    ]


def test_pinned_overlap_is_excused_but_not_with_something_new() -> None:
    pin: Json = {"current": current("mon 09:00", "ana"), "pinned": True}
    a, b = placed("a", "mon 09:00", "ana"), placed("b", "mon 09:00", "ana")
    assert broken("overlap", busy_ana(pin, pin), a, b) == []
    assert excused("overlap", busy_ana(pin, pin), a, b) == [(("a", "b"), 60)]
    assert broken("overlap", busy_ana(pin), a, b) == [(("a", "b"), 60)]


def test_three_at_once_are_three_pairs() -> None:
    item = problem(users=[user("ana")], appointments=[appointment(key, crew=[position()]) for key in "abc"])
    found = broken("overlap", item, *(placed(key, "mon 09:00", "ana") for key in "abc"))
    assert found == [(("a", "b"), 60), (("a", "c"), 60), (("b", "c"), 60)]


def test_absurd_plan_is_reported_in_part_but_never_excused() -> None:
    pin: Json = {"current": current("mon 09:00", "ana"), "pinned": True}
    keys = [f"a{k:02}" for k in range(40)]
    items = [appointment(key, crew=[position()], **(pin if key != "a03" else {})) for key in keys]
    item = problem(users=[user("ana")], appointments=items)
    found = report(item, *(placed(key, "mon 09:00", "ana") for key in keys))
    real = [violation for violation in found.violations if violation.rule == "overlap"]
    # The one unpinned meets all the others; of each only 25 meetings with earlier ones are told.
    assert {key for violation in real for key in violation.appointments} == set(keys)
    assert len(real) == 39
    assert len(real) + len([v for v in found.excused if v.rule == "overlap"]) == sum(min(k, 25) for k in range(40))


def test_user_is_taken_once_at_a_time() -> None:
    assert [subject.capacity for subject in lowered(busy_ana()).users] == [1, 1]
