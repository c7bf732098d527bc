"""`tidyplan serve`: migrates, makes the first owner, and serves."""

import gc
from contextlib import suppress
from types import FrameType

import uvicorn

from service import migrations
from service.app import create_app
from service.bootstrap import ensure_owner
from service.cli.configured import BAD_SETTINGS, Misconfigured, opened, read_settings
from service.cli.screen import complain, say
from service.jobs.queue import make_tables

COLLECTIONS = (20_000, 20, 50)
"""New objects until the youngest are looked at, and how often the older ones are: requests leave few cycles."""


def run(host: str | None, port: int | None) -> int:
    """Serve until interrupted.

    Parameters
    ----------
    host, port
        Where to listen; None for what the settings say.

    Returns
    -------
    The exit code: 0 served, 2 the settings are wrong.
    """
    try:
        settings = read_settings()
        with opened(settings) as database:
            migrations.upgrade(database.engine)
            make_tables(database)
            app = create_app(settings, database, runs_jobs=settings.runs_jobs)
            owner = ensure_owner(database)
            if owner is not None:
                say(f"The first owner: {owner.email} with the password {owner.password}")
                say("It is shown only now. Log in with POST /api/scheduling/auth/login/ and change it.")
            at = f"{host or settings.host}:{settings.port if port is None else port}"
            say(f"Serving on http://{at}/ with documentation at http://{at}/docs")
            config = uvicorn.Config(
                app,
                host=host or settings.host,
                port=settings.port if port is None else port,
                access_log=False,
                log_level=settings.log_level,
                server_header=False,
            )
            _spare_the_collector()
            with suppress(KeyboardInterrupt):
                _Server(config).run()
    except LookupError as error:
        complain(str(error))
        return BAD_SETTINGS
    except Misconfigured:
        return BAD_SETTINGS
    return 0


def _spare_the_collector() -> None:
    """Keep what is loaded by now out of collections: it stays, and looking at it holds up whatever is answered then."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(*COLLECTIONS)


class _Server(uvicorn.Server):
    """Ends the streams of `events/` first, which would keep it from ending."""

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Take a signal."""
        self.config.app.state.feed.close()  # type: ignore[union-attr]  # the app above
        super().handle_exit(sig, frame)
