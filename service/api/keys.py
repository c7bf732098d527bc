"""API keys: shown once, stored as digests, limited to scopes."""

from typing import Annotated, Any

from fastapi import Body, Response
from pydantic import BaseModel, create_model

from models.errors import Fault
from models.records import ApiKey
from models.records.base import InvalidRecord, now
from service import crud
from service.authentication import KEY_PREFIX
from service.callers import EVERY_SCOPE
from service.crud import Resource
from service.dependencies import Asking, Transaction, allowed
from service.errors import Conflict
from service.idempotency import once
from service.keyring import digest, random_token
from service.problems import responses
from service.rights import RIGHTS
from service.routing import router_of, single, typed
from service.schemas import schemas_of, values_of

KEYS = Resource(ApiKey, "api-keys", "API key")
_SHOWN = 8

router = router_of(KEYS, ("list", "read", "update", "delete"))
NewKey = create_model(
    "NewApiKey", __base__=schemas_of(ApiKey).read, __doc__="An API key, with the key itself, this once.", key=(str, ...)
)


@router.post(
    "/",
    status_code=201,
    response_model=NewKey,
    dependencies=[allowed("api-keys", "create")],
    summary="Create an API key",
)
@typed(body=Annotated[schemas_of(ApiKey).create, Body()])
def create(session: Transaction, asking: Asking, response: Response, body: BaseModel) -> dict[str, Any]:
    """Make a key that acts for the caller; the answer is the only place where it is shown."""
    values = values_of(ApiKey, body, given_only=False)
    _ensure_scopes(values["scopes"], asking.scopes)
    key = f"{KEY_PREFIX}{random_token()}"
    record = ApiKey(
        user_id=asking.user_id, prefix=key[: len(KEY_PREFIX) + _SHOWN], digest=digest(key), organization_id=None
    )
    crud.assign(record, values)
    session.add(record)
    session.flush()
    response.headers["Cache-Control"] = "no-store"
    return single(session, record, response) | {"key": key}


@router.post(
    "/{id:int}/revoke/",
    response_model=schemas_of(ApiKey).read,
    responses=responses("not_found", "conflict"),
    dependencies=[allowed("api-keys", "update"), once],
    summary="Revoke an API key",
)
def revoke(session: Transaction, response: Response, id: int) -> dict[str, Any]:
    """End a key for good."""
    record = crud.find(session, KEYS, id, lock=True)
    if record.revoked_at is not None:
        raise Conflict(f"The key {record.prefix}… was revoked {record.revoked_at:%Y-%m-%d}.")
    record.revoked_at = now()
    session.flush()
    return single(session, record, response)


def _ensure_scopes(scopes: tuple[str, ...], own: frozenset[str]) -> None:
    faults = []
    for i, scope in enumerate(scopes):
        resource, colon, action = scope.partition(":")
        if scope != EVERY_SCOPE and not (resource in (*RIGHTS, "*") and colon and action):
            expected = '"*", or a resource and an action, such as "appointments:read"'
            faults.append(Fault(f"scopes[{i}]", f'"{scope}"', expected, f"Resources: {', '.join(RIGHTS)}."))
        elif EVERY_SCOPE not in own and scope not in own:
            faults.append(Fault(f"scopes[{i}]", f'"{scope}"', f"one of your own: {', '.join(sorted(own))}"))
    if faults:
        raise InvalidRecord(faults)
