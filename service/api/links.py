"""The pages behind the links that clients get: who has a link may look and, by a form, do what it is for."""

from typing import Annotated

from fastapi import FastAPI, Form
from fastapi.responses import HTMLResponse
from sqlalchemy.exc import DBAPIError

from models.errors import TidyplanError
from service.database import Database
from service.database_errors import is_passing
from service.dependencies import Keys, TheDatabase, TheKeeping, TheSettings
from service.errors import TooManyRequests
from service.keyring import Keyring
from service.notices import visiting
from service.notices.links import PATH, Visit, read
from service.notices.pages import HEADERS, Page
from service.rate_limits import spend
from service.settings import Settings
from service.suggesting.keeping import Keeping

_TRIES = 3


def add(app: FastAPI) -> None:
    """Add the pages to an app."""

    @app.get(f"{PATH}/{{token}}", include_in_schema=False)
    def show(
        token: str, database: TheDatabase, keeping: TheKeeping, keyring: Keys, settings: TheSettings
    ) -> HTMLResponse:
        visit = read(keyring, token)
        return _answer(visiting.GONE if visit is None else _shown(database, keeping, keyring, settings, visit))

    @app.post(f"{PATH}/{{token}}", include_in_schema=False)
    def act(
        token: str,
        database: TheDatabase,
        keeping: TheKeeping,
        keyring: Keys,
        settings: TheSettings,
        slot: Annotated[str, Form(max_length=4000)] = "",
    ) -> HTMLResponse:
        visit = read(keyring, token)
        if visit is None:
            return _answer(visiting.GONE)
        done = _done(database, keyring, visit, slot)
        if isinstance(done, Page):
            return _answer(done)
        return _answer(_shown(database, keeping, keyring, settings, visit, done, 409))


def _done(database: Database, keyring: Keyring, visit: Visit, slot: str) -> Page | str:
    """Do what a link is for; what the database gives up because two stood in each other's way is tried again."""
    for tried in range(1, _TRIES + 1):
        with database.session(visiting.caller_of(visit)) as session:
            try:
                done = visiting.act(session, keyring, visit, slot)
                session.commit()
            except TidyplanError as error:
                session.rollback()
                return visiting.sorry(error)
            except DBAPIError as error:
                if tried == _TRIES or not is_passing(error):
                    raise
            else:
                return done
    raise AssertionError("the last try returns or raises")


def _shown(
    database: Database,
    keeping: Keeping,
    keyring: Keyring,
    settings: Settings,
    visit: Visit,
    note: str = "",
    status: int = 200,
) -> Page:
    """Show what can be done, unless somebody asks for it all the time: times are computed anew each time."""
    try:
        spend(database, "visit", f"{visit.organization} {visit.appointment}", settings.visits_per_minute)
    except TooManyRequests as error:
        return Page("Too many requests", 429, note=f"Please try again in {error.seconds} seconds.")
    try:
        return visiting.show(database, keeping, keyring, visit, note, status)
    except TidyplanError as error:
        return Page("That is not possible here", 409, note=visiting.sorry(error))


def _answer(page: Page) -> HTMLResponse:
    return HTMLResponse(page.html(), page.status, dict(HEADERS))
