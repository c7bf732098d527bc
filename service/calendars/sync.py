"""The synchronization of one calendar, from its lease to what is told of it."""

from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import delete, update

from models.records import Absence, CalendarObject, ScheduleIntegration
from service.calendars.events import Refusal
from service.calendars.leases import Lease, Lost
from service.calendars.outside import follow
from service.calendars.pulling import pull
from service.calendars.pushing import Pushed, push
from service.calendars.terms import Terms, collection_of, terms_of
from service.jobs.job import Job

MOST_TOLD = 5


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a synchronization did.

    Parameters
    ----------
    read, written, removed
        How many files were read, written and deleted in the calendar.
    refused
        Events that were not understood.
    """

    read: int = 0
    written: int = 0
    removed: int = 0
    refused: list[Refusal] = field(default_factory=list)

    @property
    def remark(self) -> str:
        """What people should know of it; "" if there is nothing."""
        if not self.refused:
            return ""
        told = "\n".join(f'"{each.title or each.uid}": {each.why}' for each in self.refused[:MOST_TOLD])
        more = f"\nand {len(self.refused) - MOST_TOLD} more" if len(self.refused) > MOST_TOLD else ""
        count = "1 event" if len(self.refused) == 1 else f"{len(self.refused)} events"
        were = "was" if len(self.refused) == 1 else "were"
        return f"{count} of the calendar {were} not read:\n{told}{more}"


def sync(job: Job, record: ScheduleIntegration) -> Outcome | None:
    """Synchronize a calendar with what stands here, both ways.

    Parameters
    ----------
    job
        Of the organization.
    record
        An integration of type `calendar`; of no session.

    Returns
    -------
    What was done; None if somebody else is at it.

    Raises
    ------
    TidyplanError
        If the integration says too little, or its server does not answer as it should.
    """
    collection = collection_of(job.host.settings.guard, record)
    with job.reading() as session:
        terms = terms_of(session, record)
    lease = Lease(job, record.id)
    if not lease.take():
        return None
    try:
        _begin(lease, terms)
        pulled = pull(lease, collection, terms)
        pushed = push(lease, collection, terms) if terms.writes else Pushed()
    except Lost:
        return None
    finally:
        lease.give()
    return Outcome(pulled.files, pushed.written, pushed.removed, pulled.refused)


def _begin(lease: Lease, terms: Terms) -> None:
    """Read anew what other terms have read: another calendar wholly, the same one as far as they differ."""
    wanted = _said(terms)
    with lease.job.reading() as session:
        said = lease.state(session).terms
    if said == wanted:
        return
    with lease.transaction() as session:
        state = lease.state(session)
        mine = CalendarObject.integration_id == terms.integration
        state.terms, state.token, state.tag = wanted, "", ""
        if said.get("url") != terms.url and said:
            session.execute(delete(CalendarObject).where(mine))
        if (said.get("kind"), said.get("subject"), said.get("url")) != (terms.kind, terms.subject, terms.url):
            session.execute(delete(Absence).where(Absence.integration_id == terms.integration))
            follow(session, terms)
        session.execute(update(CalendarObject).where(mine, CalendarObject.appointment_id.is_(None)).values(etag=""))
        session.execute(update(CalendarObject).where(mine).values(appointment_version=None))


def _said(terms: Terms) -> dict[str, Any]:
    """What decides how a calendar is read and written."""
    chosen = terms.configuration
    return {
        "url": terms.url,
        "kind": terms.kind,
        "subject": terms.subject,
        "direction": chosen.direction.value,
        "details": chosen.details.value,
        "keep_titles": chosen.keep_titles,
    }
