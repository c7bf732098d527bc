"""Tokens of a real issuer on loopback: discovery, keys, and what is refused."""

import json
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest
from fastapi import FastAPI
from joserfc import jwt
from joserfc.jwk import ECKey, OctKey

from models.records import User
from service.database import Database
from service.oidc import OidcIssuer
from service.outgoing import Guard
from tests.service.accounts import Client, account


class Provider:
    """An issuer that publishes its keys."""

    def __init__(self) -> None:
        self.key = ECKey.generate_key("P-256", auto_kid=True)
        self.served = 0
        provider = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                provider.served += 1
                keys = {"keys": [provider.key.as_dict(private=False)]}
                discovery = {"issuer": provider.url, "jwks_uri": f"{provider.url}/keys"}
                content = json.dumps(keys if self.path == "/keys" else discovery).encode()
                self.send_response(200)
                self.end_headers()
                self.wfile.write(content)

            def log_message(self, *_: Any) -> None:
                pass

        self.server = HTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def token(self, **claims: Any) -> str:
        said = {
            "iss": self.url,
            "aud": "tidyplan",
            "exp": int(time.time()) + 60,
            "email": "Ana@example.com",
            "email_verified": True,
        }
        return jwt.encode({"alg": "ES256", "kid": self.key.kid}, said | claims, self.key, ["ES256"])


@pytest.fixture
def provider(app: FastAPI) -> Iterator[Provider]:
    made = Provider()
    app.state.issuer = OidcIssuer(made.url, "tidyplan", Guard())
    yield made
    app.state.issuer = None
    made.server.shutdown()
    made.server.server_close()


@pytest.fixture
def ana(app: FastAPI, database: Database) -> Client:
    """A client without credentials, and a user ana@example.com."""
    who = account(database)
    with database.everywhere() as session:
        session.get_one(User, who.user).email = "ana@example.com"
        session.commit()
    return Client(app, None)


def status(client: Client, token: str) -> int:
    return int(client.get("teams/", headers={"Authorization": f"Bearer {token}"}).status_code)


def test_token_of_the_issuer_is_accepted_and_its_keys_are_kept(ana: Client, provider: Provider) -> None:
    assert [status(ana, provider.token()) for _ in range(3)] == [200, 200, 200]
    assert provider.served == 2


@pytest.mark.parametrize(
    "claims",
    [
        pytest.param({"aud": "another"}, id="audience"),
        pytest.param({"iss": "http://another"}, id="issuer"),
        pytest.param({"exp": 1}, id="too old"),
        pytest.param({"email_verified": False}, id="email not verified"),
        pytest.param({"email": "bo@example.com"}, id="unknown"),
        pytest.param({"organization": 99}, id="another organization"),
    ],
)
def test_token_for_others_is_refused(ana: Client, provider: Provider, claims: dict[str, Any]) -> None:
    assert status(ana, provider.token(**claims)) == 401


def test_token_signed_by_another_key_or_by_a_shared_secret_is_refused(ana: Client, provider: Provider) -> None:
    known, provider.key = provider.key, ECKey.generate_key("P-256", auto_kid=True)
    stranger = provider.token()
    provider.key = known
    assert status(ana, provider.token()) == 200
    assert status(ana, stranger) == 401
    claims = {"iss": provider.url, "aud": "tidyplan", "exp": int(time.time()) + 60, "email": "ana@example.com"}
    shared = OctKey.import_key("a secret that everybody who verifies would know")
    forged = jwt.encode({"alg": "HS256"}, claims | {"email_verified": True}, shared, ["HS256"])
    assert status(ana, forged) == 401


def test_issuer_that_does_not_answer_lets_nobody_in(ana: Client, provider: Provider) -> None:
    token = provider.token()
    provider.server.shutdown()
    provider.server.server_close()
    assert status(ana, token) == 401
