"""`/metrics`: requests of this process, and what waits and runs in the database, as Prometheus reads it."""

from collections.abc import Iterator
from secrets import compare_digest

from fastapi import FastAPI, Request, Response
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector
from prometheus_fastapi_instrumentator import Instrumentator
from sqlalchemy import func, select
from sqlalchemy.exc import SQLAlchemyError

from models.enums import RunState
from models.records import Executor, Run, ScheduleIntegration, WebhookDelivery
from service.database import Database
from service.errors import Unauthenticated
from service.jobs.queue import waiting

PATH = "/metrics"


class Standing(Collector):
    """Counts what the database says, when it is asked.

    Parameters
    ----------
    app
        With its database.
    """

    def __init__(self, app: FastAPI) -> None:
        self.app = app

    def describe(self) -> Iterator[Metric]:
        """Say nothing yet: the database need not be there when the application is made."""
        return iter(())

    def collect(self) -> Iterator[Metric]:
        """Ask the database; what it does not answer is left out."""
        database: Database = self.app.state.database
        answered = GaugeMetricFamily("tidyplan_database_up", "Whether the database answers.")
        try:
            found = [*_queue(database), *_runs(database), *_integrations(database)]
        except SQLAlchemyError:
            found = []
        answered.add_metric([], float(bool(found)))
        yield answered
        yield from found


def add(app: FastAPI) -> None:
    """Count the requests of an application, and tell how many there were.

    Parameters
    ----------
    app
        Whose database and settings are in its state when it is asked.
    """
    registry = CollectorRegistry()
    Instrumentator(registry=registry, excluded_handlers=[PATH, "/healthz", "/readyz"]).instrument(app)
    registry.register(Standing(app))

    def metrics(request: Request) -> Response:
        """Tell who has the token, if there is one."""
        token = app.state.settings.metrics_token
        if token is not None:
            sent = request.headers.get("Authorization", "").removeprefix("Bearer ")
            if not compare_digest(sent.encode(), token.get_secret_value().encode()):
                raise Unauthenticated("Metrics need the token of TIDYPLAN_METRICS_TOKEN, sent as a bearer token.")
        return Response(generate_latest(registry), headers={"Content-Type": CONTENT_TYPE_LATEST})

    app.add_api_route(PATH, metrics, include_in_schema=False)


def _queue(database: Database) -> Iterator[Metric]:
    jobs = GaugeMetricFamily("tidyplan_jobs", "Jobs that are not over.", labels=["queue", "state"])
    for (queue, state), count in waiting(database).items():
        jobs.add_metric([queue, state], count)
    yield jobs


def _runs(database: Database) -> Iterator[Metric]:
    runs = GaugeMetricFamily("tidyplan_runs", "Runs of the scheduler by state.", labels=["state"])
    gap = GaugeMetricFamily("tidyplan_run_gap", "How far from its bound each working run is.", labels=["run"])
    seconds = GaugeMetricFamily("tidyplan_run_seconds", "How long each working run has been at it.", labels=["run"])
    workers = GaugeMetricFamily("tidyplan_workers", "Workers that are known to be at work.")
    with database.everywhere(writes=False) as session:
        for state, count in session.execute(select(Run.state, func.count(Run.id)).group_by(Run.state)):
            runs.add_metric([str(state)], count)
        at_work = select(Run.id, Run.progress).where(Run.state == RunState.RUNNING)
        for key, progress in session.execute(at_work):
            seconds.add_metric([str(key)], progress.seconds)
            if progress.gap is not None:
                gap.add_metric([str(key)], progress.gap)
        workers.add_metric([], session.scalar(select(func.count()).select_from(Executor)) or 0)
    yield from (runs, gap, seconds, workers)


def _integrations(database: Database) -> Iterator[Metric]:
    webhooks = GaugeMetricFamily("tidyplan_webhooks", "Webhooks by what became of them.", labels=["status"])
    integrations = GaugeMetricFamily("tidyplan_integrations", "Integrations in use by state.", labels=["status"])
    with database.everywhere(writes=False) as session:
        sent = select(WebhookDelivery.status, func.count(WebhookDelivery.id)).group_by(WebhookDelivery.status)
        for status, count in session.execute(sent):
            webhooks.add_metric([str(status)], count)
        used = select(ScheduleIntegration.sync_status, func.count(ScheduleIntegration.id)).where(
            ScheduleIntegration.is_active
        )
        for state, count in session.execute(used.group_by(ScheduleIntegration.sync_status)):
            integrations.add_metric([str(state)], count)
    yield from (webhooks, integrations)
