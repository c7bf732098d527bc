import re
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from benchmarks.report import write_report
from benchmarks.report.document import Cell, Document, Heading, Listing, Picture, Table, Text, cells
from benchmarks.report.markdown import to_markdown
from benchmarks.report.page import to_page
from benchmarks.result_file import append
from service.cli.files import Refused
from tests.benchmarks.runs import done, undone

RESULTS = Path(__file__).parents[2] / "benchmarks" / "results"
EXAMPLE = Document(
    "Runs & more",
    [
        Heading("Part"),
        Text("a_b <c>"),
        Listing(("one", "two")),
        Table(("name", "cost"), ((Cell("x|y"), Cell("1", strong=True)), cells("z", "2")), 1),
        Picture("p.svg", "A picture"),
    ],
)


def test_markdown_escapes_what_would_be_a_mark() -> None:
    assert to_markdown(EXAMPLE) == (
        "# Runs & more\n\n## Part\n\na\\_b \\<c\\>\n\n- one\n- two\n\n"
        "| name | cost |\n|---|---:|\n| x\\|y | **1** |\n| z | 2 |\n\n![A picture](p.svg)\n"
    )


def test_page_escapes_texts_and_shows_everything() -> None:
    page = to_page(EXAMPLE)
    assert "<h1>Runs &amp; more</h1>" in page
    assert "<p>a_b &lt;c&gt;</p>" in page
    assert '<td>x|y</td><td class="figure"><strong>1</strong></td>' in page
    assert '<img src="p.svg" alt="A picture">' in page


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("results")
    results = folder / "results.jsonl"
    for run in (
        done([(0.5, 900), (2.0, 300)], case="core-10-1", bound=150),
        done([(0.5, 800), (1.0, 100)], case="core-10-1", engine="other"),
        done([(0.5, 800), (1.0, 100)], case="core-20-1", appointments=20, assigned=20),
        undone("unsupported", case="core-20-1", engine="other", message="other knows no beds"),
        done([(1.0, 44)], case="smptsp-a", value=44.0, best_known=40.0, lower_bound=38.0, unit="workers"),
    ):
        append(results, run.to_json())
    append(results, {"benchmark": "kernel", "result": {"problem": "tiny", "moves/s": 1234567}, "when": "2026-11-21T09"})
    write_report([results], folder / "report")
    return folder


@pytest.fixture
def report(folder: Path) -> str:
    return (folder / "report" / "README.md").read_text()


def row(report: str, first: str) -> list[str]:
    (line,) = [line for line in report.splitlines() if line.startswith(f"| {first} |")]
    return [cell.strip() for cell in line.strip("|").split("|")]


def test_report_states_the_conditions(report: str) -> None:
    assert row(report, "measured")[1] == "2026-11-21 to 2026-11-22"
    assert row(report, "machine")[1].startswith("slow, 2 cores")
    assert row(report, "limits")[1] == "core: 10 s, 2 workers; smptsp: 10 s, 2 workers"


def test_report_has_ours_and_the_peers_beside_the_best_known(report: str) -> None:
    instance = row(report, "core-10-1")
    # Best known of all runs, our median and best, gap, proved gap (300 - 150) / 300.
    assert instance[3:8] == ["100\\*", "300", "300", "+200.00", "+50.00"]
    assert instance[-1] == "**100 (0)**"
    assert row(report, "core-20-1")[4] == "100"
    assert row(report, "core-20-1")[-1] == "cannot state it"
    assert row(report, "smptsp-a")[3:8] == ["38", "40", "44", "44", "+10.00"]


def test_report_tells_losses_and_what_counts_for_nothing(report: str) -> None:
    assert "- core/core-10-1 at 10 s × 2: 300 is behind other (100)" in report
    assert "- smptsp/smptsp-a at 10 s × 2: 44 is behind the published 40 (+10.00 %)" in report
    assert "- other, unsupported: other knows no beds (core/core-20-1)" in report
    assert "core/core-20-1 at" not in report


def test_report_shows_micro_benchmarks(report: str) -> None:
    assert row(report, "tiny") == ["tiny", "1 234 567"]


def test_report_has_the_pictures_it_names(report: str, folder: Path) -> None:
    named = set(re.findall(r"!\[[^]]*\]\(([^)]+)\)", report))
    assert named == {path.name for path in (folder / "report").glob("*.svg")}
    assert "scaling.svg" in named
    page = (folder / "report" / "report.html").read_text()
    for name in named:
        ET.parse(folder / "report" / name)
        assert f'src="{name}"' in page


def test_report_is_the_same_for_the_same_results(folder: Path, tmp_path: Path) -> None:
    write_report([folder / "results.jsonl"], tmp_path)
    for path in (folder / "report").iterdir():
        assert path.read_bytes() == (tmp_path / path.name).read_bytes()


def test_report_of_nothing_says_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "empty.jsonl").touch()
    with pytest.raises(Refused):
        write_report([tmp_path / "empty.jsonl"], tmp_path / "report")
    assert "no results. Name a file that `run --out` has written." in capsys.readouterr().err


def test_published_results_are_those_of_the_committed_lines(tmp_path: Path) -> None:
    write_report(sorted(RESULTS.glob("*.jsonl")), tmp_path)
    assert (RESULTS / "README.md").read_text() == (tmp_path / "README.md").read_text(), (
        "benchmarks/results/README.md is of other results: "
        "python -m benchmarks report benchmarks/results/*.jsonl -o benchmarks/results"
    )
