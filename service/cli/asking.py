"""Options that change a problem, in the order in which they were typed: one for every edit there is."""

from __future__ import annotations

import inspect
from typing import TYPE_CHECKING, Annotated, Any, NamedTuple

import typer
from typer.core import TyperCommand

if TYPE_CHECKING:
    from collections.abc import Sequence

    from models.edits import Asked

KEY = "tidyplan.typed"
PANELS = ("What happens", "What could be otherwise")


class Typed(NamedTuple):
    """An option as it was typed, and its value."""

    option: str
    value: str


class EditCommand(TyperCommand):
    """A command with an option for every edit; what was typed is in the context, see `typed`."""

    _edits: list[Any] | None = None

    def get_params(self, ctx: Any) -> list[Any]:
        """List the command's own parameters, and the edits; those are made when somebody asks for this command."""
        if self._edits is None:
            self._edits = _options()
        own = super().get_params(ctx)
        helpful = [param for param in own if param.name == "help"]
        return [*(param for param in own if param not in helpful), *self._edits, *helpful]

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Note options that may be given several times in the order of the command line, then read them as usual."""
        values, _, order = self.make_parser(ctx).parse_args(args=list(args))
        left = {name: list(value) for name, value in values.items() if isinstance(value, list)}
        several = [param for param in order if getattr(param, "multiple", False) and param.name in left]
        ctx.meta[KEY] = [Typed(param.opts[0], left[param.name].pop(0)) for param in several]
        return super().parse_args(ctx, args)


def typed(ctx: typer.Context) -> list[Typed]:
    """What was typed of the options that may be given several times, in their order."""
    found: list[Typed] = ctx.meta[KEY]
    return found


def asked(words: Sequence[Typed]) -> list[Asked]:
    """Find the edits that options ask for; options that are no edits are passed over."""
    from models.edits import EDITS, Asked

    by_option = {edit.option: edit for edit in EDITS}
    return [Asked(by_option[word.option], word.value) for word in words if word.option in by_option]


def _options() -> list[Any]:
    """Make the options of all edits, the way any command's are made."""
    from models.edits import EVENTS, QUESTIONS

    def takes(**_: object) -> None:
        """Take anything."""

    parameters = []
    for panel, edits in zip(PANELS, (EVENTS, QUESTIONS), strict=True):
        for edit in edits:
            name = edit.option.removeprefix("--").replace("-", "_")
            option = typer.Option(
                edit.option, metavar=edit.metavar, help=edit.does, rich_help_panel=panel, show_default=False
            )
            kind = Annotated[list[str] | None, option]
            parameters.append(inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=None, annotation=kind))
    takes.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]  # any function may have one
    takes.__annotations__ = {parameter.name: parameter.annotation for parameter in parameters}
    made = typer.Typer(add_completion=False)
    made.command()(takes)
    options = [param for param in typer.main.get_command(made).params if param.name in takes.__annotations__]
    for param in options:
        param.expose_value = False
    return options
