"""`tidyplan create-user`: makes a user who can log in."""

from pydantic import ValidationError
from sqlalchemy import select

from models.faults import faults_of
from models.records import Organization, User
from service.bootstrap import make_user
from service.cli.configured import BAD_SETTINGS, Misconfigured, opened, read_settings
from service.cli.screen import complain, say
from service.database import Database
from service.schemas import schemas_of


def run(email: str, name: str, role: str, organization: int | None) -> int:
    """Make a user and print the password.

    Parameters
    ----------
    email, name, role
        Of the user.
    organization
        Its id; None for the only one.

    Returns
    -------
    The exit code: 0 made, 2 it cannot be.
    """
    body = schemas_of(User).create
    try:
        checked = body.model_validate({"email": email, "name": name or email, "role": role})
    except ValidationError as error:
        for fault in faults_of(error, body):
            complain(str(fault))
        return BAD_SETTINGS
    try:
        with opened(read_settings()) as database:
            where = _organization(database, organization)
            if where is None:
                return BAD_SETTINGS
            values = checked.model_dump(include={"email", "name", "role"})
            password = make_user(database, where, **values)
    except Misconfigured:
        return BAD_SETTINGS
    if password is None:
        complain(f"There is a user {email} in organization {where} already.")
        return BAD_SETTINGS
    say(f"Made the {role} {email} in organization {where} with the password {password}")
    return 0


def _organization(database: Database, wanted: int | None) -> int | None:
    with database.everywhere(writes=False) as session:
        known = session.scalars(select(Organization.id).order_by(Organization.id)).all()
    if wanted is None and len(known) == 1:
        return known[0]
    if wanted in known:
        return wanted
    complain(f"There are the organizations {', '.join(map(str, known)) or 'none'}. Choose one with --organization.")
    return None
