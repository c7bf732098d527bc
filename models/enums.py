"""The choices of the data model, spelled as in the files and the API."""

from enum import StrEnum


class Weekday(StrEnum):
    """The days of the week; the position of a member is its ISO weekday minus one."""

    MONDAY = "monday"
    TUESDAY = "tuesday"
    WEDNESDAY = "wednesday"
    THURSDAY = "thursday"
    FRIDAY = "friday"
    SATURDAY = "saturday"
    SUNDAY = "sunday"


class Priority(StrEnum):
    """How much an appointment matters, from least to most."""

    LOW = "low"
    NORMAL = "normal"
    HIGH = "high"
    URGENT = "urgent"


class WeightPreset(StrEnum):
    """Whose side the weights of the cost are on; see `models.presets`."""

    SERVICE = "service"
    COST = "cost"
    STABILITY = "stability"
    FAIR = "fair"


class AppointmentStatus(StrEnum):
    """Where an appointment stands; `requested` has no time yet."""

    REQUESTED = "requested"
    SCHEDULED = "scheduled"
    CONFIRMED = "confirmed"
    IN_PROGRESS = "in_progress"
    COMPLETED = "completed"
    CANCELLED = "cancelled"
    NO_SHOW = "no_show"
    RESCHEDULED = "rescheduled"


class ResourceType(StrEnum):
    """What kind of thing a resource is."""

    ROOM = "room"
    EQUIPMENT = "equipment"
    VEHICLE = "vehicle"
    PERSON = "person"
    SERVICE = "service"
    OTHER = "other"


class ScheduleType(StrEnum):
    """How a schedule repeats; `custom` lists its dates."""

    DAILY = "daily"
    WEEKLY = "weekly"
    MONTHLY = "monthly"
    YEARLY = "yearly"
    CUSTOM = "custom"


class MemberRole(StrEnum):
    """What a member is in a team."""

    MEMBER = "member"
    LEAD = "lead"
    SPECIALIST = "specialist"
    TRAINEE = "trainee"
    CONSULTANT = "consultant"


class ConflictType(StrEnum):
    """What kind of clash a conflict or a violation is."""

    DOUBLE_BOOKING = "double_booking"
    RESOURCE_CONFLICT = "resource_conflict"
    TEAM_CONFLICT = "team_conflict"
    TIME_CONFLICT = "time_conflict"
    LOCATION_CONFLICT = "location_conflict"
    CAPACITY_EXCEEDED = "capacity_exceeded"


class ConflictStatus(StrEnum):
    """How far the resolution of a conflict has come."""

    PENDING = "pending"
    RESOLVED = "resolved"
    IGNORED = "ignored"
    ESCALATED = "escalated"


class ImpactLevel(StrEnum):
    """How much a conflict hurts, from least to most."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"
    CRITICAL = "critical"


class RuleType(StrEnum):
    """What a business rule governs."""

    WORKING_HOURS = "working_hours"
    HOLIDAY = "holiday"
    BREAK_TIME = "break_time"
    MAINTENANCE = "maintenance"
    BLACKOUT = "blackout"
    CAPACITY_LIMIT = "capacity_limit"
    ADVANCE_BOOKING = "advance_booking"
    CANCELLATION = "cancellation"


class NotificationType(StrEnum):
    """What a notification tells."""

    APPOINTMENT_CREATED = "appointment_created"
    APPOINTMENT_UPDATED = "appointment_updated"
    APPOINTMENT_CANCELLED = "appointment_cancelled"
    APPOINTMENT_REMINDER = "appointment_reminder"
    CONFLICT_DETECTED = "conflict_detected"
    RESOURCE_UNAVAILABLE = "resource_unavailable"
    TEAM_MEMBER_UNAVAILABLE = "team_member_unavailable"
    SCHEDULE_CHANGE = "schedule_change"


class DeliveryMethod(StrEnum):
    """The way a notification takes."""

    EMAIL = "email"
    SMS = "sms"
    PUSH = "push"
    IN_APP = "in_app"


class NotificationStatus(StrEnum):
    """How far the delivery of a notification has come."""

    PENDING = "pending"
    SENT = "sent"
    FAILED = "failed"
    CANCELLED = "cancelled"


class Audience(StrEnum):
    """Whom a text is for."""

    USERS = "users"
    CLIENT = "client"


class PeriodType(StrEnum):
    """The length of an analytics period."""

    DAILY = "daily"
    WEEKLY = "weekly"
    MONTHLY = "monthly"
    QUARTERLY = "quarterly"
    YEARLY = "yearly"


class IntegrationType(StrEnum):
    """What kind of outside system an integration connects."""

    CALENDAR = "calendar"
    BOOKING = "booking"
    CRM = "crm"
    ERP = "erp"
    COMMUNICATION = "communication"
    PAYMENT = "payment"


class SyncFrequency(StrEnum):
    """How often an integration synchronizes."""

    REALTIME = "realtime"
    HOURLY = "hourly"
    DAILY = "daily"
    WEEKLY = "weekly"


class SyncStatus(StrEnum):
    """How an integration is doing."""

    CONNECTED = "connected"
    DISCONNECTED = "disconnected"
    ERROR = "error"
    SYNCING = "syncing"


class DeliveryStatus(StrEnum):
    """How far the delivery of a webhook has come; what is dead is not tried again by itself."""

    PENDING = "pending"
    DELIVERED = "delivered"
    DEAD = "dead"


class PlanStatus(StrEnum):
    """What is known about a plan; `optimal` and `infeasible` only with a proof."""

    OPTIMAL = "optimal"
    FEASIBLE = "feasible"
    INFEASIBLE = "infeasible"
    UNKNOWN = "unknown"


class RunMode(StrEnum):
    """What a run may change: see `models.records.runs`."""

    FILL = "fill"
    OPTIMIZE = "optimize"
    REPAIR = "repair"


class RunState(StrEnum):
    """How far a run has come."""

    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"
