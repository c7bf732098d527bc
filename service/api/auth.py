"""Logging in, staying in, logging out."""

from typing import Annotated

from fastapi import APIRouter, Body, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from models.records.fields import MAX_ID
from service.accounts import Issuer, Tokens, who_logs_in
from service.dependencies import Keys, OpenTransaction, TheDatabase, TheSettings
from service.passwords import LONGEST
from service.problems import problem, responses
from service.rate_limits import spend
from service.routing import BASE
from service.secrecy import SECRET

router = APIRouter(prefix=f"{BASE}/auth", tags=["auth"], responses=responses("invalid", "too_many_requests"))


class Credentials(BaseModel):
    """Who wants to log in."""

    model_config = ConfigDict(
        extra="forbid",
        hide_input_in_errors=True,
        json_schema_extra={"examples": [{"email": "ana@example.com", "password": "correct horse"}]},
    )

    email: Annotated[str, Field(max_length=254)]
    password: Annotated[str, Field(max_length=LONGEST), SECRET]
    organization: Annotated[int | None, Field(ge=1, le=MAX_ID, description="For somebody who is in several.")] = None


class RefreshToken(BaseModel):
    """A refresh token."""

    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)

    refresh_token: Annotated[str, Field(max_length=200), SECRET]


class TokenPair(BaseModel):
    """An access token for requests, and a refresh token that is good for one use."""

    access_token: str
    token_type: str = "Bearer"
    expires_in: Annotated[int, Field(description="Seconds until the access token is too old.")]
    refresh_token: str
    user: int
    organization: int


def _pair(tokens: Tokens, response: Response) -> TokenPair:
    response.headers["Cache-Control"] = "no-store"
    return TokenPair(
        access_token=tokens.access_token,
        expires_in=tokens.expires_in,
        refresh_token=tokens.refresh_token,
        user=tokens.user,
        organization=tokens.organization,
    )


@router.post("/login/", summary="Log in", responses=responses("unauthenticated"))
def login(
    request: Request,
    session: OpenTransaction,
    database: TheDatabase,
    keys: Keys,
    settings: TheSettings,
    response: Response,
    body: Annotated[Credentials, Body()],
) -> TokenPair:
    """Exchange an email and a password for tokens."""
    for who in (body.email.strip().lower(), request.client.host if request.client else ""):
        spend(database, "login", who, settings.logins_per_minute)
    with database.everywhere(writes=False) as reading:
        user = who_logs_in(reading, body.email, body.password, body.organization)
    return _pair(Issuer(session, keys, settings).login(user), response)


@router.post("/refresh/", summary="Refresh tokens", response_model=TokenPair, responses=responses("unauthenticated"))
def refresh(
    request: Request,
    session: OpenTransaction,
    keys: Keys,
    settings: TheSettings,
    response: Response,
    body: Annotated[RefreshToken, Body()],
) -> TokenPair | Response:
    """Exchange a refresh token for new tokens; the second use of one ends the login."""
    tokens = Issuer(session, keys, settings).refresh(body.refresh_token)
    if tokens is None:
        # Answered, not raised: what was revoked must be committed.
        return problem(request, "unauthenticated", "The refresh token is spent, revoked or too old. Log in again.")
    return _pair(tokens, response)


@router.post("/logout/", summary="Log out", status_code=204)
def logout(session: OpenTransaction, keys: Keys, settings: TheSettings, body: Annotated[RefreshToken, Body()]) -> None:
    """Revoke a refresh token and all that came from the same login."""
    Issuer(session, keys, settings).logout(body.refresh_token)
