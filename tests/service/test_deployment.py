"""What the guide on running the service names is there: settings, metrics, commands, options."""

import re
from pathlib import Path

from fastapi import FastAPI
from fastapi.testclient import TestClient
from typer.testing import CliRunner

from service.cli import app as commands
from service.settings import PREFIX, Settings

ROOT = Path(__file__).parents[2]
GUIDE = (ROOT / "docs" / "deployment.md").read_text()
README = (ROOT / "service" / "README.md").read_text()


def test_settings_that_are_named_exist() -> None:
    known = {f"{PREFIX}{name.upper()}" for name in Settings.model_fields}
    assert set(re.findall(rf"{PREFIX}[A-Z_]+", GUIDE)) <= known


def test_table_of_settings_says_what_the_settings_say() -> None:
    rows = re.findall(rf"^\| `({PREFIX}[A-Z_]+)` \| (.*?) \| (.*) \|$", README, re.MULTILINE)
    fields = Settings.model_fields
    expected = [
        (
            f"{PREFIX}{name.upper()}",
            "" if each.default in (None, "") else f"`{each.default}`",
            str(each.description),
        )
        for name, each in fields.items()
    ]
    assert sorted((name, default.strip(), text) for name, default, text in rows) == sorted(expected)


def test_metrics_of_the_alerts_are_told(app: FastAPI) -> None:
    http = TestClient(app)
    http.get("/api/scheduling/teams/")
    told = set(re.findall(r"^# TYPE (\S+) ", http.get("/metrics").text, re.MULTILINE))
    alerts = GUIDE.partition("## Alerts")[2].partition("\n## ")[0]
    named = set(re.findall(r"\b(?:tidyplan|http)_[a-z_]+", alerts))
    assert {name.removesuffix("_bucket") for name in named} <= told


def test_commands_and_options_that_are_named_exist() -> None:
    for command, more in re.findall(r"`tidyplan ([a-z-]+)([^`]*)`", GUIDE):
        explained = CliRunner().invoke(commands, [command, "--help"], env={"COLUMNS": "200"})
        assert explained.exit_code == 0, command
        for option in re.findall(r"--[a-z-]+", more):
            assert option in explained.output, (command, option)


def test_links_lead_somewhere() -> None:
    links = re.findall(r"\]\(([^)#:]+)", GUIDE)
    assert [link for link in links if not (ROOT / "docs" / link).exists()] == []
