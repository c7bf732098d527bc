"""What keeps a way from being applied: somebody has changed what it was tried on."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.plan import Violation
from models.records import Absence
from service.booking.refusals import shown_violation
from service.conflicts.ways.keeping import standing_of
from service.errors import Conflict
from service.snapshot import Booking
from service.snapshot.reading import bookings_of

_TOLD = (("status", "is"), ("start", "starts at"), ("minutes", "lasts"), ("team", "has team"))
ADVICE = "Nothing was changed. Ask for the ways again."


class Outdated(Conflict):
    """A way that no longer fits, with what has changed and what it would break."""

    def __init__(
        self, why: str, changed: Sequence[Mapping[str, Any]] = (), violations: Iterable[Violation] = ()
    ) -> None:
        self.members = {"changed": list(changed), "violations": [shown_violation(each) for each in violations]}
        super().__init__(f"{why} {ADVICE}")


def ensure_current(session: Session, read: Mapping[str, Any]) -> None:
    """Refuse a way if what it was tried on is no longer so.

    Parameters
    ----------
    session
        Bound to a caller, with the appointments locked.
    read
        As `keeping.read_as` has written it.

    Raises
    ------
    Outdated
        With everything that has changed.
    """
    stood: Mapping[str, Mapping[str, Any]] = read["appointments"]
    present = {str(each.id): each for each in bookings_of(session, [int(key) for key in stood])}
    changed = [
        {"appointment": int(key), "was": _shown(was), "is": told_standing(here) if here else None}
        for key, was in stood.items()
        if (here := present.get(key)) is None or standing_of(here)["digest"] != was["digest"]
    ]
    gone = _absences(session, read["absences"])
    if changed or gone:
        told = [_told(each, present.get(str(each["appointment"]))) for each in changed]
        told += [f"Absence {key} was changed or taken back." for key in gone]
        raise Outdated(f"This was changed meanwhile: {' '.join(told)}", [*changed, *({"absence": key} for key in gone)])


def _absences(session: Session, versions: Mapping[str, int]) -> list[int]:
    if not versions:
        return []
    keys = [int(key) for key in versions]
    statement = select(Absence.id, Absence.version).where(Absence.id.in_(keys)).with_for_update()
    present = {row.id: row.version for row in session.execute(statement)}
    return [key for key in keys if present.get(key) != versions[str(key)]]


def told_standing(booking: Booking) -> dict[str, Any]:
    """Tell how a booking stands."""
    return _shown(standing_of(booking))


def _shown(standing: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in standing.items() if name != "digest"}


def _told(change: Mapping[str, Any], booking: Booking | None) -> str:
    if booking is None or change["is"] is None:
        return f"Appointment {change['appointment']} was deleted."
    was, here = change["was"], change["is"]
    parts = [
        f"{words} {here[name] if here[name] is not None else 'nothing'}"
        + (" minutes" if name == "minutes" else "")
        + f" instead of {was[name] if was[name] is not None else 'nothing'}"
        for name, words in _TOLD
        if was[name] != here[name]
    ]
    parts += [f"has other {name}" for name in ("users", "resources") if was[name] != here[name]]
    return f"{booking.title or 'Appointment'} ({booking.id}) {', '.join(parts) or 'asks for something else'}."
