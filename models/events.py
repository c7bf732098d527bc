"""Facts that happened to stored records, in the past tense; each carries the id of its record and nothing else."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened to one record.

    Parameters
    ----------
    id
        The record's id.
    """

    id: int


class TemplateSaved(Event):
    """A schedule template was created or changed."""


class ResourceSaved(Event):
    """A resource was created or changed."""


class TeamSaved(Event):
    """A team was created or changed."""


class TeamMemberSaved(Event):
    """A member joined a team or was changed; the id is the membership's."""


class TeamMemberRemoved(Event):
    """A member left a team; the id is the membership's."""


class UserSaved(Event):
    """A user was created or changed."""


class LocationSaved(Event):
    """A location was created or changed."""


class OrganizationSaved(Event):
    """An organization was changed."""


class AppointmentCreated(Event):
    """An appointment came into being."""


class AppointmentUpdated(Event):
    """Something about an appointment changed, its time and crew included."""


class AppointmentConfirmed(Event):
    """An appointment was confirmed."""


class AppointmentCancelled(Event):
    """An appointment was cancelled."""


class AppointmentCompleted(Event):
    """An appointment was completed."""


class AppointmentDeleted(Event):
    """An appointment was hidden and its time freed."""


class ConflictDetected(Event):
    """A conflict was found, or came back."""


class ConflictResolved(Event):
    """A conflict was resolved, or its cause is gone."""


class ConflictEscalated(Event):
    """A conflict was handed up."""


class RuleSaved(Event):
    """A schedule rule was created or changed."""


class RuleDeleted(Event):
    """A schedule rule was deleted."""


class AbsenceSaved(Event):
    """An absence of a user or a resource was entered or changed."""


class AbsenceDeleted(Event):
    """An absence of a user or a resource was taken back."""


class RunEnded(Event):
    """A run of the auto-scheduler is over, whatever came out."""


class RunPublished(Event):
    """The draft of a run was published, or a part of it."""


class NotificationCreated(Event):
    """A notification is ready to go."""


class AnalyticsSaved(Event):
    """A row of analytics was computed."""


class IntegrationSaved(Event):
    """An integration was created or changed."""
