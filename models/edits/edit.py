"""What every change of a problem offers: how it is asked for on a command line, and what it does."""

from __future__ import annotations

from typing import ClassVar, NamedTuple, NoReturn, Self

from models.edits.draft import Draft
from models.errors import Fault, InvalidEdit
from models.faults import article, describe, nearest
from models.fields import Part


class Edit(Part):
    """A change of a problem; `kind` tells the changes of a list apart.

    Attributes
    ----------
    option, metavar, does
        The option of a command line, how its value looks, and one sentence of help.
    """

    option: ClassVar[str]
    metavar: ClassVar[str]
    does: ClassVar[str]

    @classmethod
    def read(cls, text: str, draft: Draft) -> Self:
        """Read the value of the option.

        Parameters
        ----------
        text
            As it was typed.
        draft
            The problem that it speaks of, earlier changes made.

        Returns
        -------
        The change.

        Raises
        ------
        InvalidEdit
            With what was found and what is expected.
        """
        raise NotImplementedError

    def apply(self, draft: Draft) -> str:
        """Make the change.

        Parameters
        ----------
        draft
            The problem; it is changed.

        Returns
        -------
        What was done, in words for a planner, without a full stop.

        Raises
        ------
        InvalidEdit
            Where the problem does not allow it.
        """
        raise NotImplementedError


class Named(NamedTuple):
    """The value of an option that begins with an id: the id, and what stands after the mark."""

    key: str
    rest: str


def split(text: str, draft: Draft, kind: str, mark: str = ":") -> Named:
    """Split a value such as `ana:tue` into the id and the rest; ids may hold the mark themselves.

    Parameters
    ----------
    text
        As it was typed.
    draft, kind
        Whose ids of which kind are known.
    mark
        Between the id and the rest.

    Returns
    -------
    The longest known id that the text begins with, and what follows; empty where nothing does.

    Raises
    ------
    InvalidEdit
        Where it begins with no known id.
    """
    known = draft.known(kind)
    if text in known:
        return Named(text, "")
    for place in sorted((i for i, letter in enumerate(text) if letter == mark), reverse=True):
        if text[:place] in known:
            return Named(text[:place], text[place + 1 :].strip())
    draft.demand(kind, text.partition(mark)[0])
    raise AssertionError(text)


def minutes_of(text: str, example: str) -> int:
    """Read a whole number of minutes with or without a sign, or raise `InvalidEdit`."""
    try:
        return int(text.strip().removesuffix("min").strip())
    except ValueError:
        refuse_edit(text or "nothing", "a whole number of minutes", f"Such as {example}.")


def refuse_edit(found: object, expected: str, advice: str = "") -> NoReturn:
    """Raise `InvalidEdit` with one fault."""
    raise InvalidEdit([Fault("", found if found == "nothing" else describe(found), expected, advice)])


def like(text: str, draft: Draft, kind: str) -> Named | None:
    """Read `like:ID` or `like:ID=NEW`.

    Parameters
    ----------
    text
        As it was typed.
    draft, kind
        Whose ids of which kind are known.

    Returns
    -------
    The id of the pattern and that of the copy; None where the text is no such value.
    """
    if not text.startswith("like:"):
        return None
    key, new = split(text.removeprefix("like:"), draft, kind, "=")
    if new and new in draft.known(kind):
        refuse_edit(new, f"a new id: there is {article(kind)} of that name", nearest("", ()))
    return Named(key, new)
