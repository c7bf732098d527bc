import pytest
from fastapi import FastAPI
from pydantic import SecretStr

from models.records.sealed import SealedText
from service.app import create_app
from service.database import Database
from service.settings import Settings
from service.suggesting import Keeping
from tests.service.accounts import Client, account

SETTINGS = Settings(
    database_url="sqlite:///unused.db",
    secret_key=SecretStr("of no use to anybody"),
    logins_per_minute=0,
    events_seconds=0,
)


@pytest.fixture(scope="session")
def one_app() -> FastAPI:
    return create_app(SETTINGS)


@pytest.fixture
def app(one_app: FastAPI, database: Database) -> FastAPI:
    """The application on the database of the test."""
    one_app.state.database, one_app.state.settings = database, SETTINGS
    one_app.state.keeping = Keeping(SETTINGS.suggest_organizations, SETTINGS.suggest_days)
    SealedText.use(one_app.state.keyring.seal())
    return one_app


@pytest.fixture
def owner(app: FastAPI, database: Database) -> Client:
    """An owner of an organization."""
    return Client(app, account(database))
