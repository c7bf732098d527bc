"""What the README promises is true: its links, its commands, its options, and the output of its example."""

import json
import re
from pathlib import Path

import pytest

from models.problem import Problem
from service.cli import app
from tests.service.test_cli import invoke

ROOT = Path(__file__).parents[1]
COMMANDS = ("solve", "check", "suggest", "explain", "repair", "what-if", "draw", "weights", "new", "schema")
README = (ROOT / "README.md").read_text()


def block(name: str) -> str:
    """The fenced block that follows a comment such as `<!-- example: small.json -->`."""
    found = re.search(rf"<!-- example: {re.escape(name)} -->\n```\w*\n(.*?)```", README, re.DOTALL)
    assert found, name
    return found[1]


def test_readme_is_short() -> None:
    assert len(README.splitlines()) <= 200


def test_links_lead_somewhere() -> None:
    links = re.findall(r"\]\(([^)#]+)\)", README)
    assert links
    assert [link for link in links if not (ROOT / link).exists()] == []


def test_table_of_commands_is_complete() -> None:
    told = set(re.findall(r"^\| `tidyplan ([\w-]+)", README, re.MULTILINE))
    names = {command.callback.__name__ for command in app.registered_commands if command.callback}
    assert told == {name.replace("_", "-") for name in names}


@pytest.mark.parametrize("command", COMMANDS)
def test_options_of_the_table_exist(command: str) -> None:
    row = next(line for line in README.splitlines() if line.startswith(f"| `tidyplan {command}"))
    code, explained, _ = invoke(command, "--help")
    assert code == 0
    assert [option for option in re.findall(r"--[a-z-]+", row) if option not in explained] == []


def test_example_gives_the_output_that_is_shown(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("small.json").write_text(block("small.json"))
    assert Problem.parse(json.loads(block("small.json"))).name == "Monday"
    _, out, _ = invoke("solve", "small.json", "-o", "plan.json", "--time-limit", "5")
    assert settled(out) == settled(block("output").partition("\n")[2])


def settled(output: str) -> list[str]:
    """The lines of an output without what differs from run to run: trailing blanks and the time it took."""
    lines = [re.sub(r"^(time +)\S+ s$", r"\1", line.rstrip()) for line in output.splitlines()]
    return [line for line in lines if line]
