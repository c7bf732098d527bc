"""A mail server on loopback, and what leaves for it when the jobs that wait are run here and now."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from threading import Event
from typing import Any

from aiosmtpd.controller import Controller
from pydantic import SecretStr
from sqlalchemy import select

from models.records import Executor, ScheduleNotification
from models.records.base import now
from service.database import Database
from service.jobs.job import Host, Job
from service.notices.sending import send
from service.settings import Settings
from tests.service.accounts import Client, Json

SETTINGS = Settings(
    database_url="sqlite:///unused.db",
    secret_key=SecretStr("of no use to anybody"),
    outgoing_allow="127.0.0.0/8",
    public_url="https://plan.example.com",
    delivery_attempts=3,
    delivery_retry_seconds=30.0,
)
HEADER = "X-Tidyplan-Delivery"


@dataclass
class Post:
    """A mail server; `refuse` says which answer a recipient is refused with, nothing for none."""

    letters: list[EmailMessage] = field(default_factory=list)
    refuse: Callable[[str], str] = lambda _address: ""
    port: int = 0

    @property
    def url(self) -> str:
        """Of a channel that leads here."""
        return f"mailto://127.0.0.1:{self.port}?from=plan@example.com&mode=insecure"

    def to(self, address: str) -> list[EmailMessage]:
        """What somebody got."""
        return [letter for letter in self.letters if letter["To"] == address]

    async def handle_RCPT(self, _server: Any, _session: Any, envelope: Any, address: str, _options: Any) -> str:  # noqa: N802  # its name for it
        if answer := self.refuse(address):
            return answer
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802
        letter = message_from_bytes(envelope.content, policy=policy.default)
        assert isinstance(letter, EmailMessage)
        self.letters.append(letter)
        return "250 OK"


@contextmanager
def opened() -> Iterator[Post]:
    """A mail server while it is open."""
    post = Post()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        post.port = free.getsockname()[1]
    controller = Controller(post, hostname="127.0.0.1", port=post.port, ready_timeout=30)
    controller.start()
    try:
        yield post
    finally:
        controller.stop()


def job_of(database: Database, organization: int, key: str = "job", settings: Settings = SETTINGS) -> Job:
    """A job of a worker that is on the roll."""
    with database.everywhere() as session:
        session.merge(Executor(key="here", place="a test"))
        session.commit()
    return Job(key, "notify", organization, {}, Host(database, settings, "here", Event()))


def deliver(database: Database, organization: int, settings: Settings = SETTINGS) -> None:
    """Do what the jobs of all notifications that are due would do."""
    with database.everywhere(writes=False) as session:
        keys = session.scalars(
            select(ScheduleNotification.id)
            .where(ScheduleNotification.organization_id == organization, ScheduleNotification.due_at <= now())
            .order_by(ScheduleNotification.id)
        ).all()
    for key in keys:
        send(job_of(database, organization, f"notify:{key}", settings), key)


def notified(client: Client, **more: Any) -> Json:
    """Write a notification by hand."""
    body = {"notification_type": "schedule_change", "delivery_method": "email", "recipients": [client.user]}
    return client.made("notifications/", body | {"subject": "News", "message": "We start later."} | more)


def status_of(client: Client, notification: Json) -> Json:
    return dict(client.get(f"notifications/{notification['id']}/").json())


def deliveries_of(client: Client, notification: Json) -> list[Json]:
    path = f"notification-deliveries/?notification={notification['id']}&ordering=id&page_size=200"
    return list(client.get(path).json()["results"])
