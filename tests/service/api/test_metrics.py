from fastapi import FastAPI
from fastapi.testclient import TestClient
from pydantic import SecretStr

from models.enums import RunState
from models.records import Run
from service.callers import the_service
from service.database import Database
from service.jobs import enqueue
from tests.service.accounts import Client


def value(text: str, name: str) -> float | None:
    """The value of a metric, written as Prometheus does."""
    found = [line.rpartition(" ")[2] for line in text.splitlines() if line.startswith(f"{name} ")]
    return float(found[0]) if found else None


def test_metrics_count_requests_jobs_and_runs(app: FastAPI, database: Database, owner: Client) -> None:
    before = owner.http.get("/metrics").text
    path = '{handler="/api/scheduling/teams/",method="GET",status="2xx"}'
    counted = value(before, f"http_requests_total{path}") or 0
    owner.get("teams/")
    with database.session(the_service(owner.organization)) as session:
        enqueue(session, "analytics")
        horizon = {"start": "2026-11-30T00:00:00Z", "end": "2026-12-07T00:00:00Z"}
        session.add(Run(horizon=horizon, state=RunState.RUNNING, progress={"seconds": 3.0, "gap": 0.25}))
        session.commit()
    after = owner.http.get("/metrics").text
    assert value(after, f"http_requests_total{path}") == counted + 1
    assert value(after, 'tidyplan_jobs{queue="light",state="enqueued"}') == 1
    assert value(after, 'tidyplan_runs{state="running"}') == 1
    assert value(after, 'tidyplan_run_gap{run="1"}') == 0.25
    assert value(after, "tidyplan_database_up") == 1


def test_metrics_ask_for_their_token(app: FastAPI) -> None:
    app.state.settings = app.state.settings.model_copy(update={"metrics_token": SecretStr("let me in")})
    client = TestClient(app)
    assert client.get("/metrics").status_code == 401
    assert client.get("/metrics", headers={"Authorization": "Bearer let me out"}).status_code == 401
    assert client.get("/metrics", headers={"Authorization": "Bearer let me in"}).status_code == 200
