"""Tokens of an OpenID Connect issuer: verified by its published keys, matched with users by email."""

import json
import threading
import time
from typing import Any
from urllib.parse import urlsplit

import structlog
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet
from sqlalchemy import select
from sqlalchemy.orm import Session

from models.records import User
from service.outgoing import Guard, Refused, Unreachable

ALGORITHMS = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA"]
"""Only of key pairs: with a shared secret anybody who verifies could sign."""

_TIMEOUT_SECONDS = 5
_KEPT_SECONDS = 3600
_PATIENCE_SECONDS = 30
_LARGEST_BYTES = 1_000_000
log = structlog.get_logger(__name__)


class OidcIssuer:
    """An issuer whose tokens are accepted.

    Parameters
    ----------
    url
        Of the issuer, as its tokens name it.
    audience
        For whom its tokens must be.
    guard
        Says where its keys may be; its own host, which the settings name, is allowed in any case.
    """

    def __init__(self, url: str, audience: str, guard: Guard) -> None:
        self.url, self.audience = url, audience
        self._guard = guard.also(urlsplit(url).hostname or "")
        self._keys: KeySet | None = None
        self._fetched = -float(_KEPT_SECONDS)
        self._lock = threading.Lock()

    def claims_of(self, token: str) -> dict[str, Any] | None:
        """Verify a token.

        Parameters
        ----------
        token
            As it was sent.

        Returns
        -------
        What it says; None if it is not a good token of this issuer for this audience.
        """
        rules = jwt.JWTClaimsRegistry(
            iss={"essential": True, "value": self.url},
            aud={"essential": True, "value": self.audience},
            exp={"essential": True},
        )
        for age in (_KEPT_SECONDS, _PATIENCE_SECONDS):  # a key that is not known may be new
            keys = self._known_keys(age)
            if keys is None:
                return None
            try:
                claims = jwt.decode(token, keys, ALGORITHMS).claims
                rules.validate(claims)
            except (JoseError, ValueError):
                continue
            return claims
        return None

    def _known_keys(self, most_seconds: float) -> KeySet | None:
        with self._lock:
            if time.monotonic() - self._fetched > most_seconds:
                try:
                    place = self._fetch(f"{self.url.rstrip('/')}/.well-known/openid-configuration")["jwks_uri"]
                    self._keys = KeySet.import_key_set(self._fetch(place))  # type: ignore[arg-type]  # checked by it
                except (Refused, Unreachable, ValueError, KeyError, JoseError) as error:
                    log.warning("the keys of the OpenID issuer cannot be read", issuer=self.url, error=str(error))
                self._fetched = time.monotonic()
            return self._keys

    def _fetch(self, url: str) -> dict[str, Any]:
        from service.outgoing.sending import send  # needed, and loaded, only where there is an issuer

        answer = send(self._guard, "GET", url, seconds=_TIMEOUT_SECONDS, most_bytes=_LARGEST_BYTES)
        if answer.status != 200 or not answer.complete:
            raise ValueError(f"{url} answers {answer.status} with {len(answer.body)} bytes.")
        document = json.loads(answer.body)
        if not isinstance(document, dict):
            raise ValueError(f"{url} holds no object.")
        return document


def user_of(session: Session, claims: dict[str, Any]) -> User | None:
    """Find the user whom verified claims mean.

    Parameters
    ----------
    session
        That sees all organizations.
    claims
        With a verified `email`, and `organization` for somebody who is in several.

    Returns
    -------
    The user; None if there is none, or the organization has to be named.
    """
    email, organization = claims.get("email"), claims.get("organization")
    if not isinstance(email, str) or claims.get("email_verified") is not True:
        return None
    statement = select(User).where(User.email == email.strip().lower(), User.is_active)
    if isinstance(organization, int):
        statement = statement.where(User.organization_id == organization)
    found = session.scalars(statement).all()
    return found[0] if len(found) == 1 else None
