"""The application and its owner, for all tests of the service."""

from tests.service.api.conftest import app, one_app, owner

__all__ = ["app", "one_app", "owner"]
