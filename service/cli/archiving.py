"""`tidyplan archive`: moves appointments that are long over into a file, and puts them back."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path

from models.records.sealed import SealedText
from service.archive.files import ArchiveFile, BadArchive
from service.archive.moving import BATCH, count, ensure_settled, move
from service.archive.nightly import head_of
from service.archive.restoring import restore
from service.cli.choosing import chosen
from service.cli.configured import BAD_SETTINGS, Misconfigured, opened, read_settings
from service.cli.screen import complain, say
from service.keyring import Keyring

FAILED = 1


def run(
    before: date, organizations: Sequence[str], output: Path | None, *, dry_run: bool = False, batch: int = BATCH
) -> int:
    """Archive what was over before a day.

    Parameters
    ----------
    before
        The day, exclusive, on the wall of each organization.
    organizations
        By id or name; none for the only one.
    output
        The file; by default named for organization and day. One that is there is gone on with.
    dry_run
        Whether it is only told what would go.
    batch
        How many appointments at once.

    Returns
    -------
    The exit code: 0 done, 1 it could not be, 2 the input or the settings are wrong.
    """
    try:
        settings = read_settings()
        SealedText.use(Keyring(settings.keys).seal())
        with opened(settings) as database:
            picked = chosen(database, organizations)
            if output is not None and len(picked) > 1:
                complain("A file is of one organization. Leave --output out, or choose one organization.")
                return BAD_SETTINGS
            for each in picked:
                ensure_settled(each, before)
                there = count(database, each, before)
                if dry_run or not there:
                    say(f"{each.name}: {there} appointments {'would go' if dry_run else 'to archive'}.")
                    continue
                path = output or Path(f"organization-{each.id}-{before}.jsonl.gz")
                file = ArchiveFile(path, head_of(each, before))
                try:
                    moved = move(database, each, before, file, batch=batch)
                finally:
                    file.close()
                say(f"{each.name}: moved {moved.appointments} appointments ({moved.rows} rows) to {path}.")
    except BadArchive as error:
        complain(str(error))
        return FAILED
    except (LookupError, Misconfigured) as error:
        if isinstance(error, LookupError):
            complain(str(error))
        return BAD_SETTINGS
    return 0


def put_back(path: Path) -> int:
    """Restore an archive.

    Parameters
    ----------
    path
        The file.

    Returns
    -------
    The exit code, as for `run`.
    """
    try:
        with opened(read_settings()) as database:
            done = restore(database, path)
    except BadArchive as error:
        complain(str(error))
        return FAILED
    except Misconfigured:
        return BAD_SETTINGS
    gone = f" {done.left_out} rows refer to what is gone, and were left out." if done.left_out else ""
    say(f"Restored {done.appointments} appointments ({done.rows} rows).{gone}")
    return 0
