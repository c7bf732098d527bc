"""Places that a comment can derive: one task after another in a tiny plan."""

import pytest

from tests.factories import appointment, at, hours, problem, span, user
from tests.solver.kernel.kernels import Kernel


def monday(*appointments: object, **parts: object) -> dict[str, object]:
    """A problem of one Monday with steps of 15 minutes; minutes since the origin are minutes of the day."""
    return problem(
        horizon=span("mon 00:00", "tue 00:00"),
        step_minutes=15,
        weights={"preferred_time": 1},
        appointments=list(appointments),
        **parts,
    )


def test_preferred_start_is_taken_when_free() -> None:
    kernel = Kernel(monday(appointment("a", 60, crew=[{}], preferred_start=at("mon 10:00")), users=[user("u")]))
    kernel.construct()
    assert kernel.starts() == {"a": 600}
    assert kernel.cost == 0


def test_second_of_two_goes_next_to_the_first() -> None:
    # both want 10:00; the second touches the first, an hour off, on either side
    wish = {"crew": [{}], "preferred_start": at("mon 10:00")}
    kernel = Kernel(monday(appointment("a", 60, **wish), appointment("b", 60, **wish), users=[user("u")]))
    kernel.construct("a", "b")
    assert kernel.starts()["a"] == 600
    assert kernel.starts()["b"] in (540, 660)
    assert kernel.cost == 60


def test_dear_place_is_refused() -> None:
    # left out it costs 50; the only free place is three hours from the preferred start
    wish = {"crew": [{}], "preferred_start": at("mon 12:00"), "unassigned_weight": 50}
    kernel = Kernel(monday(appointment("a", 60, **wish), users=[user("u", availability=hours("08:00", "10:00"))]))
    kernel.construct()
    assert kernel.starts() == {}
    assert kernel.cost == 50


@pytest.mark.parametrize(("people", "starts"), [(1, {}), (2, {"a": 600})], ids=["one", "two"])
def test_crew_of_two_needs_two(people: int, starts: dict[str, int]) -> None:
    crew = {"crew": [{"count": 2}], "preferred_start": at("mon 10:00")}
    kernel = Kernel(monday(appointment("a", 60, **crew), users=[user(f"u{i}") for i in range(people)]))
    kernel.construct()
    assert kernel.starts() == starts


def test_force_swaps_in_what_is_dearer() -> None:
    # one person, one hour: the urgent one belongs there, whatever was first
    slot = {"crew": [{}], "windows": [span("mon 10:00", "mon 11:00")]}
    kernel = Kernel(
        monday(
            appointment("low", 60, priority="low", **slot),
            appointment("urgent", 60, priority="urgent", **slot),
            users=[user("u")],
        )
    )
    kernel.construct("low", "urgent")
    assert kernel.starts() == {"low": 600}
    kernel.anneal(200, hot=1.0, cold=1.0)
    assert kernel.starts() == {"urgent": 600}
