"""The pages for administrators at `/admin`: every record listed, shown and changed, by the same rights as over HTTP.

All of it is derived: `kinds` says which records there are, `forms` makes their fields, `views` reads and writes them
through `service.crud`, so that checks, events, bookings and the audit log are those of the API. Only what serves
imports this package.
"""

from fastapi import FastAPI
from jinja2 import PackageLoader
from starlette.middleware import Middleware
from starlette_admin.base import BaseAdmin
from starlette_admin.i18n import TimezoneConfig
from starlette_admin.views import DropDown

from service.admin.failing import add_handlers
from service.admin.kinds import GROUPS
from service.admin.login import Login
from service.admin.organization import OrganizationView
from service.admin.pages import RecordView
from service.admin.sessions import Pages

PATH = "/admin"
ICON = (
    "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 16 16'%3E%3Crect width='16' height='16' "
    "rx='3' fill='%23066fd1'/%3E%3Cpath d='M3 5h7M3 8h10M3 11h5' stroke='%23fff' stroke-width='2'/%3E%3C/svg%3E"
)


def mount(app: FastAPI) -> None:
    """Add the pages to an application, once.

    Parameters
    ----------
    app
        With its database, keys and settings in its state.
    """
    if getattr(app.state, "admin", None) is not None:
        return
    admin = BaseAdmin(
        title="Tidyplan",
        base_url=PATH,
        route_name="admin",
        templates_dir="",
        additional_loaders=[PackageLoader("service.admin", "templates")],
        favicon_url=ICON,
        auth_provider=Login(app),
        secret_key=app.state.keyring.secret("admin"),
        timezone_config=TimezoneConfig(timezone_cookie_name=None, use_user_locale_timezone=False),
    )
    for label, icon, kinds in GROUPS:
        admin.add_view(DropDown(label, icon=icon, views=[RecordView(kind) for kind in kinds], always_open=True))
    admin.add_view(OrganizationView())
    admin.middlewares.append(Middleware(Pages, main=app))
    admin.mount_to(app)
    add_handlers(admin)
    app.state.admin = admin
