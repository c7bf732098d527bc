"""What can be asked for, and what a suggestion is worth as a document."""

from __future__ import annotations

import pytest

from models.errors import InvalidRequest
from models.suggestion import MOST_SUGGESTIONS, SlotQuery, SlotRequest, Suggestion, Suggestions
from tests.factories import Json, at, current


def faults(model: type[SlotQuery] | type[SlotRequest], document: Json | str) -> list[str]:
    """Where a document is wrong."""
    with pytest.raises(InvalidRequest) as refused:
        model.parse(document)
    return [fault.where for fault in refused.value.faults]


def test_a_duration_is_all_that_a_request_needs() -> None:
    request = SlotRequest.parse('{"duration_minutes": 60}')
    assert (request.id, request.crew, request.coordinates) == ("request", (), None)


@pytest.mark.parametrize(
    ("document", "where"),
    [
        ({}, ["duration_minutes"]),
        ({"duration_minutes": 0}, ["duration_minutes"]),
        ({"duration_minutes": 60, "crw": []}, ["crw"]),
        ({"duration_minutes": 60, "coordinates": {"latitude": 0.0, "longitude": 0.0}}, ["location"]),
        ({"duration_minutes": 60, "location": "x", "coordinates": {"latitude": 91.0}},
         ["coordinates.latitude", "coordinates.longitude"]),
        ({"duration_minutes": 60, "pinned": True, "current": current("mon 09:00")}, ["pinned"]),
        ({"duration_minutes": 60, "resources": [{"resource_type": "rocket"}]}, ["resources[0].resource_type"]),
        ("{", ["line 1, column 2"]),
        ("[]", [""]),
    ],
)  # fmt: skip
def test_a_request_that_cannot_be_is_refused_where_it_is_wrong(document: Json | str, where: list[str]) -> None:
    assert faults(SlotRequest, document) == where


@pytest.mark.parametrize(
    ("document", "where"),
    [
        ({"limit": 0, "with_moves": 3}, ["limit", "with_moves"]),
        ({"limit": MOST_SUGGESTIONS + 1}, ["limit"]),
        ({"from": at("tue 09:00"), "until": at("mon 09:00")}, ["until"]),
        ({"from": at("mon 09:00"), "until": at("mon 09:00")}, ["until"]),
        ({"from": "2026-11-23T09:00:00"}, ["from"]),
        ({"spread_minutes": -1}, ["spread_minutes"]),
        ({"seconds": 0.0}, ["seconds"]),
        ({"time_zone": "Mars/Olympus"}, ["time_zone"]),
        ({"froom": None}, ["froom"]),
    ],
)
def test_a_query_that_cannot_be_is_refused_where_it_is_wrong(document: Json, where: list[str]) -> None:
    assert faults(SlotQuery, document) == where


def test_a_suggestion_reads_itself_again_and_gives_its_assignment() -> None:
    slot = Suggestion.model_validate(
        {"appointment": "a", "start": at("mon 09:00"), "end": at("mon 10:00"), "users": ["ana"], "cost": 3}
    )
    found = Suggestions(appointment="a", suggestions=(slot,), possible=1)
    assert Suggestions.model_validate_json(found.to_json()) == found
    assert slot.assignment().model_dump() == {
        "appointment": "a", "start": slot.start, "end": slot.end, "team": None, "users": ("ana",), "positions": {},
        "resources": (),
    }  # fmt: skip
