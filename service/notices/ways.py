"""By which ways users are told: what they want, and what there is."""

from collections.abc import Collection
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.enums import DeliveryMethod, NotificationType as Kind
from models.records import NotificationChannel, NotificationPreference, User

_WAYS = "notifications_ways"


def ways_of(session: Session, kind: Kind, users: Collection[int]) -> dict[DeliveryMethod, list[int]]:
    """Find who is told by which way: in the application, and by mail if there is a way out, unless they want it not.

    Other ways are taken only for those who want them.

    Parameters
    ----------
    session
        Bound to the organization.
    kind
        What is told.
    users
        Who might be told.

    Returns
    -------
    Who is told, by way; ways by which nobody is told are left out.
    """
    if not users:
        return {}
    people = session.execute(
        select(User.id, User.email, User.phone).where(User.id.in_(users), User.is_active).order_by(User.id)
    ).all()
    wishes = session.execute(
        select(
            NotificationPreference.user_id, NotificationPreference.delivery_method, NotificationPreference.is_enabled
        ).where(NotificationPreference.user_id.in_(users), NotificationPreference.notification_type == kind)
    )
    wanted: dict[tuple[int, DeliveryMethod], bool] = {(each[0], each[1]): each[2] for each in wishes}
    ways = ways_out(session)
    found: dict[DeliveryMethod, list[int]] = {}
    for method in DeliveryMethod:
        if method in ways:
            keys = [each.id for each in people if wanted.get((each.id, method), _by_default(method, each))]
            if keys:
                found[method] = keys
    return found


def ways_out(session: Session) -> frozenset[DeliveryMethod]:
    """The ways there are, looked up once for all that a session tells."""
    known = session.info.get(_WAYS)
    if not isinstance(known, frozenset):
        channels = session.scalars(select(NotificationChannel.delivery_method).where(NotificationChannel.is_active))
        known = session.info[_WAYS] = frozenset({DeliveryMethod.IN_APP, *channels})
    return known


def _by_default(method: DeliveryMethod, person: Any) -> bool:
    return method is DeliveryMethod.IN_APP or (method is DeliveryMethod.EMAIL and person.email is not None)
