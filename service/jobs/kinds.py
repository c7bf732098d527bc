"""All kinds of jobs, and when the regular ones are due: two tables."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Kind:
    """What is done, and how.

    Parameters
    ----------
    function
        "module:name" of a function that takes a `service.jobs.job.Job` and the arguments by name. It is imported when
        the first job of its kind runs. It may be run again from its start, so that what it did before does no harm.
    heavy
        Whether it computes for long: such jobs wait in a queue of their own.
    attempts
        How often it is tried before it has failed.
    wait_seconds
        Before the second attempt; then twice as long each time.
    """

    function: str
    heavy: bool = False
    attempts: int = 5
    wait_seconds: float = 2.0


@dataclass(frozen=True, slots=True)
class Regular:
    """A kind of job that is due again and again.

    Parameters
    ----------
    kind
        Which.
    cron
        When, in UTC.
    each_organization
        Whether every organization gets a job of its own.
    """

    kind: str
    cron: str
    each_organization: bool = True


KINDS: dict[str, Kind] = {
    "extend-series": Kind("service.series.daily:make_ahead"),
    "analytics": Kind("service.analytics.fresh:refresh_regularly", attempts=3, wait_seconds=30.0),
    "forget": Kind("service.jobs.upkeep:forget"),
    "maintain": Kind("service.availability.maintenance:keep_maintained"),
    "recheck": Kind("service.conflicts.job:recheck"),
    "resolve-conflict": Kind("service.conflicts.policies:resolve"),
    "escalate": Kind("service.conflicts.policies:escalate"),
    "run": Kind("service.runs.work:perform", heavy=True, attempts=8),
    "follow": Kind("service.runs.following:tell"),
    "notify": Kind("service.notices.sending:send"),
    "ask-for-notices": Kind("service.notices.scanning:ask_for_due", attempts=1),
    "ask-for-runs": Kind("service.runs.regular:ask"),
    "sync": Kind("service.integrations.syncing:perform"),
    "test-connection": Kind("service.integrations.syncing:test"),
    "ask-for-syncs": Kind("service.integrations.frequencies:ask"),
    "archive": Kind("service.archive.nightly:archive", attempts=3, wait_seconds=60.0),
    "deliver": Kind("service.webhooks.delivering:deliver"),
}
"""What each kind of job does."""

REGULAR: dict[str, Regular] = {
    "extend-series-daily": Regular("extend-series", "7 3 * * *"),
    "analytics-hourly": Regular("analytics", "7 * * * *"),
    "forget-hourly": Regular("forget", "17 * * * *", each_organization=False),
    "maintain-daily": Regular("maintain", "40 2 * * *"),
    "escalate-quarterly": Regular("escalate", "*/15 * * * *"),
    "notices-by-the-clock": Regular("ask-for-notices", "* * * * *", each_organization=False),
    "runs-by-the-clock": Regular("ask-for-runs", "*/5 * * * *", each_organization=False),
    "archive-nightly": Regular("archive", "20 1 * * *"),
    "syncs-by-the-clock": Regular("ask-for-syncs", "*/5 * * * *", each_organization=False),
}
"""The regular jobs by name; a worker that starts also asks for each, once a day."""
