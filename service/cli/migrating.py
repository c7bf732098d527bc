"""`tidyplan migrate`: walks the history of the database."""

from alembic.util import CommandError

from service import migrations
from service.cli.configured import BAD_SETTINGS, Misconfigured, opened, read_settings
from service.cli.screen import complain, say
from service.jobs.queue import make_tables


def run(down: str | None) -> int:
    """Migrate the database of the settings.

    Parameters
    ----------
    down
        The revision to go back to; None to go to the newest.

    Returns
    -------
    The exit code: 0 done, 2 it cannot be.
    """
    try:
        with opened(read_settings()) as database:
            if down is None:
                migrations.upgrade(database.engine)
                make_tables(database)
            else:
                migrations.downgrade(database.engine, down)
            say(f"The database {database.url.render_as_string()} is at {down or 'the newest revision'}.")
    except CommandError as error:
        complain(f"{error} Name a revision, -1 for one step, or base for an empty database.")
        return BAD_SETTINGS
    except Misconfigured:
        return BAD_SETTINGS
    return 0
