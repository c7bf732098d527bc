"""Jobs for tests, which write down what they do, and a process that runs them: python -m tests.service.jobs.work."""

import signal
import sys
from pathlib import Path
from threading import Event
from time import monotonic, sleep

from pydantic import SecretStr

from models.records import Executor
from service import logs
from service.database import Database
from service.jobs.job import Host, Job
from service.jobs.kinds import KINDS, REGULAR, Kind
from service.settings import Settings

HERE = "tests.service.jobs.work"
TEST_KINDS = {
    "note": Kind(f"{HERE}:note"),
    "slow": Kind(f"{HERE}:slow"),
    "shared": Kind(f"{HERE}:shared"),
    "long": Kind(f"{HERE}:slow", heavy=True),
    "shaky": Kind(f"{HERE}:shaky", attempts=3, wait_seconds=0.1),
    "patient": Kind(f"{HERE}:patient"),
    "stuck": Kind(f"{HERE}:stuck"),
}


def write(diary: str, line: str) -> None:
    """Add a line, at once and whole."""
    with Path(diary).open("a") as file:
        file.write(f"{line}\n")


def note(job: Job, diary: str, text: str) -> None:
    """Write a line."""
    with job.reading() as session:
        assert session is not None
    write(diary, f"{text} {job.organization_id}")


def slow(job: Job, diary: str, text: str, seconds: float) -> None:
    """Write a line at the beginning, and one at the end."""
    write(diary, f"{text} begins {job.host.key}")
    sleep(seconds)
    write(diary, f"{text} ends {job.host.key}")


def shared(job: Job, diary: str, text: str) -> None:
    """Begin, and end once another worker has begun such a job, too."""
    write(diary, f"{text} begins {job.host.key}")
    limit = monotonic() + 30
    while len({line.split()[2] for line in Path(diary).read_text().splitlines()}) == 1 and monotonic() < limit:
        sleep(0.02)
    write(diary, f"{text} ends {job.host.key}")


def shaky(job: Job, diary: str) -> None:
    """Fail twice."""
    tries = len(Path(diary).read_text().splitlines()) if Path(diary).exists() else 0
    write(diary, "try")
    if tries < 2:
        raise ValueError("not yet")


def patient(job: Job, diary: str) -> None:
    """Go on until the worker is to end; a second time there is nothing left to do."""
    write(diary, f"begins {job.host.key}")
    if len(Path(diary).read_text().splitlines()) == 1:
        while True:
            job.check()
            sleep(0.05)


def stuck(job: Job, diary: str, seconds: float) -> None:
    """Write through a transaction that takes its time before it writes."""
    write(diary, f"begins {job.host.key}")
    sleep(seconds)
    with job.transaction():
        pass
    write(diary, f"wrote {job.host.key}")


def job_in(database: Database, organization: int | None) -> Job:
    """A job of a worker that is on the roll, to be given to a function at hand."""
    settings = Settings(secret_key=SecretStr("of no use"))
    with database.everywhere() as session:
        session.merge(Executor(key="here", place="a test"))
        session.commit()
    return Job("id", "kind", organization, {}, Host(database, settings, "here", Event()))


def main(url: str, dead_seconds: str) -> None:
    """Run jobs until SIGTERM."""
    from service.jobs.worker import Worker

    KINDS.update(TEST_KINDS)
    REGULAR.clear()
    settings = Settings(
        database_url=url, worker_dead_seconds=float(dead_seconds), jobs_poll_seconds=0.1, worker_drain_seconds=2
    )
    logs.configure(settings)
    database = Database(url)
    worker = Worker(database, settings)
    ending = Event()
    signal.signal(signal.SIGTERM, lambda *_: ending.set())
    worker.start()
    ending.wait()
    worker.stop()
    database.close()


if __name__ == "__main__":
    main(*sys.argv[1:])
