"""Who is asking: a token of a login, or an API key, becomes a caller."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.records import ApiKey, User
from models.records.base import now
from service.callers import EVERY_SCOPE, Caller
from service.errors import Unauthenticated
from service.keyring import Keyring, digest
from service.oidc import OidcIssuer, user_of
from service.sessions import user_of_cookie

KEY_PREFIX = "tp_"


def authenticate(
    session: Session, keyring: Keyring, issuer: OidcIssuer | None, credentials: str, request_id: str | None
) -> Caller:
    """Find out who asks.

    Parameters
    ----------
    session
        That sees all organizations.
    keyring
        What tokens are signed with.
    issuer
        Whose tokens are accepted besides.
    credentials
        A token of a login or of the issuer, or an API key.
    request_id
        The request it comes with.

    Returns
    -------
    The caller.

    Raises
    ------
    Unauthenticated
        If the credentials are wrong, too old or revoked, or the user is no longer active.
    """
    if credentials.startswith(KEY_PREFIX):
        user, scopes = _by_key(session, credentials)
    else:
        user, scopes = _by_token(session, keyring, issuer, credentials), frozenset({EVERY_SCOPE})
    return _caller(user, scopes, request_id)


def authenticate_cookie(session: Session, token: str, request_id: str | None) -> Caller:
    """Find out whose browser asks.

    Parameters
    ----------
    session, request_id
        As for `authenticate`.
    token
        The text of the cookie.

    Returns
    -------
    The caller.

    Raises
    ------
    Unauthenticated
        If the login is over, or the user is no longer active.
    """
    return _caller(user_of_cookie(session, token), frozenset({EVERY_SCOPE}), request_id)


def _caller(user: User | None, scopes: frozenset[str], request_id: str | None) -> Caller:
    if user is None or not user.is_active:
        raise Unauthenticated("The credentials are wrong, or have expired. Log in again.")
    return Caller(user.organization_id, user.id, user.name, user.role, scopes, request_id)


def _by_token(session: Session, keyring: Keyring, issuer: OidcIssuer | None, token: str) -> User | None:
    claims = keyring.read(token)
    if claims is None:
        given = issuer.claims_of(token) if issuer is not None else None
        return None if given is None else user_of(session, given)
    if claims.get("use") != "access":
        return None
    statement = select(User).where(User.id == int(claims["sub"]), User.organization_id == int(claims["org"]))
    return session.scalars(statement).one_or_none()


def _by_key(session: Session, key: str) -> tuple[User | None, frozenset[str]]:
    found = session.scalars(select(ApiKey).where(ApiKey.digest == digest(key))).one_or_none()
    moment = now()
    if found is None or found.revoked_at is not None or (found.expires_at is not None and found.expires_at <= moment):
        return None, frozenset()
    return session.get(User, found.user_id), frozenset(found.scopes)
