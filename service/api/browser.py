"""Logging in with a browser: a cookie instead of tokens, and who one is."""

from typing import Annotated

from fastapi import APIRouter, Body, Request, Response
from pydantic import BaseModel, Field
from sqlalchemy.orm import Session

from service.accounts import who_logs_in
from service.api.auth import Credentials
from service.authentication import authenticate_cookie
from service.callers import Caller
from service.dependencies import Asking, OpenTransaction, TheDatabase, TheSettings
from service.problems import responses
from service.rate_limits import spend
from service.rights import RIGHTS, may
from service.routing import BASE
from service.schemas import organization
from service.sessions import COOKIE, CSRF_HEADER, close_session, csrf_token, ensure_ours, open_session

router = APIRouter(
    prefix=f"{BASE}/auth/session", tags=["auth"], responses=responses("invalid", "unauthenticated", "too_many_requests")
)


class OwnOrganization(BaseModel):
    """The organization of whoever is logged in."""

    id: int
    name: str
    timezone: str
    currency: str
    step_minutes: int


class Login(BaseModel):
    """Who is logged in, where, and what that may do."""

    user: int
    name: str
    role: str
    organization: OwnOrganization
    rights: Annotated[dict[str, list[str]], Field(description='The actions on every resource; `["*"]` is all of them.')]
    csrf_token: Annotated[
        str | None, Field(description="For the header `X-CSRF-Token` of changes, where the login is a cookie.")
    ]


@router.post("/", summary="Log in with a cookie")
def log_in(
    request: Request,
    session: OpenTransaction,
    database: TheDatabase,
    settings: TheSettings,
    response: Response,
    body: Annotated[Credentials, Body()],
) -> Login:
    """Exchange an email and a password for a cookie that scripts cannot read."""
    for who in (body.email.strip().lower(), request.client.host if request.client else ""):
        spend(database, "login", who, settings.logins_per_minute)
    with database.everywhere(writes=False) as reading:
        user = who_logs_in(reading, body.email, body.password, body.organization)
    token = open_session(session, user, settings)
    session.flush()
    response.set_cookie(
        COOKIE,
        token,
        max_age=settings.refresh_token_days * 86_400,
        path=BASE,
        secure=request.url.scheme == "https",
        httponly=True,
        samesite="strict",
    )
    response.headers["Cache-Control"] = "no-store"
    asking = authenticate_cookie(session, token, request.state.request_id)
    with database.session(asking, writes=False) as reading:
        return _login(reading, asking, token)


@router.get("/", summary="Get who is logged in", responses=responses("unauthenticated"))
def who(request: Request, response: Response, database: TheDatabase, asking: Asking) -> Login:
    """Tell who asks, in which organization, and what that may do."""
    response.headers["Cache-Control"] = "no-store"
    with database.session(asking, writes=False) as reading:
        return _login(reading, asking, None if "authorization" in request.headers else request.cookies.get(COOKIE))


@router.delete("/", summary="Log a browser out", status_code=204, responses=responses("forbidden"))
def log_out(request: Request, session: OpenTransaction, response: Response) -> None:
    """End the login of the cookie; without one there is nothing to end."""
    token = request.cookies.get(COOKIE)
    if token is not None:
        ensure_ours(token, request.headers.get(CSRF_HEADER))
        close_session(session, token)
        response.delete_cookie(COOKIE, path=BASE, httponly=True, samesite="strict")


def _login(session: Session, asking: Caller, token: str | None) -> Login:
    owner = organization(session)
    assert asking.user_id is not None
    return Login(
        user=asking.user_id,
        name=asking.name,
        role=asking.role,
        organization=OwnOrganization.model_validate(owner, from_attributes=True),
        rights={name: _actions(asking, name) for name in RIGHTS},
        csrf_token=None if token is None else csrf_token(token),
    )


def _actions(asking: Caller, resource: str) -> list[str]:
    granted = RIGHTS[resource].of(asking.role)
    return sorted(action for action in granted if action == "*" or may(asking, resource, action))
