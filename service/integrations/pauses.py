"""How long to wait before something outside is tried again."""

import random

FIRST_SECONDS = 10.0
FACTOR = 6.0
LONGEST_SECONDS = 12 * 3600.0
JITTER = 0.25


def pause_seconds(failures: int, asked: float | None = None) -> float:
    """Tell how long to wait: 10 seconds, 1 minute, 6, 36, 3.6 hours, 12 hours, each a quarter more or less.

    Parameters
    ----------
    failures
        How many there were in a row, at least 1.
    asked
        How many seconds the other system asked for.

    Returns
    -------
    Seconds.
    """
    pause = min(LONGEST_SECONDS, FIRST_SECONDS * FACTOR ** min(failures - 1, 10))
    spread = pause * random.uniform(1 - JITTER, 1 + JITTER)
    return max(spread, min(asked or 0.0, LONGEST_SECONDS))
