import gc

import pytest

from models.collector import collector_paused, collector_spared


@pytest.mark.parametrize("running", [True, False])
def test_paused_collector_is_as_it_was_afterwards(running: bool) -> None:
    try:
        if not running:
            gc.disable()
        with collector_paused():
            assert not gc.isenabled()
        assert gc.isenabled() is running
    finally:
        gc.enable()


def test_spared_objects_are_scanned_again_afterwards() -> None:
    before = gc.get_freeze_count()
    with collector_spared():
        assert gc.get_freeze_count() > before
    assert gc.get_freeze_count() == 0
