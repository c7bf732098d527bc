"""One example of every record, as somebody would send it to create one."""

from collections.abc import Mapping
from typing import Any

from models import records
from models.records.base import Record

EXAMPLES: Mapping[type[Record], dict[str, Any]] = {
    records.ScheduleTemplate: {
        "name": "Weekly team meeting",
        "schedule_type": "weekly",
        "recurrence_days": [1, 2, 3, 4, 5],
        "start_time": "09:00:00",
        "end_time": "10:00:00",
        "duration_minutes": 60,
        "max_capacity": 15,
        "base_price": "0.00",
        "currency": "USD",
    },
    records.Resource: {
        "name": "Conference room A",
        "resource_type": "room",
        "location": "Building 1, floor 2, room 201",
        "capacity": 20,
        "specifications": {"features": ["projector", "whiteboard"], "notes": "Wheelchair accessible"},
        "hourly_rate": "50.00",
        "daily_rate": "300.00",
    },
    records.Team: {
        "name": "Window team",
        "max_members": 8,
        "skills": ["windows", {"name": "heights", "level": 2}],
        "availability_schedule": {"monday": [{"start": "09:00", "end": "17:00"}]},
    },
    records.TeamMember: {"team": 1, "user": 2, "role": "member", "certifications": ["rope_access"]},
    records.Appointment: {
        "title": "Window cleaning",
        "start_datetime": "2026-11-30T09:00:00-08:00",
        "duration_minutes": 90,
        "priority": "high",
        "client_name": "Jo Alvarez",
        "client_email": "jo@example.com",
        "assigned_users": [2],
        "required_resources": [1],
        "requirements": {"windows": [{"start": "2026-11-30T08:00:00-08:00", "end": "2026-11-30T17:00:00-08:00"}]},
    },
    records.ScheduleConflict: {
        "conflict_type": "time_conflict",
        "primary_appointment": 1,
        "conflicting_appointment": 2,
        "conflict_description": "Both need the only van.",
        "impact_level": "medium",
    },
    records.ScheduleRule: {
        "name": "Business hours",
        "rule_type": "working_hours",
        "is_global": True,
        "start_time": "09:00:00",
        "end_time": "17:00:00",
        "is_recurring": True,
        "recurrence_rule": {"frequency": "weekly", "days": [1, 2, 3, 4, 5]},
    },
    records.ScheduleNotification: {
        "notification_type": "schedule_change",
        "delivery_method": "email",
        "recipients": [2],
        "subject": "New times next week",
        "message": "We start an hour later.",
    },
    records.ScheduleAnalytics: {"period_start": "2026-11-01", "period_end": "2026-11-30", "period_type": "monthly"},
    records.ScheduleIntegration: {
        "name": "Office calendar",
        "integration_type": "calendar",
        "provider_name": "CalDAV",
        "provider_url": "https://calendar.example.com/dav/",
        "sync_frequency": "hourly",
    },
    records.CalendarFeed: {"name": "Ana", "user": 2, "details": "title"},
    records.Run: {
        "mode": "fill",
        "horizon": {"start": "2026-11-23T00:00:00-08:00", "end": "2026-11-30T00:00:00-08:00"},
        "scope": {"teams": [1], "statuses": ["requested"]},
        "time_limit_seconds": 60,
        "weights": {"travel": 2},
    },
    records.User: {
        "name": "Ana Ruiz",
        "email": "ana@example.com",
        "role": "member",
        "skills": ["windows", "home"],
        "availability": {"monday": [{"start": "08:00", "end": "16:30"}]},
        "max_hours_per_week": "40",
        "hourly_cost": "31.50",
    },
    records.Absence: {
        "user": 2,
        "kind": "leave",
        "start": "2026-12-24T00:00:00-08:00",
        "end": "2026-12-27T00:00:00-08:00",
    },
    records.Location: {"name": "Depot", "address": "1 Market St", "latitude": 37.7936, "longitude": -122.3958},
    records.NotificationChannel: {
        "name": "Mail",
        "delivery_method": "email",
        "url": "mailto://user:password@mail.example.com",
    },
    records.NotificationPreference: {
        "user": 2,
        "notification_type": "appointment_reminder",
        "delivery_method": "email",
        "is_enabled": True,
    },
    records.NotificationTemplate: {
        "notification_type": "appointment_reminder",
        "audience": "client",
        "subject": "See you on {date} at {time}",
        "message": "{title}\n{when}\nWhere: {place}\n\nIf it does not suit you: {reschedule_link}",
    },
    records.QuietHours: {"user": 2, "start_time": "21:00:00", "end_time": "07:00:00"},
    records.ApiKey: {"name": "Booking page", "scopes": ["appointments:read", "appointments:create"]},
    records.Organization: {"name": "Bay Area Cleaning", "timezone": "America/Los_Angeles", "currency": "USD"},
}
