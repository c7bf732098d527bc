import pytest

from models.enums import AppointmentStatus as Status
from models.errors import IllegalTransition
from models.lifecycle import BUSY, FINAL, TRANSITIONS, ensure_transition, next_statuses

BOOKED = "confirmed rescheduled in_progress completed cancelled no_show requested"


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        ("requested", "scheduled cancelled"),
        ("scheduled", BOOKED),
        ("confirmed", BOOKED),
        ("rescheduled", BOOKED),
        ("in_progress", "completed cancelled"),
        ("completed", ""),
        ("cancelled", ""),
        ("no_show", ""),
    ],
)
def test_next_statuses(status: str, expected: str) -> None:
    assert next_statuses(Status(status)) == tuple(Status(name) for name in expected.split())


@pytest.mark.parametrize("current", Status)
@pytest.mark.parametrize("wanted", Status)
def test_transition_passes_only_where_the_table_says(current: Status, wanted: Status) -> None:
    if wanted in next_statuses(current):
        ensure_transition(current, wanted)
        return
    with pytest.raises(IllegalTransition) as caught:
        ensure_transition(current, wanted)
    assert caught.value.allowed == next_statuses(current)


def test_illegal_transition_says_what_is_allowed() -> None:
    with pytest.raises(
        IllegalTransition, match=r"requested cannot become completed\. It can become scheduled, cancelled\."
    ):
        ensure_transition(Status.REQUESTED, Status.COMPLETED)
    with pytest.raises(IllegalTransition, match="It is final and stays as it is"):
        ensure_transition(Status.CANCELLED, Status.SCHEDULED)


def test_final_statuses_are_those_without_a_way_out() -> None:
    assert {status for status, following in TRANSITIONS.items() if not following} == FINAL
    assert not BUSY & FINAL
