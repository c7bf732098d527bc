from collections.abc import Iterator

import pytest
from fastapi import FastAPI

from service.database import Database
from tests.service.accounts import Client, account
from tests.service.notices.posting import SETTINGS, Post, opened


@pytest.fixture(scope="session")
def _one_post() -> Iterator[Post]:
    with opened() as post:
        yield post


@pytest.fixture
def post(_one_post: Post) -> Post:
    """A mail server that has got nothing yet and takes everything."""
    _one_post.letters.clear()
    _one_post.refuse = lambda _address: ""
    return _one_post


@pytest.fixture
def owner(app: FastAPI, database: Database, post: Post) -> Client:
    """An owner who can get mail, by a channel that leads to the mail server."""
    app.state.settings = SETTINGS
    client = Client(app, account(database))
    client.put(f"users/{client.user}/", {"email": "owner@example.com"})
    client.made("notification-channels/", {"name": "Mail", "delivery_method": "email", "url": post.url})
    return client
