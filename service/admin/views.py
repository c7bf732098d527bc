"""The pages of a kind of record, whichever it is: read and written by `service.crud`, as over HTTP."""

from collections.abc import Callable, Sequence
from html import escape
from typing import Any, TypeVar

import anyio.to_thread
from pydantic import ValidationError
from sqlalchemy import Select, false, func, or_
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session
from starlette.requests import Request
from starlette_admin.contrib.sqla.filters import build_filter_clause
from starlette_admin.exceptions import ActionFailed, FormValidationError
from starlette_admin.fields import BaseField
from starlette_admin.filters import FilterGroup
from starlette_admin.types import RequestAction
from starlette_admin.views import BaseModelView

from models.errors import TidyplanError
from models.records.base import Record
from models.records.fields import MAX_ID
from service import crud
from service.admin.failing import form_error, told
from service.admin.filters import Columns, Filters
from service.admin.forms import UNSEEN, is_document, read
from service.admin.kinds import Kind
from service.admin.rows import Row, rows_of
from service.callers import Caller
from service.linking import load_links
from service.rights import may
from service.schemas import schemas_of, values_of

T = TypeVar("T")
MOST_ROWS = 10_000
_REFUSALS = (TidyplanError, ValidationError, DBAPIError)


class Records(BaseModelView):
    """Reads and writes records of one kind for pages.

    Parameters
    ----------
    kind
        Which.
    fields
        What is shown of them.
    """

    def __init__(self, kind: Kind, fields: Sequence[BaseField]) -> None:
        self.kind = kind
        self.model = Columns(kind.record, kind.fields)
        self.key = kind.path
        self.fields = list(fields)
        self.pk_attr = "id"
        self.display_name = kind.resource.noun[:1].upper() + kind.resource.noun[1:]
        self.menu_label = kind.path.replace("-", " ").capitalize()
        self.icon = kind.icon
        self.sortable_fields = [name for name, field in kind.fields.items() if _sortable(kind, field)]
        self.searchable_fields = list(self.sortable_fields)  # those with filters; `find_all` knows where to search
        self.fields_default_sort = [("id", True)]
        self.page_size, self.page_size_options = 25, [10, 25, 50, 100]
        self.search_auto_submit = False
        super().__init__()

    def is_accessible(self, request: Request) -> bool:
        """Whether who asks may see them at all."""
        return may(caller_of(request), self.kind.path, "read")

    def can_view_detail(self, request: Request) -> bool:
        """Who may list them may see one."""
        return self.is_accessible(request)

    def can_create(self, request: Request) -> bool:
        """By the table of rights."""
        return self._may(request, "create")

    def can_edit(self, request: Request) -> bool:
        """By the table of rights."""
        return self._may(request, "update")

    def can_delete(self, request: Request) -> bool:
        """By the table of rights."""
        return self._may(request, "delete")

    def _may(self, request: Request, action: str) -> bool:
        return action in self.kind.offers and may(caller_of(request), self.kind.path, action)

    def can_import(self, _request: Request) -> bool:
        """Files come in by the API."""
        return False

    def get_filter_registry(self) -> Filters:
        """The filters of fields."""
        return Filters()

    async def repr(self, obj: Row, _request: Request) -> str:
        """What people call it."""
        return obj.label

    async def select2_result(self, obj: Row, _request: Request) -> str:
        """The same where one is chosen."""
        return f"<span>{escape(obj.label)}</span>"

    async def find_all(
        self,
        request: Request,
        skip: int = 0,
        limit: int = 100,
        q: str | None = None,
        sorts: Sequence[tuple[str, str]] | None = None,
        filters: FilterGroup | None = None,
    ) -> Sequence[Row]:
        """Read a page of the list."""

        def work(session: Session) -> list[Row]:
            statement = self._narrowed(request, session, q, filters)
            for name, direction in sorts or ():
                column = getattr(self.model, name)
                statement = statement.order_by(column.desc() if direction == "desc" else column.asc())
            statement = statement.order_by(self.kind.record.id).offset(skip).limit(limit if limit > 0 else MOST_ROWS)
            return self.loaded(session, statement)

        return await work_in(request, work)

    async def count(self, request: Request, q: str | None = None, filters: FilterGroup | None = None) -> int:
        """Count the whole list."""
        counted = func.count(self.kind.record.id)

        def work(session: Session) -> int:
            return session.scalar(self._narrowed(request, session, q, filters).with_only_columns(counted)) or 0

        return await work_in(request, work)

    async def find_by_pk(self, request: Request, pk: Any) -> Row | None:
        """Read one; None if there is none for who asks."""
        found = await self.find_by_pks(request, [pk])
        return found[0] if found else None

    async def find_by_pks(self, request: Request, pks: list[Any]) -> Sequence[Row]:
        """Read some."""
        keys = keys_of(pks)

        def work(session: Session) -> list[Row]:
            statement = self.chosen(session)
            return self.loaded(session, statement.where(self.kind.record.id.in_(keys)).order_by(self.kind.record.id))

        return await work_in(request, work)

    async def create(self, request: Request, data: dict[str, Any]) -> Row:
        """Make one of what was typed; what was left empty has its default."""
        values = self.typed(data)
        given = {name: value for name, value in values.items() if value not in (None, "", [])}
        return await self.written(request, given, self.made)

    async def edit(self, request: Request, pk: Any, data: dict[str, Any]) -> Row:
        """Change what was changed in the form, and nothing else: others may have changed the rest meanwhile."""
        row = await self.find_by_pk(request, pk)
        if row is None:
            raise FormValidationError({})
        wanted = self.typed(data)
        present = self.typed(await self._shown_in_form(request, row, data))
        changed = {
            name: value
            for name, value in wanted.items()
            if (value not in (None, "") if self.kind.fields[name].access in UNSEEN else value != present[name])
        }
        if not changed:
            return row
        return await self.written(request, changed, lambda session, body: self.change(session, row.id, body))

    async def delete(self, request: Request, pks: list[Any]) -> int | None:
        """Delete some, all or none."""

        def work(session: Session) -> int:
            keys = keys_of(pks)
            try:
                for key in keys:
                    crud.delete(session, self.kind.resource, crud.find(session, self.kind.resource, key, lock=True))
            except _REFUSALS as error:
                session.rollback()
                raise ActionFailed(told(error)) from None
            return len(keys)

        return await work_in(request, work)

    def _narrowed(self, request: Request, session: Session, q: str | None, filters: FilterGroup | None) -> Select[Any]:
        statement: Any = self.chosen(session)
        if q:
            columns = [getattr(self.kind.record, name) for name in self.kind.record.SEARCHED]
            statement = statement.where(or_(false(), *(column.icontains(q, autoescape=True) for column in columns)))
        if filters is not None and not filters.is_empty():
            named = {field.name: field for field in self.get_fields_list(request)}
            clause = build_filter_clause(filters, named, self.get_filter_registry(), self, request)
            statement = statement if clause is None else statement.where(clause)
        found: Select[Any] = statement
        return found

    def chosen(self, session: Session) -> Select[Any]:
        """Select what who asks may see."""
        return crud.select_of(session, self.kind.resource.record)

    def loaded(self, session: Session, statement: Select[Any]) -> list[Row]:
        """Read what a statement selects."""
        records: list[Record] = list(session.scalars(statement.options(*load_links(self.kind.record))))
        return rows_of(session, self.kind, records)

    def typed(self, data: dict[str, Any]) -> dict[str, Any]:
        """Read what was typed.

        Raises
        ------
        FormValidationError
            Where that cannot be read.
        """
        named = {field.name: field for field in self.fields}
        values, errors = {}, dict[str | int, Any]()
        for name, raw in data.items():
            if name not in named or named[name].read_only or name not in self.kind.fields:
                continue
            try:
                values[name] = read(self.kind, named[name], raw)
            except ValueError as error:
                errors[name] = str(error)
        if errors:
            raise FormValidationError(errors)
        return values

    async def _shown_in_form(self, request: Request, row: Row, data: dict[str, Any]) -> dict[str, Any]:
        before, request.state.action = request.state.action, RequestAction.EDIT
        shown = await self.serialize(row, request)
        request.state.action = before
        return {name: shown.get(name) for name in data}

    async def written(self, request: Request, values: dict[str, Any], write: Callable[[Session, Any], Record]) -> Row:
        """Write in the transaction of the page; what is refused is taken back as a whole.

        Raises
        ------
        FormValidationError
            If it is refused.
        """
        models = schemas_of(self.kind.record)
        model = models.create if request.state.action is RequestAction.CREATE else models.update

        def work(session: Session) -> Row:
            if getattr(request.state, "refused", False):
                raise FormValidationError({})
            try:
                record = write(session, values)
                session.flush()
                return rows_of(session, self.kind, [record])[0]
            except _REFUSALS as error:
                session.rollback()
                request.state.refused = True
                raise form_error(request, error, model, {field.name for field in self.fields}) from None

        return await work_in(request, work)

    def made(self, session: Session, values: dict[str, Any]) -> Record:
        """Make a record of JSON values."""
        body = schemas_of(self.kind.record).create.model_validate(values)
        record: Record = crud.create(session, self.kind.resource, values_of(self.kind.record, body, given_only=False))
        return record

    def change(self, session: Session, key: int, values: dict[str, Any]) -> Record:
        """Change a record as JSON values say."""
        record: Record = crud.find(session, self.kind.resource, key, lock=True)
        body = schemas_of(self.kind.record).update.model_validate(values)
        crud.update(session, self.kind.resource, record, values_of(self.kind.record, body, given_only=True))
        return record


def caller_of(request: Request) -> Caller:
    """Who asks for a page."""
    found: Caller = request.state.caller
    return found


async def work_in(request: Request, work: Callable[[Session], T]) -> T:
    """Work with the session of a page in a thread: the loop goes on meanwhile."""
    return await anyio.to_thread.run_sync(work, request.state.session)


def keys_of(pks: Sequence[Any]) -> list[int]:
    """Read ids; what is none is passed over."""
    keys = [int(pk) if str(pk).isdecimal() and len(str(pk)) < 20 else 0 for pk in pks]
    return [key for key in keys if 1 <= key <= MAX_ID]


def _sortable(kind: Kind, field: Any) -> bool:
    return not field.rows and not is_document(getattr(kind.record, field.attribute))
