"""What the guides promise is true: their links, their options, and the output of their examples."""

import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from tests.service.test_cli import invoke

DOCS = Path(__file__).parents[1] / "docs"
GUIDES = {"repair": "repair.md", "suggest": "suggestions.md", "what-if": "what-if.md"}
"""The command that each guide explains."""


def blocks(guide: str) -> dict[str, str]:
    """The fenced blocks that follow comments such as `<!-- example: plan.json -->`, by name."""
    text = (DOCS / guide).read_text()
    return dict(re.findall(r"<!-- example: (\S+) -->\n```\w*\n(.*?)```", text, re.DOTALL))


def settled(output: str) -> list[str]:
    """The lines of an output without what differs from run to run: trailing blanks and the time it took."""
    lines = [re.sub(r"^(time +).*$", r"\1", line.rstrip()) for line in output.splitlines()]
    return [line for line in lines if line]


@pytest.mark.parametrize("guide", sorted(path.name for path in DOCS.glob("*.md")))
def test_links_lead_somewhere(guide: str) -> None:
    links = re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", (DOCS / guide).read_text())
    assert [link for link in links if not (DOCS / link).exists()] == []


def test_site_is_built_without_a_warning_and_has_every_page(tmp_path: Path) -> None:
    pytest.importorskip("furo", reason="the theme of the site is not installed")
    command = [sys.executable, "-m", "sphinx", "-q", "-W", "-b", "html", str(DOCS), str(tmp_path)]
    built = subprocess.run(command, check=False, capture_output=True, text=True)
    assert (built.returncode, built.stderr) == (0, "")
    contents = (tmp_path / "index.html").read_text()
    assert [path.stem for path in DOCS.glob("*.md") if f'href="{path.stem}.html"' not in contents] == ["index"]


@pytest.mark.parametrize(("command", "guide"), GUIDES.items())
def test_options_of_the_tables_exist(command: str, guide: str) -> None:
    rows = [line for line in (DOCS / guide).read_text().splitlines() if line.startswith("| `--")]
    _, explained, _ = invoke(command, "--help")
    options = {option for row in rows for option in re.findall(r"`(--[a-z-]+)", row)}
    assert options
    assert sorted(options - set(re.findall(r"--[a-z-]+", explained))) == []


@pytest.mark.parametrize("guide", GUIDES.values())
def test_examples_give_the_output_that_is_shown(guide: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    found = blocks(guide)
    for name, text in found.items():
        if name.endswith(".json"):
            Path(name).write_text(text)
    shown = [text for name, text in found.items() if not name.endswith(".json")]
    assert shown
    for text in shown:
        command, _, output = text.partition("\n")
        _, out, _ = invoke(*shlex.split(command.removeprefix("$ tidyplan ")))
        assert settled(out) == settled(output)
