"""Logging in to the pages: the users, passwords and limits of the API, and a cookie instead of a token."""

import anyio.to_thread
from fastapi import FastAPI
from sqlalchemy import select
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette_admin.auth import AdminUser, AuthProvider
from starlette_admin.exceptions import LoginFailed
from starlette_admin.helpers import index_url, safe_redirect_url

from models.errors import TidyplanError
from models.records import RefreshSession, User
from models.records.base import now
from service.accounts import Issuer, revoke, who_logs_in
from service.admin.failing import told
from service.callers import Caller
from service.database import Database
from service.keyring import Keyring, digest
from service.rate_limits import spend

COOKIE = "tidyplan_admin"
HOURS = 12


class Login(AuthProvider):
    """Lets the users of the service in; each page asks again whether they still may.

    The cookie names a login that is stored, so that logging out, a new password or a deactivated user end it.

    Parameters
    ----------
    main
        The application, with its database, keys and settings.
    """

    def __init__(self, main: FastAPI) -> None:
        super().__init__()
        self.main = main

    @property
    def database(self) -> Database:
        """Of the application."""
        found: Database = self.main.state.database
        return found

    @property
    def keyring(self) -> Keyring:
        """Of the application."""
        found: Keyring = self.main.state.keyring
        return found

    async def login(self, username: str, password: str, remember_me: bool, request: Request) -> Response | None:
        """Check a password and set the cookie; who is in several organizations types `ana@example.com#3`."""
        email, _, number = username.strip().partition("#")
        organization = int(number) if number.isdecimal() and len(number) < 19 else None
        address = request.client.host if request.client else ""
        try:
            token = await anyio.to_thread.run_sync(self._enter, email, password, organization, address)
        except TidyplanError as error:
            raise LoginFailed(told(error)) from None
        home = index_url(request)
        answer = RedirectResponse(safe_redirect_url(request.query_params.get("next") or home, request, home), 303)
        answer.set_cookie(
            COOKIE,
            token,
            max_age=HOURS * 3600 if remember_me else None,
            path=request.scope.get("root_path") or "/",
            secure=request.url.scheme == "https",
            httponly=True,
            samesite="lax",
        )
        return answer

    async def logout(self, request: Request) -> Response | None:
        """End the login."""
        claims = self.keyring.read(request.cookies.get(COOKIE, "")) or {}
        session = getattr(request.state, "session", None)
        if session is not None:
            await anyio.to_thread.run_sync(revoke, session, RefreshSession.digest == str(claims.get("login", "")))
        answer = RedirectResponse(index_url(request), 303)
        answer.delete_cookie(COOKIE, path=request.scope.get("root_path") or "/")
        return answer

    async def authenticate(self, request: Request) -> AdminUser | None:
        """Find out who asks for a page."""
        claims = self.keyring.read(request.cookies.get(COOKIE, ""))
        if claims is None or claims.get("use") != "admin":
            return None
        caller = await anyio.to_thread.run_sync(self._caller, claims, getattr(request.state, "request_id", None))
        if caller is None:
            return None
        request.state.caller = caller
        return AdminUser(f"{caller.name} ({caller.role})")

    def _enter(self, email: str, password: str, organization: int | None, address: str) -> str:
        settings = self.main.state.settings
        for who in (email.lower(), address):
            spend(self.database, "login", who, settings.logins_per_minute)
        with self.database.everywhere(writes=False) as reading:
            key = who_logs_in(reading, email, password, organization)
        with self.database.everywhere() as session:
            tokens = Issuer(session, self.keyring, settings).login(key)
            session.commit()
        claims = {
            "sub": str(key),
            "org": str(tokens.organization),
            "use": "admin",
            "login": digest(tokens.refresh_token),
        }
        return self.keyring.sign(claims, HOURS * 3600)

    def _caller(self, claims: dict[str, str], request_id: str | None) -> Caller | None:
        with self.database.everywhere(writes=False) as session:
            statement = (
                select(User)
                .join(RefreshSession, RefreshSession.user_id == User.id)
                .where(
                    RefreshSession.digest == str(claims.get("login")),
                    RefreshSession.revoked_at.is_(None),
                    RefreshSession.expires_at > now(),
                    User.id == int(claims["sub"]),
                    User.organization_id == int(claims["org"]),
                    User.is_active,
                )
            )
            user = session.scalars(statement).one_or_none()
            if user is None:
                return None
            return Caller(user.organization_id, user.id, user.name, user.role, request_id=request_id)
