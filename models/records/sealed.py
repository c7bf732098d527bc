"""Text that is encrypted where it is stored; who starts the service says how."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Dialect, Text
from sqlalchemy.types import TypeDecorator


@dataclass(frozen=True, slots=True)
class Seal:
    """How to encrypt a text, and how to read it again."""

    close: Callable[[str], str]
    open: Callable[[str], str]


class SealedText(TypeDecorator[str]):
    """An encrypted text column; without a seal it can be neither written nor read."""

    impl = Text
    cache_ok = True
    _seal: Seal | None = None

    @classmethod
    def use(cls, seal: Seal | None) -> None:
        """Encrypt and decrypt by this seal from now on."""
        cls._seal = seal

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:
        """Encrypt."""
        return None if value is None else self._ready().close(value)

    def process_result_value(self, value: Any, dialect: Dialect) -> str | None:
        """Decrypt."""
        return None if value is None else self._ready().open(value)

    def _ready(self) -> Seal:
        if self._seal is None:
            raise LookupError(
                "There is no key for stored secrets. Set TIDYPLAN_SECRET_KEY, and start the service again."
            )
        return self._seal
