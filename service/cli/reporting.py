"""`tidyplan report`: the figures of some days as a page."""

from datetime import date, timedelta
from pathlib import Path

from models.errors import InvalidDocument
from models.records.base import now
from models.zones import zone_of
from service import migrations
from service.analytics.page import page_of
from service.analytics.periods import Period, ensure_sane
from service.callers import the_service
from service.cli.choosing import chosen
from service.cli.configured import BAD_SETTINGS, Misconfigured, opened, read_settings
from service.cli.files import BAD_INPUT, Refused, writable, write
from service.cli.screen import complain, say

DAYS = 30


def run(first: date | None, last: date | None, output: Path, organization: str | None) -> int:
    """Write the page.

    Parameters
    ----------
    first, last
        The days; by default the last 30.
    output
        The file.
    organization
        Which one, by id or name; None for the only one.

    Returns
    -------
    The exit code: 0 written, 2 the input or the settings are wrong.
    """
    try:
        if not writable(output):
            raise Refused
        with opened(read_settings()) as database:
            if not migrations.is_current(database.engine):
                complain("The database has not been migrated. Run: tidyplan migrate")
                raise Misconfigured
            [owner] = chosen(database, [] if organization is None else [organization])
            end = last or now().astimezone(zone_of(owner.timezone)).date()
            start = first or end - timedelta(days=DAYS - 1)
            ensure_sane(start, end)
            with database.session(the_service(owner.id), writes=False) as session:
                page = page_of(session, Period(start, end))
        write(output, page.encode())
    except InvalidDocument as error:
        complain("\n".join(str(fault) for fault in error.faults))
        return BAD_INPUT
    except Refused:
        return BAD_INPUT
    except Misconfigured:
        return BAD_SETTINGS
    say(f"Written to {output}.")
    return 0
