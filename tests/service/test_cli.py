import json
import subprocess
import sys
import xml.etree.ElementTree as ET
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from models.plan import Plan
from models.problem import Problem
from models.suggestion import SlotRequest, Suggestions
from service.cli import app
from service.cli.starter import WALK_THROUGH, starter
from tests.factories import Json
from tests.service.week import placed, plan, week

RUNNER = CliRunner()
COMMANDS = ("solve", "check", "suggest", "explain", "repair", "what-if", "draw", "weights", "new", "schema")
LEFT_OUT = 640_000  # what it costs to leave out the urgent appointment of the week


def invoke(*arguments: object) -> tuple[int, str, str]:
    """Run a command in this process: exit code, standard output, standard error."""
    result = RUNNER.invoke(app, [str(argument) for argument in arguments])
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result.exit_code, result.stdout, result.stderr


def run(*arguments: object) -> subprocess.CompletedProcess[str]:
    """Run a command in a process of its own."""
    words = [str(argument) for argument in arguments]
    return subprocess.run(
        [sys.executable, "-m", "service.cli", *words], capture_output=True, text=True, timeout=60, check=False
    )


def save(path: Path, document: Json) -> Path:
    path.write_text(json.dumps(document))
    return path


@pytest.fixture
def files(tmp_path: Path) -> tuple[Path, Path]:
    return save(tmp_path / "problem.json", week()), save(tmp_path / "plan.json", plan())


def test_version_is_printed() -> None:
    code, out, _ = invoke("--version")
    assert code == 0
    assert out.startswith("tidyplan 0.")


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_explains_itself(command: str) -> None:
    code, out, _ = invoke(command, "--help")
    assert code == 0
    assert "Usage:" in out


def test_help_imports_nothing_heavy() -> None:
    code = (
        "import sys; from service.cli import app\n"
        "try: app(['--help'])\n"
        "except SystemExit: pass\n"
        "heavy = {'pydantic', 'numpy', 'numba', 'ortools', 'matplotlib', 'pandas'} & set(sys.modules)\n"
        "assert not heavy, heavy"
    )
    subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, timeout=60)


def test_check_of_a_clean_plan_succeeds(files: tuple[Path, Path]) -> None:
    code, out, _ = invoke("check", *files)
    assert code == 0
    assert "4 of 5 appointments assigned, no violations, no cost stated." in out
    assert "640,000" in out


def test_check_finds_another_cost(files: tuple[Path, Path]) -> None:
    save(files[1], plan(cost=LEFT_OUT))
    assert invoke("check", *files)[0] == 0
    save(files[1], plan(cost=LEFT_OUT - 1))
    code, out, _ = invoke("check", *files)
    assert code == 1
    assert "the cost is 640,000, but the plan states 639,999" in " ".join(out.split())


def test_check_finds_a_bound_above_the_cost(files: tuple[Path, Path]) -> None:
    save(files[1], plan(bound=LEFT_OUT))
    assert invoke("check", *files)[0] == 0
    save(files[1], plan(bound=LEFT_OUT + 1))
    code, out, _ = invoke("check", *files)
    assert code == 1
    assert "The stated bound 640,001 lies above the cost" in out


def test_check_finds_a_violation(files: tuple[Path, Path]) -> None:
    early = [placed("solo", "mon 08:00", "mon 09:00", "ana"), *plan()["assignments"][1:]]
    save(files[1], plan(assignments=early))
    code, out, _ = invoke("check", *files)
    assert code == 1
    assert "travel" in out
    assert "1 violation" in out


def test_check_as_json_is_one_document(files: tuple[Path, Path]) -> None:
    code, out, err = invoke("check", *files, "--json")
    document = json.loads(out)
    assert (code, err) == (0, "")
    assert (document["violations"], document["cost"], document["stated_cost"]) == ([], LEFT_OUT, None)


def test_check_refuses_a_plan_for_another_problem(files: tuple[Path, Path]) -> None:
    save(files[1], plan(assignments=[placed("stranger", "mon 09:00", "mon 10:00", "ana")]))
    code, _, err = invoke("check", *files)
    assert code == 2
    assert f'{files[1]}:assignments[0].appointment\n    found     "stranger"' in err


def test_all_faults_of_a_file_are_shown(files: tuple[Path, Path]) -> None:
    broken = week() | {"step_minutes": 7, "colour": "blue"}
    broken["users"][0]["hourly_cost"] = -1
    save(files[0], broken)
    code, out, err = invoke("check", *files)
    assert (code, out) == (2, "")
    assert f"{files[0]}: 3 faults" in err
    for where in ("step_minutes", "colour", "users[0].hourly_cost"):
        assert f"{files[0]}:{where}\n" in err
    assert err.count("    found     ") == err.count("    expected  ") == 3


def test_both_files_are_read_before_giving_up(tmp_path: Path) -> None:
    code, _, err = invoke("check", tmp_path / "no.json", tmp_path / "none.json")
    assert code == 2
    assert f"{tmp_path / 'no.json'}: there is no such file" in err
    assert f"{tmp_path / 'none.json'}: there is no such file" in err


@pytest.mark.parametrize("content", [b"", b"[]", b"\xff\xfe", b'{"a": ', b'{"version": 2}'])
def test_what_is_no_problem_is_refused_without_a_traceback(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "problem.json"
    path.write_bytes(content)
    done = run("solve", path)
    assert (done.returncode, done.stdout) == (2, "")
    assert f"{path}:" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_folder_is_no_problem(tmp_path: Path) -> None:
    code, _, err = invoke("solve", tmp_path)
    assert code == 2
    assert f"{tmp_path}: this is a folder" in err


@pytest.mark.parametrize("form", ["svg", "png", "html"])
def test_draw_writes_the_picture(files: tuple[Path, Path], tmp_path: Path, form: str) -> None:
    output = tmp_path / f"week.{form}"
    code, out, _ = invoke("draw", *files, "-o", output)
    assert code == 0
    assert str(output) in "".join(out.split("\n"))
    assert output.read_bytes()[:4] in (b"<?xm", b"\x89PNG", b"<!DO")


def test_draw_shows_the_days_that_are_asked_for(files: tuple[Path, Path], tmp_path: Path) -> None:
    output = tmp_path / "week.svg"
    for options, shown in (
        (["--day", "2026-11-23"], {"Monday 23 November"}),
        (["--from", "2026-11-24"], {"Tuesday 24 November"}),
        (["--until", "2026-11-24"], {"Monday 23 November", "Tuesday 24 November"}),
    ):
        assert invoke("draw", *files, "-o", output, *options)[0] == 0
        texts = {element.text for element in ET.parse(output).iter("{http://www.w3.org/2000/svg}text")}
        assert {text for text in texts if text and "November" in text and "day" in text} == shown


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["-o", "week.gif"], ".gif is no kind of picture"),
        (["-o", "nowhere/week.svg"], "the folder nowhere does not exist"),
        (["-o", "week.svg", "--from", "2026-11-24", "--until", "2026-11-23"], "lies before"),
    ],
    ids=["format", "folder", "days"],
)
def test_draw_refuses(files: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch, options: list[str], said: str) -> None:
    monkeypatch.chdir(files[0].parent)
    code, _, err = invoke("draw", *files, *options)
    assert code == 2
    assert said in err


def test_draw_never_overwrites_its_input(files: tuple[Path, Path], tmp_path: Path) -> None:
    page = tmp_path / "problem.html"
    files[0].rename(page)
    code, _, err = invoke("draw", page, files[1], "-o", page)
    assert code == 2
    assert "this is an input" in err


def test_new_writes_a_problem_that_can_be_read(tmp_path: Path) -> None:
    output = tmp_path / "start.json"
    code, out, _ = invoke("new", "-o", output)
    assert code == 0
    assert len(Problem.parse(output.read_bytes()).appointments) == 5
    assert "max_hours_per_week" in out


def test_new_keeps_a_file_that_is_there(tmp_path: Path) -> None:
    output = tmp_path / "start.json"
    output.write_text("mine")
    code, _, err = invoke("new", "-o", output)
    assert (code, output.read_text()) == (2, "mine")
    assert "--force" in err
    assert invoke("new", "-o", output, "--force")[0] == 0
    assert output.read_text() != "mine"


def test_starter_explains_every_field_that_it_has() -> None:
    explained = {name.strip() for names, _ in WALK_THROUGH for name in names.split(",")}
    assert {key for key in starter(date(2026, 11, 25)) if key != "version"} <= explained


def test_starter_is_about_the_next_week() -> None:
    assert starter(date(2026, 11, 25))["horizon"]["start"] == "2026-11-30T00:00:00-08:00"
    assert starter(date(2026, 11, 30))["horizon"]["start"] == "2026-12-07T00:00:00-08:00"


@pytest.mark.parametrize(
    ("which", "model"),
    [("problem", Problem), ("plan", Plan), ("request", SlotRequest), ("suggestions", Suggestions)],
)
def test_schema_names_every_field(which: str, model: Any) -> None:
    code, out, _ = invoke("schema", which)
    document = json.loads(out)
    assert code == 0
    assert set(document["properties"]) == set(model.model_fields)
    assert document["additionalProperties"] is False


def test_words_from_files_cannot_control_the_terminal(files: tuple[Path, Path]) -> None:
    clash = [placed("solo", "mon 08:00", "mon 09:00", "ana")]
    nasty = week()
    nasty["users"][0]["name"] = "\x1b[2J[red]Ana"
    save(files[0], nasty)
    save(files[1], plan(assignments=clash))
    _, out, err = invoke("check", *files)
    assert "\x1b[2J" not in out + err
    assert "\\x1b[2J[red]Ana" in out


def test_wrong_usage_is_bad_input() -> None:
    assert invoke("draw", "one.json")[0] == 2
    assert invoke("solve")[0] == 2


def test_module_can_be_run() -> None:
    done = run("--version")
    assert (done.returncode, done.stderr) == (0, "")


def test_a_place_where_nothing_can_be_written_is_refused(files: tuple[Path, Path]) -> None:
    code, _, err = invoke("draw", *files, "-o", "/proc/week.svg")
    assert code == 2
    assert err.startswith("/proc/week.svg: ")
