"""Whatever leaves the process: `guard` says where it may go, `sending` sends it, `watching` guards what others send."""

from service.outgoing.guard import Guard, Refused, Unreachable

__all__ = ["Guard", "Refused", "Unreachable"]
