from dataclasses import FrozenInstanceError

import pytest

from models import events
from models.events import AppointmentCancelled, AppointmentCreated, Event


def test_event_is_equal_by_kind_and_id() -> None:
    assert AppointmentCreated(1) == AppointmentCreated(1)
    assert AppointmentCreated(1) != AppointmentCreated(2)
    other: Event = AppointmentCancelled(1)
    assert other != AppointmentCreated(1)


def test_event_never_changes() -> None:
    with pytest.raises(FrozenInstanceError):
        AppointmentCreated(1).id = 2  # type: ignore[misc]


def test_every_event_names_its_kind() -> None:
    kinds = [kind for kind in vars(events).values() if isinstance(kind, type) and issubclass(kind, Event)]
    assert {repr(kind(7)) for kind in kinds} == {f"{kind.__name__}(id=7)" for kind in kinds}
    assert all(kind.__doc__ for kind in kinds)
