"""The one tree of errors; every message names the thing, its value and, where there is some, the mend."""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong with a file: where, what was found, what is expected, and the mend."""

    where: str
    found: str
    expected: str
    advice: str = ""

    def __str__(self) -> str:
        place = self.where or "the document"
        return f"{place}: found {self.found}; expected {self.expected}." + (f" {self.advice}" if self.advice else "")


class TidyplanError(Exception):
    """The root of all errors of Tidyplan."""


class InvalidDocument(TidyplanError):
    """A file that cannot be read, with all its faults.

    Parameters
    ----------
    faults
        Everything that is wrong, in the order of the document.
    """

    noun = "document"

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults: tuple[Fault, ...] = tuple(faults)
        count = len(self.faults)
        head = f"The {self.noun} has {count} fault{'' if count == 1 else 's'}:"
        super().__init__("\n".join([head, *(f"  {fault}" for fault in self.faults)]))


class InvalidProblem(InvalidDocument):
    """A problem.json that cannot be read."""

    noun = "problem"


class InvalidPlan(InvalidDocument):
    """A plan.json that cannot be read."""

    noun = "plan"


class InvalidEdit(InvalidDocument):
    """A change to a problem that cannot be made."""

    noun = "change"


class InvalidRequest(InvalidDocument):
    """A request for suggestions that cannot be read, or that speaks of what the problem does not know."""

    noun = "request"


class NotFound(TidyplanError):
    """Something was asked for that does not exist, or not for the one who asks.

    Parameters
    ----------
    kind
        What was looked for, such as "appointment".
    key
        The id that was given.
    """

    def __init__(self, kind: str, key: object) -> None:
        self.kind, self.key = kind, key
        super().__init__(f"There is no {kind} {key}. Check the id, or list what there is.")


class IllegalTransition(TidyplanError):
    """A status that may not follow the present one.

    Parameters
    ----------
    current, wanted
        The present status and the one asked for.
    allowed
        What may follow the present one.
    """

    def __init__(self, current: str, wanted: str, allowed: Iterable[str]) -> None:
        self.current, self.wanted, self.allowed = current, wanted, tuple(allowed)
        mend = f"It can become {', '.join(self.allowed)}." if self.allowed else "It is final and stays as it is."
        super().__init__(f"An appointment that is {current} cannot become {wanted}. {mend}")


class MissingPackage(TidyplanError):
    """Something was asked for that needs a package which is not installed.

    Parameters
    ----------
    wanted
        What was asked for, such as "the executor dask".
    package
        The package.
    extra
        The extra of Tidyplan that brings it.
    """

    def __init__(self, wanted: str, package: str, extra: str) -> None:
        self.wanted, self.package, self.extra = wanted, package, extra
        super().__init__(f"{wanted} needs the package {package}. Install it with: pip install 'tidyplan[{extra}]'")


class SlotTaken(TidyplanError):
    """Somebody or something is already busy at that time."""


class RuleViolated(TidyplanError):
    """A write that would break a hard rule."""


class HoldExpired(TidyplanError):
    """A hold that no longer stands."""


class AlreadyExists(TidyplanError):
    """Something with the same unique key is there already."""


class InUse(TidyplanError):
    """Something that others still refer to cannot go."""


class StaleVersion(TidyplanError):
    """Somebody else changed it since it was read."""
