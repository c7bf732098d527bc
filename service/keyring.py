"""What is derived from the secret keys: signatures of tokens, digests, and the seal of stored secrets."""

import base64
import hashlib
import hmac
import secrets
import time
from collections.abc import Sequence
from typing import Any

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import OctKey

from models.records.sealed import Seal

_ALGORITHM = "HS256"
_TOKEN_BYTES = 32


class Keyring:
    """Keys for signing and sealing; the newest is used, all of them are accepted.

    Parameters
    ----------
    keys
        Secret texts, newest first.
    """

    def __init__(self, keys: Sequence[str]) -> None:
        self._signing = [OctKey.import_key(_derived(key, "sign")) for key in keys]
        self._newest = keys[0]
        self._sealing = MultiFernet([Fernet(base64.urlsafe_b64encode(_derived(key, "seal"))) for key in keys])

    def sign(self, claims: dict[str, Any], seconds: int) -> str:
        """Make a token.

        Parameters
        ----------
        claims
            What it says.
        seconds
            How long it is good for.

        Returns
        -------
        A JSON Web Token.
        """
        moment = int(time.time())
        return jwt.encode(
            {"alg": _ALGORITHM}, claims | {"iat": moment, "exp": moment + seconds}, self._signing[0], [_ALGORITHM]
        )

    def read(self, token: str) -> dict[str, Any] | None:
        """Read a token; None if it is not one of ours, or too old."""
        for key in self._signing:
            try:
                claims = jwt.decode(token, key, [_ALGORITHM]).claims
                jwt.JWTClaimsRegistry(exp={"essential": True}).validate(claims)
            except (JoseError, ValueError):
                continue
            return claims
        return None

    def secret(self, purpose: str) -> str:
        """Derive a secret for something that signs by itself."""
        return _derived(self._newest, purpose).hex()

    def seal(self) -> Seal:
        """The seal of stored secrets."""

        def opened(text: str) -> str:
            try:
                return self._sealing.decrypt(text.encode()).decode()
            except InvalidToken:
                raise LookupError(
                    "A stored secret was encrypted with another key. Add that key to TIDYPLAN_SECRET_KEY, at the end."
                ) from None

        return Seal(lambda text: self._sealing.encrypt(text.encode()).decode(), opened)

    def resealed(self, text: str) -> str:
        """Encrypt anew with the newest key what any of them has encrypted."""
        return self._sealing.rotate(text.encode()).decode()


def _derived(key: str, purpose: str) -> bytes:
    return hmac.new(key.encode(), f"tidyplan:{purpose}".encode(), hashlib.sha256).digest()


def random_token() -> str:
    """Make a token that nobody can guess."""
    return secrets.token_urlsafe(_TOKEN_BYTES)


def digest(token: str) -> str:
    """What is stored of a random token: it has too much entropy to be guessed from its digest."""
    return hashlib.sha256(token.encode()).hexdigest()
