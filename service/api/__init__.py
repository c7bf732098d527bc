"""The routers, one file per resource: what it is, and what plain reading and writing is not."""

from fastapi import APIRouter

from service.api import (
    absences,
    analytics,
    appointments,
    audit,
    auth,
    conflicts,
    dashboard,
    integrations,
    keys,
    locations,
    notifications,
    organizations,
    resources,
    rules,
    summary,
    teams,
    templates,
    users,
)

ROUTERS: tuple[APIRouter, ...] = (
    templates.router,
    resources.router,
    teams.router,
    teams.members,
    appointments.router,
    conflicts.router,
    rules.router,
    notifications.router,
    notifications.channels,
    notifications.preferences,
    analytics.router,
    dashboard.router,
    summary.router,
    integrations.router,
    users.router,
    absences.router,
    locations.router,
    organizations.router,
    auth.router,
    keys.router,
    audit.router,
)
