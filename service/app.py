"""The HTTP application."""

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager, nullcontext
from importlib.metadata import version

from fastapi import FastAPI

from models.records.sealed import SealedText
from service import api, docs, errors, etags, health, idempotency, logs, metrics, openapi
from service.api import links
from service.board import page
from service.database import Database
from service.keyring import Keyring
from service.live import Feed
from service.middleware import BodyLimit, Requests
from service.oidc import OidcIssuer
from service.settings import Settings
from service.suggesting import Keeping, following


def create_app(settings: Settings, database: Database | None = None, *, runs_jobs: bool = False) -> FastAPI:
    """Put the application together.

    Parameters
    ----------
    settings
        Of this process.
    database
        To be used instead of the one the settings name; its owner closes it.
    runs_jobs
        Whether a worker runs while it serves.

    Returns
    -------
    An ASGI application. Its database must have been migrated.
    """
    own = Database(settings.database_url, busy_seconds=settings.busy_seconds) if database is None else None
    logs.configure(settings)
    keyring = Keyring(settings.keys)
    SealedText.use(keyring.seal())

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        from service import admin  # needed, and loaded, only by what serves

        admin.mount(app)
        kept = following(app.state.keeping, app.state.database)
        with kept, _working(settings) if runs_jobs else nullcontext():
            yield
        if own is not None:
            own.close()

    app = FastAPI(
        title="Tidyplan",
        version=version("tidyplan"),
        description=openapi.DESCRIPTION,
        openapi_url="/openapi.json",
        docs_url=None,
        redoc_url=None,
        lifespan=lifespan,
        separate_input_output_schemas=False,
        generate_unique_id_function=openapi.operation_id,
        redirect_slashes=False,
    )
    app.state.settings, app.state.database, app.state.keyring = settings, database or own, keyring
    app.state.issuer = (
        OidcIssuer(settings.oidc_issuer, settings.oidc_audience, settings.guard) if settings.oidc_issuer else None
    )
    app.state.keeping = Keeping(settings.suggest_organizations, settings.suggest_days)
    app.state.feed = Feed(lambda: app.state.database)
    app.add_middleware(BodyLimit, most=settings.max_body_bytes)
    app.add_middleware(Requests)
    errors.add_handlers(app)
    app.add_exception_handler(idempotency.Replay, idempotency.replay)
    app.add_exception_handler(etags.NotModified, etags.not_modified)
    for router in api.ROUTERS:
        app.include_router(router)
    app.include_router(health.router)
    docs.add(app)
    page.add(app)
    links.add(app)
    openapi.add(app)
    metrics.add(app)
    return app


@contextmanager
def _working(settings: Settings) -> Iterator[None]:
    """Run jobs, with connections of their own: requests and jobs do not wait for each other's."""
    from service.jobs.worker import Worker  # loads the queue, which nothing else here needs

    database = Database(settings.database_url, busy_seconds=settings.busy_seconds)
    worker = Worker(database, settings)
    worker.start()
    try:
        yield
    finally:
        worker.stop()
        database.close()
