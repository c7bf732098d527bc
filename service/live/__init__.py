"""What changes, told to whoever listens: one reader of the audit log per process, however many listen."""

from service.live.feed import Change, Feed

__all__ = ["Change", "Feed"]
