from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from hypothesis import given, settings, strategies as st

from models.records import Appointment
from models.records.requirements import Requirements
from models.timegrid import instant, minute_of
from service.series.pattern import Pattern
from service.series.rematching import Place, missing_starts, rematch
from service.series.shared import moved_requirements, note_series, own_changes, series_value

ZONE = ZoneInfo("America/Los_Angeles")
FIRST = minute_of(datetime(2026, 11, 2, 9, tzinfo=ZONE))  # a Monday
DAY = 1440
RULES = ("FREQ=DAILY", "FREQ=DAILY;INTERVAL=2", "FREQ=WEEKLY", "FREQ=WEEKLY;BYDAY=MO,WE,FR", "FREQ=DAILY;COUNT=4")


def days(minutes: Sequence[int]) -> list[int]:
    """Days since the first, by the wall."""
    return [(instant(minute, ZONE).date() - instant(FIRST, ZONE).date()).days for minute in minutes]


@settings(max_examples=200, deadline=None)
@given(
    old_rule=st.sampled_from(RULES),
    new_rule=st.sampled_from(RULES),
    shift=st.integers(-3, 3),
    later=st.sampled_from((0, 90)),
    gone=st.sets(st.integers(0, 19), max_size=5),
    kept=st.sets(st.integers(0, 19), max_size=5),
    new_from=st.integers(0, 10),
)
def test_rematch_agrees_with_days_looked_at_one_by_one(
    old_rule: str, new_rule: str, shift: int, later: int, gone: set[int], kept: set[int], new_from: int
) -> None:
    old = Pattern(old_rule, FIRST, ZONE)
    new = Pattern(new_rule, old.minute_on(old.first_day) + shift * DAY + later, ZONE)
    there = days(old.starts(FIRST, FIRST + 20 * DAY))
    minutes = dict(zip(there, old.starts(FIRST, FIRST + 20 * DAY), strict=True))
    places = [Place(day, minutes[day], day in kept) for day in there if day not in gone]
    excluded = [minutes[day] for day in there if day in gone]
    horizon = FIRST + 20 * DAY
    found = rematch(old, new, places, excluded, new_from=FIRST + new_from * DAY, until=horizon)

    wanted = {day: minute for minute in new.starts(0, horizon + 10 * DAY) for day in days([minute])}
    for day in there:
        target = day + shift
        if day in gone:
            assert target in days(found.excluded)
        elif target in wanted:
            assert found.originals[day] == wanted[target]
        else:
            assert (day in found.originals) == (day in kept)
            assert (day in found.removed) == (day not in kept)
    occupied = {day + shift for day in there if day in gone or day + shift in wanted or day in kept}
    assert found.missing == [
        minute
        for day, minute in sorted(wanted.items())
        if day not in occupied and FIRST + new_from * DAY <= minute < horizon
    ]


def test_missing_starts_are_those_without_an_occurrence() -> None:
    pattern = Pattern("FREQ=DAILY", FIRST, ZONE)
    found = missing_starts(pattern, [FIRST, FIRST + DAY + 30], [FIRST + 3 * DAY], FIRST, FIRST + 5 * DAY)
    assert found == [FIRST + 2 * DAY, FIRST + 4 * DAY]


def test_requirements_move_with_the_day_on_the_wall() -> None:
    window = {"start": "2026-10-30T08:00:00-07:00", "end": "2026-10-30T12:00:00-07:00"}
    document: dict[str, Any] = {"windows": [window], "due": window["end"], "after": [{"appointment": 4}]}
    required = Requirements.model_validate(document)
    found = moved_requirements(required, timedelta(days=7), ZONE, ())
    assert found.windows[0].start == datetime(2026, 11, 6, 16, tzinfo=UTC)
    assert found.due == datetime(2026, 11, 6, 20, tzinfo=UTC)
    assert found.after == ()
    assert moved_requirements(required, timedelta(0), ZONE, required.after) == required


def test_what_one_occurrence_changed_is_kept_and_known() -> None:
    occurrence = Appointment(title="special", location="here", assigned_user_ids=[])
    note_series(occurrence, {"title": "all", "location": "here"})
    assert occurrence.series_values == {"title": "all"}
    assert own_changes(occurrence, {"title": "new", "location": "there"}) == {"location": "there"}
    assert series_value(occurrence, "title") == "all"
    assert series_value(occurrence, "location") == "here"
    note_series(occurrence, {"title": "special"})
    assert occurrence.series_values == {}
