from pathlib import Path

import pytest

from benchmarks.case import DATA_VARIABLE, Case, NoInstance, Published
from benchmarks.generate import FAMILIES, core
from benchmarks.sets.folder import Folder
from benchmarks.sets.suites import families, suite
from models.plan import Plan


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    instances = tmp_path / "moon" / "instances"
    instances.mkdir(parents=True)
    for name in ("A10", "A2", "B1"):
        (instances / f"{name}.json").write_text('{"size": 3}', encoding="utf-8")
    (instances / "notes.txt").write_text("", encoding="utf-8")
    table = "instance,best_known,lower_bound\nA2,12.5,\n"
    (tmp_path / "moon" / "best_known.csv").write_text(table, encoding="utf-8")
    return Folder("moon", tmp_path, ".json", "the moon")


def test_folder_lists_its_instances_by_their_numbers(folder: Folder) -> None:
    assert folder.names() == ("A2", "A10", "B1")


def test_folder_reads_instances_and_published_figures(folder: Folder) -> None:
    assert folder.json("A2") == {"size": 3}
    assert folder.published("A2", "best_known", "lower_bound") == (12.5, None)
    assert folder.published("B1", "best_known") == (None,)


def test_folder_is_taken_from_the_environment_where_none_is_given(
    folder: Folder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(DATA_VARIABLE, str(tmp_path))
    assert Folder("moon", None, ".json", "the moon").names() == folder.names()


@pytest.mark.parametrize("family", ["hhcrsp", "smptsp", "uhhc"])
def test_public_set_without_a_folder_says_how_to_name_one_and_where_the_set_is_from(
    family: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.delenv(DATA_VARIABLE, raising=False)
    for data, found in ((None, "no folder"), (tmp_path, f"{tmp_path / family / 'instances'}: there is no such folder")):
        with pytest.raises(NoInstance) as caught:
            suite(family, data).names()
        assert found in str(caught.value)
        for word in ("--data", DATA_VARIABLE, f"{family}/instances/*", "github.com/"):
            assert word in str(caught.value)


def test_folder_without_a_file_says_which_is_missing(folder: Folder, tmp_path: Path) -> None:
    with pytest.raises(NoInstance, match=r"A3\.json: cannot be read: No such file"):
        folder.json("A3")
    (tmp_path / "moon" / "best_known.csv").unlink()
    with pytest.raises(NoInstance, match=r"best_known\.csv: cannot be read"):
        Folder("moon", tmp_path, ".json", "the moon").published("A2", "best_known")
    with pytest.raises(NoInstance, match=r"there is no \.dat file"):
        Folder("moon", tmp_path, ".dat", "the moon").names()


@pytest.mark.parametrize("content", ["{", "[]"])
def test_folder_with_a_file_that_holds_no_object_says_so(folder: Folder, tmp_path: Path, content: str) -> None:
    (tmp_path / "moon" / "instances" / "A2.json").write_text(content, encoding="utf-8")
    with pytest.raises(NoInstance, match="moon A2: the file"):
        folder.json("A2")


def test_suite_of_a_generated_family_draws_any_size() -> None:
    case = suite("core").load("core-20-3")
    assert case.document == core(20, 3)
    assert (case.best_known, case.objective) == (None, None)


@pytest.mark.parametrize("name", ["core-20", "core-0-1", "field-20-1", "core-20-1-1"])
def test_suite_of_a_generated_family_refuses_a_name_it_cannot_read(name: str) -> None:
    with pytest.raises(NoInstance, match="Ask for one like core-"):
        suite("core").load(name)


def test_families_are_the_generated_and_the_public_ones() -> None:
    assert families() == (*FAMILIES, "hhcrsp", "uhhc", "smptsp")
    with pytest.raises(NoInstance, match="moon: there is no such family"):
        suite("moon")


def test_case_without_literature_is_measured_by_the_cost_of_a_plan() -> None:
    case = Case("core", "core-1-1", {})
    assert case.value(Plan(cost=12)).value == 12.0
    assert case.bound(Plan(cost=12, bound=7)) == 7.0
    assert case.gap(12.0) is None


def test_case_of_the_literature_compares_with_what_is_published() -> None:
    case = Case("moon", "A1", {}, 50.0, 40.0, "minutes", lambda _: Published(55.0), exact=False)
    assert case.value(Plan(cost=1)).value == 55.0
    assert case.gap(55.0) == pytest.approx(0.1)
    # The plan's bound is one of another quantity.
    assert case.bound(Plan(cost=1, bound=45)) == 40.0
