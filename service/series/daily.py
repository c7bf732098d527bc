"""The daily job that makes the occurrences that have come within reach."""

from datetime import timedelta

from service.jobs.job import Job
from service.schemas import organization
from service.series.materializing import extend_series, heads_of


def make_ahead(job: Job) -> None:
    """Extend all series of an organization, each in a transaction of its own."""
    with job.reading() as session:
        reach = timedelta(days=organization(session).policies.materialize_days)
        heads = heads_of(session)
    for key in heads:
        job.check()
        with job.transaction() as session:
            extend_series(session, key, reach)
