import json
import os
import re
import socket
import subprocess
import sys
import time
from pathlib import Path

import httpx2
import pytest
from typer.testing import CliRunner

from models.enums import IntegrationType
from models.records import Organization, ScheduleIntegration
from models.records.sealed import SealedText
from service.cli import app
from service.database import Database
from service.keyring import Keyring
from service.settings import PREFIX, Settings

SNAPSHOT = Path(__file__).parent / "openapi.json"
README = Path(__file__).parents[2] / "service" / "README.md"
run = CliRunner().invoke


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a database of its own."""
    monkeypatch.setenv("TIDYPLAN_DATABASE_URL", f"sqlite:///{tmp_path}/test.db")
    return tmp_path


def test_openapi_is_as_it_was_when_somebody_last_looked() -> None:
    result = run(app, ["openapi"])
    assert result.exit_code == 0
    assert result.stdout == SNAPSHOT.read_text(), f"If the change is meant: tidyplan openapi > {SNAPSHOT.name}, here."


def test_every_operation_has_a_name_of_its_own_and_every_reference_a_target() -> None:
    schema = json.loads(SNAPSHOT.read_text())
    operations = [operation for path in schema["paths"].values() for operation in path.values()]
    names = [operation["operationId"] for operation in operations]
    assert len(names) == len(set(names))
    targets = {f"#/components/{kind}/{name}" for kind, parts in schema["components"].items() for name in parts}
    assert set(re.findall(r'"\$ref": "(.*?)"', SNAPSHOT.read_text())) <= targets
    assert all(operation["summary"] for operation in operations)


def test_settings_are_all_in_the_table_of_the_readme() -> None:
    text = README.read_text()
    for name in Settings.model_fields:
        assert f"| `{PREFIX}{name.upper()}` |" in text


def test_settings_are_shown_without_secrets(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TIDYPLAN_SECRET_KEY", "hush")
    result = run(app, ["settings"])
    assert result.exit_code == 0
    assert "TIDYPLAN_PORT" in result.stdout
    assert "hush" not in result.stdout


def test_wrong_setting_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TIDYPLAN_PORT", "many")
    result = run(app, ["migrate"])
    assert result.exit_code == 2
    assert "TIDYPLAN_PORT" in result.stderr


def test_wrong_database_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TIDYPLAN_DATABASE_URL", "mysql://nowhere")
    result = run(app, ["migrate"])
    assert result.exit_code == 2
    assert "TIDYPLAN_DATABASE_URL" in result.stderr


def test_migrate_goes_up_and_down(here: Path) -> None:
    assert run(app, ["migrate"]).exit_code == 0
    assert run(app, ["migrate", "--down", "base"]).exit_code == 0
    unknown = run(app, ["migrate", "--down", "9999"])
    assert unknown.exit_code == 2
    assert "9999" in unknown.stderr


def test_create_user_needs_an_organization(here: Path) -> None:
    run(app, ["migrate"])
    result = run(app, ["create-user", "ana@example.com"])
    assert result.exit_code == 2
    assert "organizations none" in result.stderr
    assert run(app, ["create-user", "nonsense"]).exit_code == 2


def test_secret_key_is_made_once_beside_the_database(here: Path) -> None:
    first, second = (Settings(database_url=f"sqlite:///{here}/test.db").keys for _ in range(2))
    assert first == second
    assert (here / "test.key").stat().st_mode & 0o077 == 0


def test_other_databases_need_a_secret_key() -> None:
    with pytest.raises(LookupError, match="TIDYPLAN_SECRET_KEY"):
        _ = Settings(database_url="postgresql+psycopg://localhost/x").keys


def test_rotate_keys_lets_the_old_one_go(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run(app, ["migrate"])
    monkeypatch.setenv("TIDYPLAN_SECRET_KEY", "old")
    database = Database(os.environ["TIDYPLAN_DATABASE_URL"])
    SealedText.use(Keyring(["old"]).seal())
    with database.everywhere() as session:
        organization = Organization(name="A")
        session.add(organization)
        session.flush()
        made = ScheduleIntegration(
            name="a", integration_type=IntegrationType.CRM, organization_id=organization.id, api_key="hush"
        )
        session.add(made)
        session.commit()
    monkeypatch.setenv("TIDYPLAN_SECRET_KEY", "new")
    assert run(app, ["rotate-keys"]).exit_code == 2
    monkeypatch.setenv("TIDYPLAN_SECRET_KEY", "new, old")
    assert "Encrypted 1 secrets" in run(app, ["rotate-keys"]).stdout
    SealedText.use(Keyring(["new"]).seal())
    with database.everywhere() as session:
        assert session.get_one(ScheduleIntegration, made.id).api_key == "hush"
    database.close()


def test_serve_makes_everything_at_the_first_start_and_the_owner_can_log_in(here: Path) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "service.cli", "serve", "--port", str(port)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env=os.environ)
    try:
        assert process.stdout is not None
        first = process.stdout.readline()
        words = re.search(r"The first owner: (\S+) with the password (\S+)", first)
        assert words is not None, first
        base = f"http://127.0.0.1:{port}"
        for _ in range(300):
            try:
                assert httpx2.get(f"{base}/readyz").status_code == 200
                break
            except httpx2.TransportError:
                time.sleep(0.1)
        body = {"email": words[1], "password": words[2]}
        assert httpx2.post(f"{base}/api/scheduling/auth/login/", json=body).status_code == 200
    finally:
        process.terminate()
        process.communicate(timeout=30)
    made = run(app, ["create-user", "ana@example.com", "--role", "planner"])
    assert made.exit_code == 0, made.output
    assert "planner ana@example.com in organization 1" in made.stdout
    assert run(app, ["create-user", "ana@example.com"]).exit_code == 2


def test_command_line_answers_before_the_service_is_imported() -> None:
    code = (
        "import service.cli, sys; print(sorted({'fastapi', 'sqlalchemy', 'uvicorn', 'pydantic'} & sys.modules.keys()))"
    )
    answer = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert answer.stdout.strip() == "[]"
