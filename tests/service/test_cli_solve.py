import json
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from models.plan import load_plan
from models.problem import load_problem
from service.cli.starter import starter
from solver.check import check
from tests.factories import Json, appointment, position, problem, span, user
from tests.service.test_cli import invoke, run, save
from tests.service.week import week

QUICK = ("--time-limit", "2", "--workers", "1")


def crowded(**fields: object) -> Json:
    """Two hours of work in an hour of one person: something is left out."""
    work = [appointment(key, 60, crew=[position()], windows=[span("mon 09:00", "mon 10:00")], **fields) for key in "ab"]
    return problem(name="Crowded", users=[user("ana")], appointments=work)


@pytest.fixture
def crowd(tmp_path: Path) -> Path:
    return save(tmp_path / "crowd.json", crowded())


def test_solve_writes_a_plan_that_the_check_agrees_with(tmp_path: Path) -> None:
    problem_path, plan_path = save(tmp_path / "week.json", week()), tmp_path / "plan.json"
    code, out, _ = invoke("solve", problem_path, "-o", plan_path, *QUICK)
    assert code == 0
    plan = load_plan(plan_path)
    report = check(load_problem(problem_path), plan)
    assert (report.violations, report.cost) == ((), plan.cost)
    assert "5 of 5 appointments" in out
    assert "Written to" in out


def test_solve_says_what_is_left_out_and_why(crowd: Path) -> None:
    code, out, _ = invoke("solve", crowd, *QUICK)
    assert code == 0
    assert "1 of 2 appointments" in out
    assert "unassigned, normal" in out
    assert "40,000" in out
    assert "Left out, normal" in out
    assert "why" in out
    assert "-o plan.json" in out


def test_solve_writes_nothing_unasked(crowd: Path) -> None:
    invoke("solve", crowd, *QUICK)
    assert [path.name for path in crowd.parent.iterdir()] == ["crowd.json"]


def test_something_mandatory_left_out_is_exit_code_1(tmp_path: Path) -> None:
    path = save(tmp_path / "must.json", crowded(mandatory=True))
    code, out, _ = invoke("solve", path, *QUICK)
    assert code == 1
    assert "Left out, mandatory" in out


def test_json_is_the_plan_and_nothing_else(crowd: Path) -> None:
    code, out, _ = invoke("solve", crowd, "--json", *QUICK)
    assert code == 0
    assert json.loads(out)["problem"] == "Crowded"


def test_quiet_prints_nothing(crowd: Path) -> None:
    assert invoke("solve", crowd, "--quiet", *QUICK) == (0, "", "")


def test_progress_is_lines_where_there_is_no_terminal(crowd: Path) -> None:
    _, _, err = invoke("solve", crowd, *QUICK)
    first, *lines = err.splitlines()
    assert first == "Crowded: planning, 2 s at most"
    assert all(" s  " in line and "of 2 assigned" in line for line in lines)


def test_many_problems_are_a_batch(crowd: Path, tmp_path: Path) -> None:
    other = save(tmp_path / "start.json", starter(date(2026, 11, 25)))
    code, out, _ = invoke("solve", crowd, other, "-o", tmp_path / "plans", *QUICK)
    assert code == 0
    assert {path.name for path in (tmp_path / "plans").iterdir()} == {"crowd.plan.json", "start.plan.json"}
    assert len(load_plan(tmp_path / "plans" / "start.plan.json").assignments) == 5
    rows = [line for line in out.splitlines() if line.strip().startswith(("Crowded", "My first week"))]
    assert len(rows) == 2
    assert "1 of 2" in rows[0]
    assert "5 of 5" in rows[1]


def test_a_batch_as_json_is_a_list(crowd: Path, tmp_path: Path) -> None:
    other = save(tmp_path / "start.json", starter(date(2026, 11, 25)))
    _, out, _ = invoke("solve", crowd, other, "--json", *QUICK)
    assert [plan["problem"] for plan in json.loads(out)] == ["Crowded", "My first week"]


def test_a_batch_shows_the_faults_of_all_before_solving_any(crowd: Path, tmp_path: Path) -> None:
    broken = [save(tmp_path / name, {"version": 1}) for name in ("x.json", "y.json")]
    code, out, err = invoke("solve", crowd, *broken, *QUICK)
    assert (code, out) == (2, "")
    assert all(f"{path}:horizon" in err for path in broken)


@pytest.mark.parametrize("place", ["nowhere/plan.json", ".", "crowd.json"])
def test_a_bad_output_is_refused_before_solving(crowd: Path, monkeypatch: pytest.MonkeyPatch, place: str) -> None:
    monkeypatch.chdir(crowd.parent)
    before = crowd.read_bytes()
    begun = time.monotonic()
    code, out, err = invoke("solve", crowd, "-o", place, "--time-limit", "60")
    assert (code, out) == (2, "")
    assert err
    assert time.monotonic() - begun < 5
    assert crowd.read_bytes() == before


def test_a_batch_needs_a_folder_and_names_that_differ(crowd: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    (tmp_path / "sub").mkdir()
    twin = save(tmp_path / "sub" / "crowd.json", crowded())
    other = save(tmp_path / "other.json", crowded())
    assert "this is a file" in invoke("solve", crowd, other, "-o", tmp_path / "file")[2]
    assert "two problems would be written here" in invoke("solve", crowd, twin, "-o", tmp_path / "plans")[2]


@pytest.mark.parametrize("limit", ["nan", "inf", "0", "-1", "soon"])
def test_a_senseless_time_limit_is_refused(crowd: Path, limit: str) -> None:
    assert invoke("solve", crowd, "--time-limit", limit)[0] == 2


def test_exit_code_reaches_the_shell(tmp_path: Path) -> None:
    path = save(tmp_path / "must.json", crowded(mandatory=True))
    assert run("solve", path, "--quiet", *QUICK).returncode == 1


def test_solving_loads_no_pictures(crowd: Path) -> None:
    code = (
        "import sys; from service.cli import app\n"
        f"try: app(['solve', {str(crowd)!r}, '--quiet', '--time-limit', '1'])\n"
        "except SystemExit: pass\n"
        "heavy = {'matplotlib', 'sqlalchemy', 'fastapi'} & set(sys.modules)\n"
        "assert not heavy, heavy"
    )
    subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, timeout=60)


def test_ctrl_c_keeps_the_best_plan(long_solve: subprocess.Popen[str], tmp_path: Path) -> None:
    long_solve.send_signal(signal.SIGINT)
    out, _ = long_solve.communicate(timeout=60)
    assert long_solve.returncode == 0
    assert "Written to" in out
    assert load_plan(tmp_path / "plan.json").assignments


def test_a_second_ctrl_c_gives_up(long_solve: subprocess.Popen[str]) -> None:
    long_solve.send_signal(signal.SIGINT)
    time.sleep(0.05)
    long_solve.send_signal(signal.SIGINT)
    long_solve.communicate(timeout=60)
    # Given up, or where the solve ended between the two: done, or interrupted while it said so.
    assert long_solve.returncode in (128 + signal.SIGINT, 0, -signal.SIGINT)


@pytest.fixture
def long_solve(tmp_path: Path) -> Iterator[subprocess.Popen[str]]:
    """A solve of five minutes in a process of its own, which has a first plan; it writes to plan.json."""
    path = save(tmp_path / "week.json", long_week())
    options = ["-o", str(tmp_path / "plan.json"), "--time-limit", "300", "--workers", "1"]
    command = [sys.executable, "-u", "-m", "service.cli", "solve", str(path), *options]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        try:
            assert process.stderr is not None
            assert any("assigned" in line for line in process.stderr)
            yield process
        finally:
            process.kill()


def long_week() -> Json:
    """More work than five minutes of search would prove to be well placed."""
    users = [user(f"u{k}", "clean") for k in range(8)]
    work = [appointment(f"a{k}", 30 + 5 * (k % 7), crew=[position("clean", count=1 + k % 2)]) for k in range(120)]
    return problem(horizon=span("mon 08:00", "mon 18:00"), step_minutes=5, users=users, appointments=work)
