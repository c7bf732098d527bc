"""Logins of a browser: a cookie that scripts cannot read, and a token that only pages of ours know."""

import secrets
from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.records import RefreshSession, User
from models.records.base import now
from service.accounts import revoke
from service.errors import Forbidden
from service.keyring import digest, random_token
from service.settings import Settings

COOKIE = "tidyplan_session"
CSRF_HEADER = "X-CSRF-Token"


def open_session(session: Session, user_id: int, settings: Settings) -> str:
    """Note that a user has logged in with a browser.

    Parameters
    ----------
    session
        That sees all organizations.
    user_id
        Who has shown a password.
    settings
        How long it lasts.

    Returns
    -------
    The text of the cookie; only its digest is stored, and it is of no use as a refresh token.
    """
    user, token = session.get_one(User, user_id), random_token()
    user.last_login_at = now()
    session.add(
        RefreshSession(
            organization_id=user.organization_id,
            user_id=user.id,
            family=random_token(),
            digest=_stored(token),
            expires_at=now() + timedelta(days=settings.refresh_token_days),
        )
    )
    return token


def user_of_cookie(session: Session, token: str) -> User | None:
    """Find whose cookie it is; None if it is unknown, too old, or was logged out."""
    found = session.scalars(select(RefreshSession).where(RefreshSession.digest == _stored(token))).one_or_none()
    if found is None or found.revoked_at is not None or found.expires_at <= now():
        return None
    return session.get(User, found.user_id)


def close_session(session: Session, token: str) -> None:
    """Log a browser out."""
    revoke(session, RefreshSession.digest == _stored(token))


def csrf_token(token: str) -> str:
    """What requests that change something carry beside the cookie: it follows from it, but nobody else knows it."""
    return digest(f"csrf {token}")


def ensure_ours(token: str, sent: str | None) -> None:
    """Let a change pass that a page of ours asked for.

    Parameters
    ----------
    token
        The text of the cookie.
    sent
        What came in the header.

    Raises
    ------
    Forbidden
        If it does not belong to the cookie.
    """
    if not secrets.compare_digest(csrf_token(token).encode(), (sent or "").encode()):
        raise Forbidden(f"With a cookie, changes need the csrf_token of auth/session/ in the header {CSRF_HEADER}.")


def _stored(token: str) -> str:
    return digest(f"cookie {token}")
