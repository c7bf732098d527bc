"""Texts with variables: `{title} is new`. Names only, nothing is computed or looked into."""

from collections.abc import Mapping
from string import Formatter

from models.enums import NotificationType as Kind
from models.errors import Fault
from models.faults import nearest

EVERYWHERE: Mapping[str, str] = {"organization": "the name of the organization"}
OF_APPOINTMENTS: Mapping[str, str] = {
    **EVERYWHERE,
    "title": "of the appointment",
    "when": "date and start, such as 2026-11-30, 09:00",
    "date": "such as 2026-11-30",
    "time": "of the start, such as 09:00",
    "end_time": "of the end, such as 10:30",
    "timezone": "in which times are told, such as America/Los_Angeles",
    "duration_minutes": "how long it takes",
    "client": "the name of the client",
    "place": "the location",
    "meeting_url": "of a virtual appointment",
    "crew": "the names of those who come",
}
LINKS: Mapping[str, str] = {
    "confirm_link": "where the client can confirm",
    "reschedule_link": "where the client can choose another time",
    "cancel_link": "where the client can cancel",
}
OF_CONFLICTS: Mapping[str, str] = {
    **EVERYWHERE,
    "conflict": "its kind, such as double booking",
    "impact": "low, medium, high or critical",
    "description": "of the conflict",
}
OF_ABSENCES: Mapping[str, str] = {
    **EVERYWHERE,
    "name": "who or what is away",
    "since": "from when, such as 2026-11-30, 09:00",
    "until": "until when",
}
ABOUT_APPOINTMENTS = frozenset(
    {
        Kind.APPOINTMENT_CREATED,
        Kind.APPOINTMENT_UPDATED,
        Kind.APPOINTMENT_CANCELLED,
        Kind.APPOINTMENT_REMINDER,
    }
)
"""What clients are told of, too."""

_VARIABLES: Mapping[Kind, Mapping[str, str]] = {
    **dict.fromkeys(ABOUT_APPOINTMENTS, OF_APPOINTMENTS),
    Kind.CONFLICT_DETECTED: OF_CONFLICTS,
    Kind.RESOURCE_UNAVAILABLE: OF_ABSENCES,
    Kind.TEAM_MEMBER_UNAVAILABLE: OF_ABSENCES,
    Kind.SCHEDULE_CHANGE: EVERYWHERE,
}


def variables_of(kind: Kind, *, for_client: bool) -> Mapping[str, str]:
    """List what a text can name, with what that is."""
    return {**_VARIABLES[kind], **(LINKS if for_client else {})}


def faults_in(where: str, text: str, known: Mapping[str, str]) -> list[Fault]:
    """Find what is wrong with a text.

    Parameters
    ----------
    where
        The field that holds it.
    text
        With variables in braces; a brace itself is written twice.
    known
        The variables that there are.

    Returns
    -------
    The faults; each lists what there is.
    """
    expected = f"variables of {', '.join(sorted(known))}"
    try:
        parts = list(Formatter().parse(text))
    except ValueError as error:
        return [Fault(where, str(error), "braces in pairs around the name of a variable", "Write a brace as {{ or }}.")]
    faults = []
    for _, name, spec, conversion in parts:
        if name is None or (name in known and not spec and not conversion):
            continue
        advice = nearest(name, known) if name not in known else "Write the name alone, without : and !."
        shown = f"{{{name}{f'!{conversion}' if conversion else ''}{f':{spec}' if spec else ''}}}"
        faults.append(Fault(where, shown, expected, advice))
    return faults


def filled(text: str, values: Mapping[str, str]) -> str:
    """Put values in the place of variables; a line of which all variables are empty is left out.

    Parameters
    ----------
    text
        Without faults.
    values
        By name; what is missing is empty.

    Returns
    -------
    The text.
    """
    lines = []
    for line in text.splitlines():
        parts = list(Formatter().parse(line))
        named = [values.get(name, "") for _, name, _, _ in parts if name is not None]
        if not named or any(named):
            lines.append("".join(literal + values.get(name or "", "") for literal, name, _, _ in parts))
    return "\n".join(lines)
