import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from service.cli import app as commands
from service.database import Database
from tests.service.accounts import Client, account
from tests.service.runs.running import request_of, violations_of, worker_of


@pytest.fixture
def runner(database: Database, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> CliRunner:
    """Runs commands of this process on the database of the test."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("TIDYPLAN_DATABASE_URL", database.url.render_as_string(hide_password=False))
    monkeypatch.setenv("TIDYPLAN_SECRET_KEY", "of no use to anybody")
    return CliRunner()


def test_run_plans_and_publishes_organizations_in_turn(owner: Client, database: Database, runner: CliRunner) -> None:
    other = Client(owner.http.app, account(database))  # type: ignore[arg-type]  # the app of the fixture
    keys = []
    for client in (owner, other):
        client.patch("organization/", {"timezone": "UTC"})
        ana = worker_of(client, "Ana")
        keys.append(request_of(client, users={"allowed": [str(ana)]}))
    words = ["run", "--horizon", "2027-03-01/2027-03-05", "-t", "2", "--publish", "--json", "-q"]
    for client in (owner, other):
        words += ["--organization", str(client.organization)]
    result = runner.invoke(commands, words)
    assert result.exit_code == 0, result.output
    made = json.loads(result.stdout)
    assert [(each["organization"], each["state"]) for each in made] == [
        (owner.organization, "done"),
        (other.organization, "done"),
    ]
    for client, key in zip((owner, other), keys, strict=True):
        assert client.get(f"appointments/{key}/").json()["status"] == "scheduled"
        assert violations_of(database, client.organization) == []


@pytest.mark.parametrize(
    ("words", "said"),
    [
        pytest.param(["--horizon", "tomorrow"], "--horizon tomorrow", id="horizon"),
        pytest.param(["--horizon", "2027-03-05/2027-03-01"], "horizon", id="horizon backwards"),
        pytest.param(["--organization", "77"], "There are the organizations", id="organization"),
    ],
)
def test_run_tells_what_is_wrong(owner: Client, runner: CliRunner, words: list[str], said: str) -> None:
    result = runner.invoke(commands, ["run", *words])
    assert result.exit_code == 2
    assert said in result.output
