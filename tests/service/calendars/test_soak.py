import pytest

from benchmarks.serving.caldav import Syncing, settings_for, soak
from benchmarks.serving.caldav_audit import differences
from benchmarks.serving.caldav_server import Radicale
from benchmarks.serving.caldav_world import World
from models.records.sealed import SealedText
from service.api.appointments import APPOINTMENTS
from service.booking.changing import create
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


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_audit_finds_what_differs(database: Database, caldav: Radicale) -> None:
    SealedText.use(Keyring(["of no use to anybody"]).seal())
    world = World(database, caldav, caldav.url, 5)
    syncing = Syncing(world, settings_for(database))
    calendar = world.calendars[0]
    with database.session(world.caller) as session:
        times = {"start_datetime": world.origin, "duration_minutes": 30}
        create(session, APPOINTMENTS, {"title": "a", **times, "assigned_users": [calendar.subject]})
        session.commit()
    assert differences(world, calendar)[0].endswith("is not there")
    assert syncing.once(calendar) is not None
    assert differences(world, calendar) == []
    (name,) = calendar.person.names()
    calendar.person.put(name, calendar.person.get(name).replace("SUMMARY:a", "SUMMARY:b"))
    calendar.files["other.ics"] = calendar.person.get(name)
    assert [each.rpartition(" ")[2] for each in differences(world, calendar)][1] == "lost"
    assert "says" in differences(world, calendar)[0]
