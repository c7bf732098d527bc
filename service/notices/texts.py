"""The words of every type of notification, where an organization has none of its own."""

from collections.abc import Mapping

from models.enums import Audience, NotificationType as Kind

_FACTS = "{title}: {when}\nClient: {client}\nPlace: {place}\nMeeting: {meeting_url}"
_FOR_CLIENT = (
    "{title}\n{when} ({timezone}), {duration_minutes} minutes\nPlace: {place}\nMeeting: {meeting_url}\nWith: {crew}"
)
_CHOICES = "\n\nConfirm: {confirm_link}\nChoose another time: {reschedule_link}\nCancel: {cancel_link}"
_AWAY = ("{name} will be away", "{name} is away from {since} to {until}.")

TEXTS: Mapping[tuple[Kind, Audience], tuple[str, str]] = {
    (Kind.APPOINTMENT_CREATED, Audience.USERS): ("{title} is new", _FACTS),
    (Kind.APPOINTMENT_UPDATED, Audience.USERS): ("{title} has changed", _FACTS),
    (Kind.APPOINTMENT_CANCELLED, Audience.USERS): ("{title} is cancelled", _FACTS),
    (Kind.APPOINTMENT_REMINDER, Audience.USERS): ("{title} is coming", _FACTS),
    (Kind.APPOINTMENT_CREATED, Audience.CLIENT): (
        "Your appointment with {organization} on {when}",
        f"Your appointment is booked.\n\n{_FOR_CLIENT}{_CHOICES}",
    ),
    (Kind.APPOINTMENT_UPDATED, Audience.CLIENT): (
        "Changed: your appointment with {organization} on {when}",
        f"Your appointment has changed. It is now:\n\n{_FOR_CLIENT}{_CHOICES}",
    ),
    (Kind.APPOINTMENT_CANCELLED, Audience.CLIENT): (
        "Cancelled: your appointment with {organization} on {when}",
        "Your appointment is cancelled.\n\n{title}\n{when} ({timezone})\nPlace: {place}",
    ),
    (Kind.APPOINTMENT_REMINDER, Audience.CLIENT): (
        "Reminder: your appointment with {organization} on {when}",
        f"We look forward to seeing you.\n\n{_FOR_CLIENT}{_CHOICES}",
    ),
    (Kind.CONFLICT_DETECTED, Audience.USERS): ("Conflict: {conflict} ({impact})", "{description}"),
    (Kind.RESOURCE_UNAVAILABLE, Audience.USERS): _AWAY,
    (Kind.TEAM_MEMBER_UNAVAILABLE, Audience.USERS): _AWAY,
    (Kind.SCHEDULE_CHANGE, Audience.USERS): ("The schedule has changed", ""),
}
"""Subject and message."""
