"""The cyclic garbage collector, kept from scanning in vain what is made to stay."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def collector_paused() -> Iterator[None]:
    """Pause the collector for work that makes many objects which stay, so that its scans would be in vain."""
    was_running = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_running:
            gc.enable()


@contextmanager
def collector_spared() -> Iterator[None]:
    """Spare the collector all that exists now: it is scanned again after the end of this."""
    gc.freeze()
    try:
        yield
    finally:
        gc.unfreeze()
