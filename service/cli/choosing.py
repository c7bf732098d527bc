"""Which organizations a command is about."""

from collections.abc import Sequence

from sqlalchemy import select

from models.records import Organization
from service.cli.configured import Misconfigured
from service.cli.screen import complain
from service.database import Database


def chosen(database: Database, names: Sequence[str]) -> list[Organization]:
    """Find organizations by id or name; without any, the only one.

    Parameters
    ----------
    database
        Where they are.
    names
        As they were typed.

    Returns
    -------
    The organizations.

    Raises
    ------
    Misconfigured
        If one is unknown, or one has to be named; it has been said.
    """
    with database.everywhere(writes=False) as session:
        known = list(session.scalars(select(Organization).order_by(Organization.id)))
    if not names and len(known) == 1:
        return known
    found: list[Organization] = []
    for name in names:
        fitting = [each for each in known if name in (str(each.id), each.name)]
        if len(fitting) != 1:
            found = []
            break
        found += fitting
    if not found:
        listed = ", ".join(f"{each.id} ({each.name})" for each in known) or "none"
        complain(f"There are the organizations {listed}. Choose with --organization, once for each, by id.")
        raise Misconfigured
    return found
