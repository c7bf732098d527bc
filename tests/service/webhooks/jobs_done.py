"""Jobs that wait, done in this process and in order, as a worker would do them, without its pauses."""

from pkgutil import resolve_name
from threading import Event
from typing import Any

from pydantic import SecretStr

from models.records import Executor
from service.database import Database
from service.jobs.job import Host, Job
from service.jobs.kinds import KINDS
from service.jobs.queue import client
from service.settings import Settings

ALLOWED = "127.0.0.0/8"


def settings_of(database: Database) -> Settings:
    """Settings under which loopback may be connected to."""
    url = database.url.render_as_string(hide_password=False)
    return Settings(database_url=url, secret_key=SecretStr("of no use to anybody"), outgoing_allow=ALLOWED)


class Jobs:
    """The jobs of a database, each of which is done once."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.host = Host(database, settings_of(database), "here", Event())
        self._done: set[str] = set()
        with database.everywhere() as session:
            session.merge(Executor(key="here", place="a test"))
            session.commit()

    def waiting(self, *kinds: str, later: bool = False) -> list[Any]:
        """Those that wait, oldest first; with `later`, those that are to be done later, too."""
        states = ["ENQUEUED", "DELAYED"] if later else ["ENQUEUED"]
        found: list[Any] = client(self.database.engine).list_workflows(name="job", status=states)
        return [
            each
            for each in sorted(found, key=lambda each: each.created_at or 0)
            if each.workflow_id not in self._done and each.input["args"][0] in kinds
        ]

    def do(self, *kinds: str, later: bool = False, rounds: int = 50) -> int:
        """Do what waits, and what that asks for; tells how many there were."""
        count = 0
        for _ in range(rounds):
            found = self.waiting(*kinds, later=later)
            if not found:
                break
            for each in found:
                kind, organization, arguments = each.input["args"]
                self._done.add(each.workflow_id)
                self.run(each.workflow_id, kind, organization, arguments)
                count += 1
        return count

    def run(self, id: str, kind: str, organization: int | None, arguments: dict[str, Any]) -> None:
        """Do one."""
        resolve_name(KINDS[kind].function)(Job(id, kind, organization, arguments, self.host), **arguments)
