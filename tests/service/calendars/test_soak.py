import pytest

from benchmarks.serving.caldav import soak
from benchmarks.serving.caldav_server import Radicale
from models.records.sealed import SealedText
from service.database import Database
from service.keyring import Keyring


@pytest.mark.parametrize(
    ("database", "seed"),
    [pytest.param("sqlite", 3, id="sqlite"), pytest.param("postgresql", 4, id="postgresql")],
    indirect=["database"],
)
def test_both_sides_say_the_same_after_edits_and_faults(database: Database, caldav: Radicale, seed: int) -> None:
    SealedText.use(Keyring(["of no use to anybody"]).seal())
    soaked = soak(database, caldav, 40, seed)
    assert soaked.differences == []
    assert soaked.syncs["sync: done"] > 0
    assert soaked.exchanged["read"] > 0
    assert soaked.exchanged["written"] > 0
    assert soaked.quiet_requests == 1, "what did not change is asked for once"
