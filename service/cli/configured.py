"""What the commands of the service share: the settings, and the database they name."""

from collections.abc import Iterator
from contextlib import contextmanager

from pydantic import ValidationError
from sqlalchemy.exc import ArgumentError, DBAPIError

from models.faults import faults_of
from service.cli.screen import complain
from service.database import Database
from service.settings import PREFIX, Settings

BAD_SETTINGS = 2


class Misconfigured(Exception):
    """The settings do not work; what is wrong with them has been said."""


def read_settings() -> Settings:
    """Read the settings from the environment.

    Raises
    ------
    Misconfigured
        If one is wrong.
    """
    try:
        return Settings()
    except ValidationError as error:
        for fault in faults_of(error, Settings):
            complain(f"{PREFIX}{fault.where.upper()}: found {fault.found}; expected {fault.expected}.")
        raise Misconfigured from None


@contextmanager
def opened(settings: Settings) -> Iterator[Database]:
    """Open the database of the settings, and close it.

    Raises
    ------
    Misconfigured
        If it cannot be reached.
    """
    try:
        database = Database(settings.database_url, busy_seconds=settings.busy_seconds)
    except (ArgumentError, ModuleNotFoundError) as error:
        complain(f"{PREFIX}DATABASE_URL: {error}")
        raise Misconfigured from None
    try:
        yield database
    except DBAPIError as error:
        complain(f"The database {database.url.render_as_string()} does not work: {error.orig}")
        raise Misconfigured from None
    finally:
        database.close()
