"""`tidyplan backup` and `verify-backup`."""

from pathlib import Path

from models.records.sealed import SealedText
from service import backups
from service.backups import BadBackup
from service.cli.configured import BAD_SETTINGS, Misconfigured, opened, read_settings
from service.cli.screen import complain, say
from service.keyring import Keyring

FAILED = 1


def save(output: Path) -> int:
    """Make a backup.

    Parameters
    ----------
    output
        The file.

    Returns
    -------
    The exit code: 0 made, 1 it could not be, 2 the settings are wrong.
    """
    try:
        settings = read_settings()
        with opened(settings) as database:
            backups.make(database, output)
    except BadBackup as error:
        complain(str(error))
        return FAILED
    except Misconfigured:
        return BAD_SETTINGS
    say(f"Written to {output}. The secret keys are not in it: keep them elsewhere, or stored credentials are lost.")
    return 0


def verify(backup: Path) -> int:
    """Restore a backup for a moment and check it.

    Parameters
    ----------
    backup
        The file.

    Returns
    -------
    The exit code: 0 it holds, 1 it does not, 2 the settings are wrong.
    """
    try:
        settings = read_settings()
        SealedText.use(Keyring(settings.keys).seal())
        with opened(settings) as database:
            counts = backups.verify(backup, database)
    except BadBackup as error:
        complain(str(error))
        return FAILED
    except LookupError as error:
        complain(str(error))
        return BAD_SETTINGS
    except Misconfigured:
        return BAD_SETTINGS
    told = ", ".join(f"{name.replace('_', ' ')} {count:,}" for name, count in counts.items() if count)
    say(f"{backup} was restored and holds. Rows: {told}.")
    return 0
