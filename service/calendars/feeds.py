"""Feeds: the appointments of a user, a team or a resource as a file that calendar programs read again and again."""

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from hashlib import sha256

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from models.errors import NotFound
from models.records import Appointment, CalendarFeed, Resource, Team, User
from models.records.base import now
from service.calendars.shown import VISIBLE, taken_by
from service.calendars.writing import event_of, facts_of, uid_of, written_all
from service.keyring import digest, random_token
from service.output import in_utc

MOST = 5_000
"""Appointments in a feed; of more the latest."""

REFRESH = "PT15M"
_SHOWN = 6
_SUBJECTS = {"user": User, "team": Team, "resource": Resource}


@dataclass(frozen=True, slots=True)
class Feed:
    """A feed that was asked for.

    Parameters
    ----------
    record
        As it is stored.
    kind, subject
        "user", "team" or "resource", and its id.
    keys
        Ids and versions of the appointments it shows, in the order of time.
    """

    record: CalendarFeed
    kind: str
    subject: int
    keys: tuple[tuple[int, int], ...]

    @property
    def tag(self) -> str:
        """Its ETag: the same as long as it says the same."""
        said = (self.record.id, self.record.version, self.keys)
        return f'"{sha256(repr(said).encode()).hexdigest()[:32]}"'

    def written(self, session: Session) -> bytes:
        """Write it as a file."""
        ids = [key for key, _ in self.keys]
        events = []
        for first in range(0, len(ids), 500):
            found = session.scalars(select(Appointment).where(Appointment.id.in_(ids[first : first + 500])))
            events += [
                event_of(facts, uid_of(each), each.version, each.updated_at)
                for each in sorted(found, key=lambda one: one.id)
                if (facts := facts_of(each, self.record.details)) is not None
            ]
        return written_all(events, METHOD="PUBLISH", X_WR_CALNAME=self.record.name, X_PUBLISHED_TTL=REFRESH)


def new_token() -> tuple[str, str, str]:
    """Make the secret part of an address: itself, what is stored of it, and how it is recognized."""
    token = random_token()
    return token, digest(token), token[:_SHOWN]


def feed_by_token(session: Session, token: str) -> CalendarFeed:
    """Find a feed by the secret part of its address.

    Parameters
    ----------
    session
        That sees all organizations.
    token
        As it was asked for.

    Returns
    -------
    The feed.

    Raises
    ------
    NotFound
        If there is none, if it was revoked, or if whose it is is gone.
    """
    found = session.scalars(select(CalendarFeed).where(CalendarFeed.digest == digest(token))).one_or_none()
    if found is None or found.revoked_at is not None:
        raise NotFound("calendar feed", "at this address")
    kind, key = _subject(found)
    if kind != "resource":
        subject = session.get(_SUBJECTS[kind], key)
        if subject is None or not getattr(subject, "is_active", True):
            raise NotFound("calendar feed", "at this address")
    return found


def open_feed(session: Session, record: CalendarFeed) -> Feed:
    """Find what a feed shows today.

    Parameters
    ----------
    session
        Bound to its organization.
    record
        The feed.

    Returns
    -------
    It, not yet written: often whoever asks has it already.
    """
    kind, key = _subject(record)
    midnight = datetime.combine(now().date(), time(), UTC)
    since, until = midnight - timedelta(days=record.days_back), midnight + timedelta(days=record.days_ahead + 1)
    rows = session.execute(_shown(kind, key, in_utc(since), in_utc(until)))
    return Feed(record, kind, key, tuple((row.id, row.version) for row in rows))


def _shown(kind: str, key: int, since: datetime, until: datetime) -> Select[int, int]:
    return (
        select(Appointment.id, Appointment.version)
        .where(taken_by(kind, key), Appointment.status.in_(VISIBLE))
        .where(Appointment.end_datetime > since, Appointment.start_datetime < until)
        .order_by(Appointment.start_datetime.desc(), Appointment.id)
        .limit(MOST)
    )


def _subject(record: CalendarFeed) -> tuple[str, int]:
    return next((kind, key) for kind in _SUBJECTS if (key := getattr(record, f"{kind}_id")) is not None)
