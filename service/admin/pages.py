"""The pages: lists with their bulk actions, forms with their inlines."""

from collections.abc import Callable, Sequence
from html import escape
from typing import Any

from sqlalchemy.orm import Session
from starlette.requests import Request
from starlette_admin.actions import ActionSelection
from starlette_admin.exceptions import ActionFailed, FormValidationError
from starlette_admin.flash import flash
from starlette_admin.views import InlineModelView

from service import crud
from service.admin import bulk
from service.admin.bulk import Bulk
from service.admin.forms import fields_of
from service.admin.kinds import Inline, Kind
from service.admin.rows import Row
from service.admin.views import MOST_ROWS, Records, caller_of, keys_of, work_in
from service.rights import may


class RecordView(Records):
    """The pages of a kind of record: list, one, form, with its bulk actions and inlines.

    Parameters
    ----------
    kind
        Which.
    """

    def __init__(self, kind: Kind) -> None:
        self.inlines = [Inlined(inline) for inline in kind.inlines]
        super().__init__(kind, fields_of(kind))
        for each in kind.bulk:
            self._actions[each.name] = _offered(each)
            self._actions_handlers[each.name] = self._doing(each)
        self.actions = [*(each.name for each in kind.bulk), "delete", "export"]

    async def edit(self, request: Request, pk: Any, data: dict[str, Any]) -> Row:
        """Change one, unless somebody else did since the form was opened."""
        seen, row = (await request.form()).get("version"), await self.find_by_pk(request, pk)
        if seen and row is not None and row.version is not None and seen != str(row.version):
            flash(request, "Somebody else changed it meanwhile. Open it again, and repeat your change.", "error")
            raise FormValidationError({"version": f"It has version {row.version} by now."})
        return await super().edit(request, pk, data)

    async def is_action_allowed(self, request: Request, name: str) -> bool:
        """By the table of rights."""
        if name in {each.name for each in self.kind.bulk}:
            return may(caller_of(request), self.kind.path, name)
        return await super().is_action_allowed(request, name)

    def _doing(self, action: Bulk) -> Callable[[Request, ActionSelection], Any]:
        async def do(request: Request, selection: ActionSelection) -> None:
            keys = keys_of(await selection.pks())
            answer = str((await request.form()).get("answer") or "")

            def work(session: Session) -> tuple[int, list[str]]:
                return bulk.each(session, self.kind.resource, keys, action, answer)

            done, refused = await work_in(request, work)
            if refused and not done:
                raise ActionFailed(" ".join(refused))
            flash(request, f"{done} {action.done}.", "success")
            if refused:
                flash(request, "Not done: " + " ".join(refused), "warning")

        return do


class Inlined(InlineModelView, Records):
    """Records on the page of another.

    Parameters
    ----------
    inline
        Which, and where.
    """

    def __init__(self, inline: Inline) -> None:
        self.inline = inline
        self.fk_attr = inline.parent
        self.parent_view = None
        kind = Kind(inline.resource, "")
        Records.__init__(self, kind, fields_of(kind, inline.fields))
        self.key = f"{kind.path}-of"
        self.menu_label = inline.title
        self.inline_template = "inline.html" if inline.grows else "inline_fixed.html"

    async def find_by_parent(self, request: Request, parent: Row) -> Sequence[Row]:
        """Read those of the other record."""

        def work(session: Session) -> list[Row]:
            statement = crud.select_of(session, self.kind.resource.record)
            statement = statement.where(getattr(self.model, self.inline.parent) == parent.id)
            return self.loaded(session, statement.order_by(self.kind.record.id).limit(MOST_ROWS))

        return await work_in(request, work)

    async def create(self, request: Request, data: dict[str, Any]) -> Row:
        """Make one that names the other record."""
        parent = {self.inline.parent: data.pop(self.inline.parent)}
        values = {name: value for name, value in self.typed(data).items() if value not in (None, "", [])}
        return await self.written(request, values | parent, self.made)


def _offered(each: Bulk) -> dict[str, Any]:
    label = escape(each.question)
    form = f'<label class="form-label">{label}<input class="form-control mt-1" name="answer"></label>' if label else ""
    return {
        "name": each.name,
        "text": each.text,
        "confirmation": f"{each.text} the chosen ones?",
        "header": None,
        "submit_btn_text": each.text,
        "submit_btn_class": "action.modal_confirm_button",
        "icon_class": None,
        "form": form,
        "custom_response": False,
        "allow_empty_selection": False,
        "dedicated_button": False,
        "modal_size": "sm",
    }
