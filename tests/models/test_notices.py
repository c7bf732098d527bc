import pytest
from hypothesis import given, strategies

from models.notices import faults_in, filled

KNOWN = {"title": "", "place": ""}


@pytest.mark.parametrize(
    "text",
    ["{titel}", "{title.upper}", "{title!r}", "{title:>20}", "{0}", "{}", "{title", "title}", "{title[0]}", "{{title}"],
)
def test_only_names_of_variables_stand_in_braces(text: str) -> None:
    faults = faults_in("message", text, KNOWN)
    assert len(faults) == 1
    assert faults[0].where == "message"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("{title} is new", "visit is new"),
        ("Place: {place}\n{title}", "visit"),
        ("{title} at {place}", "visit at "),
        ("{{title}} {title}", "{title} visit"),
        ("plain\n\ntext", "plain\n\ntext"),
    ],
)
def test_lines_without_anything_to_say_are_left_out(text: str, found: str) -> None:
    assert filled(text, {"title": "visit", "place": ""}) == found


@given(strategies.text(alphabet="{}!:.[]a ", max_size=12), strategies.text(max_size=8))
def test_texts_without_faults_can_be_filled_with_anything(text: str, value: str) -> None:
    if not faults_in("message", text, {"a": ""}):
        assert "{a}" not in text or value in filled(text, {"a": value}) or not value or "{{a}}" in text
