"""`tidyplan worker`: runs jobs."""

import os
import signal
import sys
from threading import Event

from models.records.sealed import SealedText
from service import logs, migrations
from service.cli.configured import BAD_SETTINGS, Misconfigured, opened, read_settings
from service.cli.screen import complain, say
from service.jobs.queue import make_tables
from service.jobs.worker import Worker
from service.keyring import Keyring


def run() -> int:
    """Run jobs until a signal comes.

    Returns
    -------
    The exit code: 0 ended, 2 the settings are wrong.
    """
    ending = Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: ending.set())
    try:
        settings = read_settings()
        logs.configure(settings)
        SealedText.use(Keyring(settings.keys).seal())
        with opened(settings) as database:
            migrations.upgrade(database.engine)
            make_tables(database)
            worker = Worker(database, settings)
            worker.start()
            say("Running jobs. Stop with Ctrl-C.")
            sys.stdout.flush()
            ending.wait()
            worker.stop()
            if worker.is_busy:
                os._exit(0)  # what does not stop belongs to another worker by now: nobody waits for it
    except LookupError as error:
        complain(str(error))
        return BAD_SETTINGS
    except Misconfigured:
        return BAD_SETTINGS
    return 0
