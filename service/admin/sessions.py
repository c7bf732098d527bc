"""One transaction for each page, in the name of who asks for it."""

import anyio.to_thread
from fastapi import FastAPI
from sqlalchemy.orm import Session
from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from starlette_admin.i18n import set_timezone

from service.callers import Caller
from service.database import Database
from service.dependencies import SAFE
from service.rate_limits import spend
from service.schemas import organization

# The library's pages have scripts and styles in them; nothing comes from elsewhere.
POLICY = (
    "default-src 'self'; script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
    "font-src 'self' data:; frame-ancestors 'none'; base-uri 'none'; form-action 'self'"
)


class Pages:
    """Opens the session of a page and commits it once, before the answer is sent, unless that is an error.

    Parameters
    ----------
    app
        What answers.
    main
        The application, with its database and settings.
    """

    def __init__(self, app: ASGIApp, main: FastAPI) -> None:
        self.app, self.main = app, main

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        caller = scope.get("state", {}).get("caller")
        session: Session | None = None
        if isinstance(caller, Caller):
            session = await anyio.to_thread.run_sync(self._open, caller, scope["method"])
            set_timezone(session.info["timezone"])
            scope["state"]["session"] = session

        async def sending(message: Message) -> None:
            if message["type"] == "http.response.start":
                if session is not None and message["status"] < 400:
                    await anyio.to_thread.run_sync(session.commit)
                headers = MutableHeaders(scope=message)
                headers["Content-Security-Policy"] = POLICY
                headers.setdefault("Cache-Control", "no-store" if session is not None else "no-cache")
            await send(message)

        try:
            await self.app(scope, receive, sending)
        finally:
            if session is not None:
                with anyio.CancelScope(shield=True):
                    await anyio.to_thread.run_sync(session.close)

    def _open(self, caller: Caller, method: str) -> Session:
        database: Database = self.main.state.database
        writes = method not in SAFE
        if writes:
            most = self.main.state.settings.writes_per_minute
            spend(database, "write", f"{caller.organization_id} {caller.key}", most)
        session = database.session(caller, writes=writes)
        session.info["timezone"] = organization(session).timezone
        return session
