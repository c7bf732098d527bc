"""People, and their passwords."""

from typing import Annotated

from fastapi import Body, Query
from pydantic import BaseModel, ConfigDict, Field

from models.events import UserSaved
from models.records import RefreshSession, User
from service import crud, passwords, roles
from service.accounts import revoke
from service.availability.agenda import UserAvailability, WhenQuery, availability_of_user
from service.crud import Resource
from service.dependencies import Asking, Transaction, allowed
from service.errors import Forbidden
from service.passwords import LONGEST, SHORTEST
from service.problems import responses
from service.rights import may
from service.routing import router_of
from service.secrecy import SECRET

USERS = Resource(
    User, "users", "user", UserSaved, create=roles.create_user, update=roles.update_user, delete=roles.delete_user
)

router = router_of(USERS)


class NewPassword(BaseModel):
    """A new password; who changes its own says the present one, too."""

    model_config = ConfigDict(
        extra="forbid",
        hide_input_in_errors=True,
        json_schema_extra={"examples": [{"password": "correct horse battery", "current_password": "correct horse"}]},
    )

    password: Annotated[str, Field(min_length=SHORTEST, max_length=LONGEST), SECRET]
    current_password: Annotated[str | None, Field(max_length=LONGEST), SECRET] = None


@router.post(
    "/{id:int}/set-password/",
    status_code=204,
    responses=responses("not_found"),
    dependencies=[allowed("users", "read")],
    summary="Set a password",
)
def set_password(session: Transaction, asking: Asking, id: int, body: Annotated[NewPassword, Body()]) -> None:
    """Set one's own password, or, as an owner, anybody's; all logins of the user end."""
    user = crud.find(session, USERS, id, lock=True)
    if user.id == asking.user_id:
        if user.password_hash is not None and not passwords.matches(body.current_password or "", user.password_hash):
            raise Forbidden("The current password is wrong.")
    elif not may(asking, "users", "set-password"):
        raise Forbidden("Only an owner may set the password of somebody else.")
    user.password_hash = passwords.hashed(body.password)
    session.flush()
    revoke(session, RefreshSession.user_id == user.id)


@router.get(
    "/{id:int}/availability/",
    response_model=UserAvailability,
    responses=responses("not_found"),
    dependencies=[allowed("users", "read")],
    summary="Get when a user is free and busy",
)
def availability(session: Transaction, id: int, query: Annotated[WhenQuery, Query()]) -> UserAvailability:
    """Tell when a user is free and busy, by default in the next seven days."""
    return availability_of_user(session, crud.find(session, USERS, id), query.span())
