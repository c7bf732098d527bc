"""Logins: a password gives a short-lived access token and a refresh token, which is good for one use."""

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import ColumnElement, select, update
from sqlalchemy.orm import Session

from models.errors import Fault
from models.records import RefreshSession, User
from models.records.base import InvalidRecord, now
from service import passwords
from service.errors import Unauthenticated
from service.keyring import Keyring, digest, random_token
from service.settings import Settings


@dataclass(frozen=True, slots=True)
class Tokens:
    """What a login gives.

    Parameters
    ----------
    access_token, refresh_token
        For requests, and for new tokens.
    expires_in
        Seconds until the access token is too old.
    user, organization
        Who logged in, and where.
    """

    access_token: str
    refresh_token: str
    expires_in: int
    user: int
    organization: int


@dataclass(frozen=True, slots=True)
class Issuer:
    """Makes and renews tokens.

    Parameters
    ----------
    session
        That sees all organizations.
    keyring, settings
        How tokens are signed, and how long they live.
    """

    session: Session
    keyring: Keyring
    settings: Settings

    def login(self, user_id: int) -> Tokens:
        """Issue tokens to a user who has shown a password.

        Parameters
        ----------
        user_id
            As `who_logs_in` found it.

        Returns
        -------
        The tokens.
        """
        user = self.session.get_one(User, user_id)
        user.last_login_at = now()
        return self._issue(user, random_token())

    def refresh(self, token: str) -> Tokens | None:
        """Issue new tokens for a refresh token, which is then spent.

        Parameters
        ----------
        token
            As it was issued.

        Returns
        -------
        The tokens; None if it is unknown or too old. One that was spent before revokes all that came from its login:
        somebody else has it.
        """
        statement = select(RefreshSession).where(RefreshSession.digest == digest(token)).with_for_update()
        found = self.session.scalars(statement).one_or_none()
        if found is None or found.revoked_at is not None:
            return None
        if found.used_at is not None:
            self.revoke_family(found.family)
            return None
        user = self.session.get(User, found.user_id)
        if found.expires_at <= now() or user is None or not user.is_active:
            return None
        found.used_at = now()
        return self._issue(user, found.family)

    def logout(self, token: str) -> None:
        """Revoke a refresh token and all that came from the same login."""
        found = self.session.scalars(select(RefreshSession).where(RefreshSession.digest == digest(token))).one_or_none()
        if found is not None:
            self.revoke_family(found.family)

    def revoke_family(self, family: str) -> None:
        """Revoke all refresh tokens of a login."""
        revoke(self.session, RefreshSession.family == family)

    def _issue(self, user: User, family: str) -> Tokens:
        refresh_token, seconds = random_token(), self.settings.access_token_minutes * 60
        self.session.add(
            RefreshSession(
                organization_id=user.organization_id,
                user_id=user.id,
                family=family,
                digest=digest(refresh_token),
                expires_at=now() + timedelta(days=self.settings.refresh_token_days),
            )
        )
        claims = {"sub": str(user.id), "org": str(user.organization_id), "use": "access"}
        return Tokens(self.keyring.sign(claims, seconds), refresh_token, seconds, user.id, user.organization_id)


def who_logs_in(session: Session, email: str, password: str, organization: int | None) -> int:
    """Check a password; it takes its time, so that the session should be one that only reads.

    Parameters
    ----------
    session
        That sees all organizations.
    email, password
        As typed.
    organization
        Which one, for somebody who is in several.

    Returns
    -------
    The id of the user.

    Raises
    ------
    Unauthenticated
        If nobody active has this email and password.
    InvalidRecord
        If the organization has to be named.
    """
    statement = select(User).where(User.email == email.strip().lower(), User.is_active).order_by(User.id)
    if organization is not None:
        statement = statement.where(User.organization_id == organization)
    users = session.scalars(statement).all()
    right = [user for user in users if passwords.matches(password, user.password_hash)]
    if not users:
        passwords.matches(password, None)  # so that it takes as long
    if not right:
        raise Unauthenticated("The email or the password is wrong.")
    if len(right) > 1:
        choices = ", ".join(str(user.organization_id) for user in right)
        raise InvalidRecord([Fault("organization", "nothing", f"one of {choices}", "Say where to log in.")])
    return right[0].id


def revoke(session: Session, condition: ColumnElement[bool]) -> None:
    """Revoke the refresh tokens that meet a condition."""
    statement = update(RefreshSession).where(condition, RefreshSession.revoked_at.is_(None))
    session.execute(statement.values(revoked_at=now()))
