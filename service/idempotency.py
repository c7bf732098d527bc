"""Requests that are done once, however often they are sent: the `Idempotency-Key` header."""

import hashlib
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Annotated, Any

from fastapi import Depends, Header, Request, Response
from fastapi.concurrency import run_in_threadpool
from fastapi.routing import APIRoute
from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from models.records import IdempotencyKey
from models.records.base import now
from service.attempts import attempted
from service.callers import Caller
from service.database import Database
from service.dependencies import Asking, database_of
from service.errors import KeyReused, UnderWay

KEPT = timedelta(hours=24)
ABANDONED = timedelta(minutes=5)
"""After this a request that never ended may be sent again."""

_HEADERS = ("content-type", "etag", "location")


class Replay(Exception):
    """The answer is known already; not an error, but a way out of the endpoint."""

    def __init__(self, response: Response) -> None:
        self.response = response


async def replay(_request: Request, found: Exception) -> Response:
    """Answer as before."""
    assert isinstance(found, Replay)
    return found.response


KeyHeader = Annotated[
    str | None,
    Header(
        alias="Idempotency-Key",
        min_length=1,
        max_length=200,
        pattern=r"^[\x21-\x7e]+$",
        description="Any text of your choice: a repeated request with it gets the same answer, for 24 hours.",
    ),
]


async def claim_key(
    request: Request, asking: Asking, database: Annotated[Database, Depends(database_of)], key: KeyHeader = None
) -> None:
    """Claim the key of a request, if it has one, or answer as before."""
    if key is None or getattr(request.state, "claim", None) is not None:
        return
    body = hashlib.sha256(await request.body() + b"?" + request.url.query.encode()).hexdigest()
    request.state.claim = await run_in_threadpool(_claim, database, asking, request.url.path[:200], key, body)


once = Depends(claim_key)


def _claim(database: Database, caller: Caller, path: str, key: str, body: str) -> int:
    with database.session(caller) as session:
        found = _find(session, caller, path, key)
        if found is not None and _is_over(found):
            session.delete(found)
            session.flush()
            found = None
        if found is not None:
            raise _known(found, body)
        claim = IdempotencyKey(caller=caller.key, path=path, key=key, body_digest=body)
        session.add(claim)
        try:
            session.commit()
        except IntegrityError:
            raise UnderWay(f'Another request with the key "{key}" is under way. Wait for its answer.') from None
        return claim.id


def _find(session: Session, caller: Caller, path: str, key: str) -> IdempotencyKey | None:
    statement = select(IdempotencyKey).where(
        IdempotencyKey.caller == caller.key, IdempotencyKey.path == path, IdempotencyKey.key == key
    )
    return session.scalars(statement).one_or_none()


def _is_over(found: IdempotencyKey) -> bool:
    return found.created_at + (ABANDONED if found.status is None else KEPT) < now()


def _known(found: IdempotencyKey, body: str) -> Exception:
    if found.body_digest != body:
        return KeyReused(f'The key "{found.key}" came with another request before. Choose a new one.')
    if found.status is None:
        return UnderWay(f'Another request with the key "{found.key}" is under way. Wait for its answer.')
    headers: dict[str, Any] = {**found.headers, "Idempotency-Replayed": "true"}
    return Replay(Response(found.body, found.status, headers))


def forget_old_keys(session: Session) -> None:
    """Delete the keys that are no longer kept."""
    session.execute(delete(IdempotencyKey).where(IdempotencyKey.created_at < now() - KEPT))


class OnceRoute(APIRoute):
    """A route that keeps its answer with the key that was claimed for it, in the transaction of the request."""

    def get_route_handler(self) -> Callable[[Request], Awaitable[Response]]:  # type: ignore[override]  # a coroutine is awaitable
        """Wrap the handler."""
        handle = super().get_route_handler()

        async def answer(request: Request) -> Response:
            response = await handle(request)
            if (claim := getattr(request.state, "claim", None)) is not None:
                await run_in_threadpool(_keep, request.state.session, claim, response)
            return response

        async def answer_or_release(request: Request) -> Response:
            try:
                return await attempted(request, answer)
            except BaseException:
                await _release(request)
                raise

        return answer_or_release


async def _release(request: Request) -> None:
    if (claim := getattr(request.state, "claim", None)) is not None:
        await run_in_threadpool(_forget, request.app.state.database, claim, getattr(request.state, "session", None))


def _forget(database: Database, claim: int, failed: Session | None) -> None:
    if failed is not None:
        failed.rollback()  # now, not later: it may hold the lock that is needed here
    with database.everywhere() as session:
        session.execute(delete(IdempotencyKey).where(IdempotencyKey.id == claim, IdempotencyKey.status.is_(None)))
        session.commit()


def _keep(session: Session, claim: int, response: Response) -> None:
    kept = session.get_one(IdempotencyKey, claim)
    kept.status = response.status_code
    kept.headers = {name: response.headers[name] for name in _HEADERS if name in response.headers}
    kept.body = bytes(response.body)
    session.flush()
