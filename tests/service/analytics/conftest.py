from tests.service.api.conftest import app, one_app, owner

__all__ = ["app", "one_app", "owner"]
