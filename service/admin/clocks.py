"""Times and dates as pages show them: the same whether there is a library for the formats of other countries or not."""

from datetime import date, datetime, time

from starlette.requests import Request
from starlette_admin.fields import DateField, DateTimeField, TimeField
from starlette_admin.i18n import get_tzinfo
from starlette_admin.types import RequestAction


class WallMoment(DateTimeField):
    """An instant, on the wall of the organization."""

    async def serialize_value(self, request: Request, value: datetime) -> str:
        """Write it for a page; forms and files have a notation of their own."""
        if _is_shown(request):
            return f"{value.astimezone(get_tzinfo()):%Y-%m-%d %H:%M}"
        return await super().serialize_value(request, value)


class WallDate(DateField):
    """A day."""

    async def serialize_value(self, request: Request, value: date) -> str:
        """Write it, everywhere alike."""
        return value.isoformat()


class WallTime(TimeField):
    """A time of day."""

    async def serialize_value(self, request: Request, value: time) -> str:
        """Write it for a page; forms have a notation of their own."""
        if _is_shown(request):
            return f"{value:%H:%M}"
        return await super().serialize_value(request, value)


def _is_shown(request: Request) -> bool:
    action: RequestAction = request.state.action
    return not action.is_form() and action is not RequestAction.EXPORT
