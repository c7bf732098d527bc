"""Who is asking, for which organization, and with which rights."""

from dataclasses import dataclass

from models.records import Role

EVERY_SCOPE = "*"


@dataclass(frozen=True, slots=True)
class Caller:
    """Somebody who acts in one organization.

    Parameters
    ----------
    organization_id
        The organization; every query is bound to it.
    user_id
        The user, None for the service itself.
    name
        What people call the caller.
    role
        What it may do at most.
    scopes
        What its key is limited to, such as "appointments:read"; "*" is no limit.
    request_id
        The request it is asking by, if any.
    """

    organization_id: int
    user_id: int | None
    name: str
    role: Role
    scopes: frozenset[str] = frozenset({EVERY_SCOPE})
    request_id: str | None = None

    @property
    def key(self) -> str:
        """What tells callers of an organization apart."""
        return f"user:{self.user_id}" if self.user_id is not None else "service"


def the_service(organization_id: int) -> Caller:
    """Act as the service itself, in a job, for one organization."""
    return Caller(organization_id, None, "tidyplan", Role.OWNER)
