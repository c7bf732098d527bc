from datetime import UTC, datetime, time
from zoneinfo import ZoneInfo

import pytest

from service.notices.quiet import after_quiet

ZONE = ZoneInfo("America/Los_Angeles")


@pytest.mark.parametrize(
    ("hours", "moment", "heard"),
    [
        pytest.param((21, 7), "2026-11-30T20:59", "2026-11-30T20:59", id="before"),
        pytest.param((21, 7), "2026-11-30T21:00", "2026-12-01T07:00", id="at the start"),
        pytest.param((21, 7), "2026-12-01T06:59", "2026-12-01T07:00", id="after midnight"),
        pytest.param((21, 7), "2026-12-01T07:00", "2026-12-01T07:00", id="at the end"),
        pytest.param((12, 14), "2026-12-01T13:00", "2026-12-01T14:00", id="within a day"),
        pytest.param((12, 14), "2026-12-01T14:00", "2026-12-01T14:00", id="after it"),
        pytest.param((9, 9), "2026-12-01T09:00", "2026-12-01T09:00", id="none at all"),
        pytest.param((22, 3), "2026-03-07T23:00", "2026-03-08T03:00", id="into a longer day"),
    ],
)
def test_quiet_hours_last_to_their_end_on_the_wall(hours: tuple[int, int], moment: str, heard: str) -> None:
    told, expected = (datetime.fromisoformat(each).replace(tzinfo=ZONE).astimezone(UTC) for each in (moment, heard))
    assert after_quiet(told, time(hours[0]), time(hours[1]), ZONE) == expected
