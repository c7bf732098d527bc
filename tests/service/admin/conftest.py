import pytest
from fastapi import FastAPI

from service import admin
from service.database import Database
from tests.service.accounts import Client
from tests.service.admin.visitor import Visitor, enter
from tests.service.api.conftest import app, one_app, owner

__all__ = ["app", "one_app", "owner"]


@pytest.fixture
def pages(app: FastAPI) -> FastAPI:
    """The application with its pages, as it is when it serves."""
    admin.mount(app)
    return app


@pytest.fixture
def visitor(pages: FastAPI, database: Database, owner: Client) -> Visitor:
    """The owner, logged in to the pages."""
    return enter(pages, database, owner.user)
