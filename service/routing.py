"""Routers for kinds of records: list, create, read, change and delete, derived from the record."""

from collections.abc import Callable
from typing import Annotated, Any, TypeVar

from fastapi import APIRouter, Body, Header, Query, Request, Response
from pydantic import BaseModel
from sqlalchemy.orm import Session

from models.records.base import Owned
from service import crud
from service.crud import Page, Resource
from service.dependencies import Transaction, allowed
from service.etags import IfMatch, ensure_current, ensure_news, tag_of
from service.idempotency import OnceRoute, once
from service.lists import ListQuery, PageQuery, query_of
from service.problems import responses
from service.schemas import schemas_of, shown, values_of

R = TypeVar("R", bound=Owned)
BASE = "/api/scheduling"
FAULTS = responses("unauthenticated", "forbidden", "invalid", "too_many_requests")
EVERYTHING = ("list", "create", "read", "update", "delete")


def router_of(resource: Resource[R], only: tuple[str, ...] = EVERYTHING) -> APIRouter:
    """Make the router of a kind of record.

    Special lists and actions are added to it by whoever asks for it; paths of words come before `/{id}/` by themselves,
    since an id is a number.

    Parameters
    ----------
    resource
        What kind.
    only
        Which of the five it has.

    Returns
    -------
    The router, below the base path.
    """
    router = APIRouter(
        prefix=f"{BASE}/{resource.path}", tags=[resource.path], route_class=OnceRoute, responses=dict(FAULTS)
    )
    for name in only:
        _ADDERS[name](router, resource)
    return router


def page_body(request: Request, session: Session, page: Page[Any], query: ListQuery) -> dict[str, Any]:
    """Write a page of records as the API shows it.

    Parameters
    ----------
    request
        For the addresses of the pages around it.
    session
        Of the request.
    page
        What was found.
    query
        What was asked.

    Returns
    -------
    `count`, `next`, `previous` and `results`.
    """
    return paged(request, page.count, [shown(session, record) for record in page.records], query)


def paged(request: Request, count: int, results: list[Any], query: PageQuery) -> dict[str, Any]:
    """Write a page of whatever is listed; `results` are those of the page, `count` is of all."""
    more = query.page * query.page_size < count

    def address(number: int) -> str:
        return str(request.url.include_query_params(page=number))

    return {
        "count": count,
        "next": address(query.page + 1) if more else None,
        "previous": address(query.page - 1) if query.page > 1 else None,
        "results": results,
    }


def single(session: Session, record: Owned, response: Response) -> dict[str, Any]:
    """Write one record as the API shows it, with its ETag."""
    tag = tag_of(record)
    if tag is not None:
        response.headers["ETag"] = tag
    return shown(session, record)


def written(session: Session, resource: Resource[R], record: R, response: Response) -> dict[str, Any]:
    """Write a record that was just written as the API shows it, with what else there is to tell."""
    return single(session, record, response) | (resource.more(session) if resource.more is not None else {})


def typed(**annotations: Any) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Give parameters of an endpoint types that are made at run time."""

    def add(endpoint: Callable[..., Any]) -> Callable[..., Any]:
        endpoint.__annotations__ |= annotations
        return endpoint

    return add


def add_list(
    router: APIRouter,
    resource: Resource[R],
    path: str,
    conditions: Callable[[Session, Any], list[Any]],
    summary: str,
    *,
    without: frozenset[str] = frozenset(),
    **more: Any,
) -> None:
    """Add a list to the router of a kind of record; a special one has a path of its own, such as `/active/`.

    Parameters
    ----------
    router, resource
        Where, and of what.
    path
        Below that of the resource.
    conditions
        What is listed, from the session and the query.
    summary
        One line for the documentation.
    without
        Filters that are set by the list.
    more
        Further query parameters: name to (type, Field).
    """
    model = query_of(resource.record, without, **more)

    @router.get(
        path,
        response_model=schemas_of(resource.record).page,
        dependencies=[allowed(resource.path, "read")],
        summary=summary,
    )
    @typed(query=Annotated[model, Query()])
    def several(request: Request, session: Transaction, query: Any) -> dict[str, Any]:
        page = crud.listed(session, resource.record, query, *conditions(session, query))
        return page_body(request, session, page, query)


def _add_list(router: APIRouter, resource: Resource[R]) -> None:
    add_list(router, resource, "/", lambda _session, _query: [], f"List {resource.path}")


def _add_create(router: APIRouter, resource: Resource[R]) -> None:
    models = schemas_of(resource.record)

    @router.post(
        "/",
        status_code=201,
        response_model=resource.answers or models.read,
        responses=responses("already_exists", *resource.problems),
        dependencies=[allowed(resource.path, "create"), once, *resource.asks.get("create", ())],
        summary=f"Create a {resource.noun}",
    )
    @typed(body=Annotated[models.create, Body()])
    def create(request: Request, session: Transaction, response: Response, body: BaseModel) -> dict[str, Any]:
        record = crud.create(session, resource, values_of(resource.record, body, given_only=False))
        response.headers["Location"] = f"{request.url.path}{record.id}/"
        return written(session, resource, record, response)


def _add_read(router: APIRouter, resource: Resource[R]) -> None:
    @router.get(
        "/{id:int}/",
        response_model=schemas_of(resource.record).read,
        responses=responses("not_found"),
        dependencies=[allowed(resource.path, "read")],
        summary=f"Get a {resource.noun}",
    )
    def read(
        session: Transaction,
        response: Response,
        id: int,
        if_none_match: Annotated[str | None, Header(max_length=200)] = None,
    ) -> dict[str, Any]:
        record = crud.find(session, resource, id)
        ensure_news(record, if_none_match)
        return single(session, record, response)


def _add_update(router: APIRouter, resource: Resource[R]) -> None:
    models = schemas_of(resource.record)

    @typed(body=Annotated[models.update, Body()])
    def update(
        session: Transaction, response: Response, id: int, body: BaseModel, if_match: IfMatch = None
    ) -> dict[str, Any]:
        record = crud.find(session, resource, id, lock=True)
        ensure_current(record, if_match)
        crud.update(session, resource, record, values_of(resource.record, body, given_only=True))
        return written(session, resource, record, response)

    for method, verb in (("PUT", "Update"), ("PATCH", "Patch")):
        router.add_api_route(
            "/{id:int}/",
            update,
            methods=[method],
            response_model=resource.answers or models.read,
            responses=responses("not_found", "conflict", "stale", *resource.problems),
            dependencies=[allowed(resource.path, "update"), *resource.asks.get("update", ())],
            summary=f"{verb} a {resource.noun}",
        )


def _add_delete(router: APIRouter, resource: Resource[R]) -> None:
    @router.delete(
        "/{id:int}/",
        status_code=204,
        responses=responses("not_found", "in_use", "stale"),
        dependencies=[allowed(resource.path, "delete"), *resource.asks.get("delete", ())],
        summary=f"Delete a {resource.noun}",
    )
    def delete(session: Transaction, id: int, if_match: IfMatch = None) -> None:
        record = crud.find(session, resource, id, lock=True)
        ensure_current(record, if_match)
        crud.delete(session, resource, record)


_ADDERS: dict[str, Callable[[APIRouter, Resource[Any]], None]] = {
    "list": _add_list,
    "create": _add_create,
    "read": _add_read,
    "update": _add_update,
    "delete": _add_delete,
}
