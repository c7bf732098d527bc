"""What endpoints ask for: the caller, a session that is bound to it, the rights to act."""

from collections.abc import Callable, Iterator
from typing import Annotated, Any

from fastapi import Depends, Request
from fastapi.security import APIKeyCookie, HTTPAuthorizationCredentials, HTTPBearer
from sqlalchemy.orm import Session

from service.authentication import authenticate, authenticate_cookie
from service.callers import Caller
from service.database import POOL, Database
from service.errors import Unauthenticated
from service.keyring import Keyring
from service.oidc import OidcIssuer
from service.rate_limits import spend
from service.rights import RIGHTS, ensure_may
from service.sessions import COOKIE, CSRF_HEADER, ensure_ours
from service.settings import Settings
from service.suggesting import Keeping

SAFE = ("GET", "HEAD", "OPTIONS")
_bearer = HTTPBearer(auto_error=False, description="An access token of a login, or an API key.")
_cookie = APIKeyCookie(
    name=COOKIE,
    auto_error=False,
    description=f"The login of a browser, from `auth/session/`; changes carry its csrf_token in {CSRF_HEADER}, too.",
)


def database_of(request: Request) -> Database:
    """The database of the app."""
    database: Database = request.app.state.database
    return database


def keyring_of(request: Request) -> Keyring:
    """The keys of the app."""
    keyring: Keyring = request.app.state.keyring
    return keyring


def settings_of(request: Request) -> Settings:
    """The settings of the app."""
    settings: Settings = request.app.state.settings
    return settings


def keeping_of(request: Request) -> Keeping:
    """The indexes of the app."""
    keeping: Keeping = request.app.state.keeping
    return keeping


def caller(
    request: Request,
    database: Annotated[Database, Depends(database_of)],
    keyring: Annotated[Keyring, Depends(keyring_of)],
    bearer: Annotated[HTTPAuthorizationCredentials | None, Depends(_bearer)],
    cookie: Annotated[str | None, Depends(_cookie)],
) -> Caller:
    """Find out who asks, in a session of its own: it must not hold up writes. A token goes before a cookie."""
    if bearer is None and not cookie:
        raise Unauthenticated("There is no token. Log in, and send it as: Authorization: Bearer TOKEN")
    with database.everywhere(writes=False) as session:
        if bearer is None:
            assert cookie is not None
            asking = authenticate_cookie(session, cookie, request.state.request_id)
            if request.method not in SAFE:
                ensure_ours(cookie, request.headers.get(CSRF_HEADER))
            return asking
        issuer: OidcIssuer | None = request.app.state.issuer
        return authenticate(session, keyring, issuer, bearer.credentials, request.state.request_id)


def transaction(
    request: Request,
    database: Annotated[Database, Depends(database_of)],
    asking: Annotated[Caller, Depends(caller)],
    settings: Annotated[Settings, Depends(settings_of)],
) -> Iterator[Session]:
    """Open the one session of a request, and commit it once, before the answer is sent."""
    writes = request.method not in SAFE
    if writes:
        spend(database, "write", f"{asking.organization_id} {asking.key}", settings.writes_per_minute)
    with database.session(asking, writes=writes) as session:
        request.state.session = session
        yield session
        session.commit()


def open_transaction(request: Request, database: Annotated[Database, Depends(database_of)]) -> Iterator[Session]:
    """The same for a request that nobody has logged in for; it sees all organizations."""
    with database.everywhere(writes=request.method not in SAFE) as session:
        yield session
        session.commit()


Asking = Annotated[Caller, Depends(caller)]
# Fewer than there are connections: what waits for one holds no thread that others need to finish.
Transaction = Annotated[Session, Depends(transaction, scope="function", max_concurrency=POOL * 5 // 8)]
OpenTransaction = Annotated[Session, Depends(open_transaction, scope="function", max_concurrency=POOL // 8)]
TheDatabase = Annotated[Database, Depends(database_of)]
Keys = Annotated[Keyring, Depends(keyring_of)]
TheKeeping = Annotated[Keeping, Depends(keeping_of)]
TheSettings = Annotated[Settings, Depends(settings_of)]


def allowed(resource: str, action: str) -> Any:
    """Let only callers pass who may do something.

    Parameters
    ----------
    resource
        A row of the table of rights.
    action
        "read", "create", "update", "delete" or the name of an action.

    Returns
    -------
    A dependency for the `dependencies` of a route.
    """
    assert resource in RIGHTS, f"{resource} is not in service.rights.RIGHTS"
    return Depends(_check(resource, action))


def _check(resource: str, action: str) -> Callable[[Caller], None]:
    def check(asking: Asking) -> None:
        ensure_may(asking, resource, action)

    check.right = (resource, action)  # type: ignore[attr-defined]  # for the test that walks all routes
    return check
