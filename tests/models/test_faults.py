"""A document that is no problem is refused whole, with all its faults at once."""

import json
from typing import Any

import pytest

from models.errors import InvalidProblem
from models.problem import Problem, load_problem
from tests.models.sound import SOUND, changed


def test_sound_document_has_no_fault() -> None:
    assert Problem.parse(SOUND).appointments[1].after[0].from_ == "end"


TEXTS: dict[str, tuple[bytes | str, str, str]] = {
    "empty": (b"", "", "found nothing; expected a JSON object. The file is empty."),
    "blank": (" \n ", "", "found nothing"),
    "list": ("[]", "", "found []; expected an object"),
    "number": ("7", "", "found 7; expected an object"),
    "null": ("null", "", "found null"),
    "comma": ('{\n "a": 1,\n}', "line 3, column 1", "expected JSON"),
    "cut": ('{"name": "x"', "line 1, column 13", "found the end of the text; expected JSON. Expecting ',' delimiter."),
    "quote": ("{'a': 1}", "line 1, column 2", "expected JSON"),
    "latin": (b'{"name": "\xfc"}', "", "found 0xfc at byte 10; expected UTF-8"),
    "utf-16": ('{"a": 1}'.encode("utf-16"), "", "found 0xff at byte 0; expected UTF-8"),
    "key-twice": ('{"name": "a", "name": "b"}', "", 'the key "name" twice in one object; expected every key once'),
    "deep-lists": ("[" * 100_000, "", "nested hundreds deep"),
    "deep-objects": ('{"a":' * 100_000, "", "nested hundreds deep"),
}


@pytest.mark.parametrize(("text", "where", "words"), TEXTS.values(), ids=TEXTS.keys())
def test_text_that_is_no_object_is_one_fault(text: bytes | str, where: str, words: str) -> None:
    with pytest.raises(InvalidProblem) as caught:
        Problem.parse(text)
    assert [fault.where for fault in caught.value.faults] == [where]
    assert words in str(caught.value.faults[0])


def test_number_of_many_digits_is_a_fault_of_its_field() -> None:
    text = json.dumps(changed(["step_minutes"], 424242)).replace("424242", "9" * 5000)
    with pytest.raises(InvalidProblem) as caught:
        Problem.parse(text)
    assert [(fault.where, fault.found) for fault in caught.value.faults] == [
        ("step_minutes", "a number of 5000 digits")
    ]


def test_lone_surrogate_in_every_id_can_be_printed() -> None:
    text = json.dumps(SOUND).replace('"ana"', '"\\ud800"')
    with pytest.raises(InvalidProblem) as caught:
        Problem.parse(text)
    assert str(caught.value).encode()
    assert "users[0].id" in [fault.where for fault in caught.value.faults]


def test_faults_of_all_kinds_come_at_once() -> None:
    document = changed(["step_minutes"], 7)
    document["nonsense"] = 1
    document["users"][0]["id"] = 5
    document["teams"][0]["members"] = ["bo", "cy"]
    document["teams"][0]["lead"] = "bo"
    document["appointments"][0]["windows"][0]["end"] = "2026-11-20T00:00:00Z"
    document["appointments"][0]["duration_minutes"] = 0
    document["appointments"][0]["location"] = "nowhere"
    document["appointments"][1]["after"].append({"appointment": "third"})
    del document["appointments"][0]["users"]
    with pytest.raises(InvalidProblem) as caught:
        Problem.parse(document)
    assert {fault.where for fault in caught.value.faults} == {
        "step_minutes",
        "nonsense",
        "users[0].id",
        "teams[0].members[1]",
        "appointments[0].windows[0].end",
        "appointments[0].duration_minutes",
        "appointments[0].location",
        "appointments[1].after[1].appointment",
    }


def test_message_counts_and_lists_the_faults() -> None:
    with pytest.raises(InvalidProblem) as caught:
        Problem.parse({"step_minutes": 7})
    assert str(caught.value).splitlines()[0] == "The problem has 2 faults:"
    assert len(str(caught.value).splitlines()) == 3


def test_long_cycle_is_shortened() -> None:
    ring = [{"id": f"a{i}", "duration_minutes": 1, "after": [{"appointment": f"a{(i + 1) % 500}"}]} for i in range(500)]
    with pytest.raises(InvalidProblem) as caught:
        Problem.parse({**SOUND, "appointments": ring})
    assert [fault.where for fault in caught.value.faults] == ["appointments[0].after"]
    assert caught.value.faults[0].found.startswith(
        'the cycle "a0" after "a1" after "a2" after "a3" after … after "a498"'
    )


def test_diamond_of_links_is_no_cycle() -> None:
    links = {"a": "", "b": "a", "c": "a", "d": "bc"}
    work = [
        {"id": key, "duration_minutes": 1, "after": [{"appointment": other} for other in before]}
        for key, before in links.items()
    ]
    assert len(Problem.parse({**SOUND, "appointments": work}).appointments) == 4


def test_load_problem_reads_a_file_with_a_byte_order_mark(tmp_path: Any) -> None:
    path = tmp_path / "problem.json"
    path.write_bytes(b"\xef\xbb\xbf" + json.dumps(SOUND).encode())
    assert load_problem(path) == Problem.parse(SOUND)
