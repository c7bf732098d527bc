"""Settings, from the environment: every field is `TIDYPLAN_` and its name in capitals."""

import os
import secrets
from functools import cached_property
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, SecretStr, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict
from sqlalchemy import make_url

from models.faults import refuse
from service.outgoing.guard import Guard

PREFIX = "TIDYPLAN_"


class Settings(BaseSettings):
    """All there is to set; `tidyplan settings` prints this table."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, extra="ignore", frozen=True)

    database_url: Annotated[
        str, Field(description="`sqlite:///file.db`, or `postgresql+psycopg://user:password@host/name`.")
    ] = "sqlite:///tidyplan.db"
    secret_key: Annotated[
        SecretStr | None,
        Field(
            description="Signs tokens and encrypts stored secrets; several, newest first, separated by commas. "
            "With SQLite and none given, one is made beside the file."
        ),
    ] = None
    host: Annotated[str, Field(description="Address that `tidyplan serve` listens on.")] = "127.0.0.1"
    port: Annotated[int, Field(ge=0, le=65535, description="Port that `tidyplan serve` listens on.")] = 8000
    busy_seconds: Annotated[float, Field(gt=0, description="How long a write waits for another one, with SQLite.")] = (
        30.0
    )
    max_body_bytes: Annotated[int, Field(ge=0, description="Largest body of a request.")] = 1_000_000
    access_token_minutes: Annotated[int, Field(ge=1, description="How long an access token is good for.")] = 15
    refresh_token_days: Annotated[int, Field(ge=1, description="How long a refresh token is good for.")] = 30
    writes_per_minute: Annotated[
        int, Field(ge=0, description="Most writes of a caller in a minute; 0 is no limit.")
    ] = 600
    logins_per_minute: Annotated[
        int, Field(ge=0, description="Most logins in a minute, by email and by address; 0 is no limit.")
    ] = 10
    events_seconds: Annotated[
        float, Field(ge=0, description="How long a stream of `events/` lasts; browsers ask again by themselves.")
    ] = 300.0
    oidc_issuer: Annotated[str, Field(description="An OpenID Connect issuer whose tokens are accepted.")] = ""
    oidc_audience: Annotated[str, Field(description="For whom its tokens must be; needed with an issuer.")] = ""
    outgoing_allow: Annotated[
        str,
        Field(
            description="Hosts, addresses and networks, separated by commas, that the service may connect to although "
            "they are not public, such as `10.1.0.0/16, mail.internal`."
        ),
    ] = ""
    archive_folder: Annotated[
        Path | None,
        Field(
            description="Where the nightly job puts archives, as the retention of organizations says; none: nowhere."
        ),
    ] = None
    public_url: Annotated[
        str,
        Field(
            pattern=r"^(https?://[^\s?#]+)?$",
            description="Where clients reach this service, such as `https://plan.example.com`, for links in mails; "
            "by default the host and port above.",
        ),
    ] = ""
    visits_per_minute: Annotated[
        int, Field(ge=0, description="How often clients may look at one appointment in a minute; 0 is no limit.")
    ] = 30
    delivery_attempts: Annotated[
        int, Field(ge=1, le=20, description="How often a notification is tried before it has failed.")
    ] = 6
    delivery_retry_seconds: Annotated[
        float,
        Field(ge=0.1, description="Before the second attempt; then four times as long each time, up to six hours."),
    ] = 30.0
    worker: Annotated[
        bool | None,
        Field(description="Whether `tidyplan serve` runs jobs, too; by default with SQLite only."),
    ] = None
    jobs_at_once: Annotated[int, Field(ge=1, description="Most short jobs at once in a worker.")] = 16
    jobs_per_organization: Annotated[
        int, Field(ge=1, description="Most short jobs at once of an organization, in all workers.")
    ] = 8
    runs_at_once: Annotated[int, Field(ge=1, description="Most long computations at once in a worker.")] = 1
    runs_per_organization: Annotated[
        int, Field(ge=1, description="Most long computations at once of an organization, in all workers.")
    ] = 1
    jobs_poll_seconds: Annotated[float, Field(ge=0.05, description="How often a worker looks for new jobs.")] = 0.3
    worker_dead_seconds: Annotated[
        float, Field(ge=0.5, description="After which silence of a worker others go on with its jobs.")
    ] = 10.0
    worker_drain_seconds: Annotated[
        int, Field(ge=0, description="How long a worker that ends waits for its jobs; then others go on with them.")
    ] = 10
    checkpoint_seconds: Annotated[
        float, Field(ge=0.2, description="How often a run keeps its best plan, for a worker that takes it over.")
    ] = 10.0
    suggest_organizations: Annotated[
        int, Field(ge=0, description="Of how many organizations a process keeps an index for slots; 0: of none.")
    ] = 16
    suggest_days: Annotated[
        int, Field(ge=1, le=90, description="How far ahead such an index reaches; what is asked beyond takes longer.")
    ] = 14
    metrics_token: Annotated[
        SecretStr | None,
        Field(description="Who asks for `/metrics` must send it as a bearer token; none: anybody may."),
    ] = None
    log_level: Annotated[
        Literal["debug", "info", "warning", "error"], Field(description="`debug`, `info`, `warning` or `error`.")
    ] = "info"
    log_json: Annotated[bool, Field(description="Log as JSON lines instead of text.")] = False

    @model_validator(mode="after")
    def _issuer_has_an_audience(self) -> "Settings":
        if self.oidc_issuer and not self.oidc_audience:
            raise refuse("", "for whom tokens of the issuer must be", "Set it.", "oidc_audience")
        return self

    @field_validator("outgoing_allow")
    @classmethod
    def _allows_hosts_and_networks(cls, text: str) -> str:
        try:
            Guard.of(_listed(text))
        except ValueError as error:
            raise refuse(text, "hosts and networks, separated by commas", str(error)) from None
        return text

    @cached_property
    def guard(self) -> Guard:
        """Where the service may connect to."""
        return Guard.of(_listed(self.outgoing_allow))

    @property
    def address(self) -> str:
        """Where clients reach this service, without a slash at the end."""
        return self.public_url.rstrip("/") or f"http://{self.host}:{self.port}"

    @property
    def runs_jobs(self) -> bool:
        """Whether `tidyplan serve` runs jobs in its process."""
        return make_url(self.database_url).get_backend_name() == "sqlite" if self.worker is None else self.worker

    @cached_property
    def keys(self) -> tuple[str, ...]:
        """The secret keys, newest first.

        Raises
        ------
        LookupError
            If none is set and there is no file of an embedded database to put one beside.
        """
        given = self.secret_key.get_secret_value() if self.secret_key else ""
        return _listed(given) or (_kept_key(self.database_url),)


def _listed(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(",") if part.strip())


def _kept_key(database_url: str) -> str:
    url = make_url(database_url)
    if url.get_backend_name() != "sqlite" or not url.database:
        raise LookupError("There is no secret key. Set TIDYPLAN_SECRET_KEY to a long random text, and keep it safe.")
    path = Path(url.database).with_suffix(".key")
    try:
        descriptor = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    except FileExistsError:
        return path.read_text().strip()
    with os.fdopen(descriptor, "w") as file:
        file.write(key := secrets.token_urlsafe(48))
    return key
