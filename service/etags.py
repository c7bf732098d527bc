"""Versions over HTTP: `ETag`, `If-Match` and `If-None-Match`."""

from typing import Annotated

from fastapi import Header, Request, Response

from models.errors import StaleVersion
from models.records.base import Record

IfMatch = Annotated[
    str | None, Header(alias="If-Match", max_length=200, description="The ETag that was read; another one is 412.")
]


class NotModified(Exception):
    """What was asked for is what the asker has; not an error, but a way out of the endpoint."""

    def __init__(self, tag: str) -> None:
        self.tag = tag


async def not_modified(_request: Request, found: Exception) -> Response:
    """Answer that nothing changed."""
    assert isinstance(found, NotModified)
    return Response(status_code=304, headers={"ETag": found.tag})


def tag_of(record: Record) -> str | None:
    """The tag of a record's version; None if it has no versions."""
    version = getattr(record, "version", None)
    return None if version is None else f'"{version}"'


def ensure_current(record: Record, if_match: str | None) -> None:
    """Refuse a change of something that was changed since it was read.

    Parameters
    ----------
    record
        As it stands.
    if_match
        The tags that were read, or "*"; None asks for nothing.

    Raises
    ------
    StaleVersion
        If it has another version.
    """
    if if_match is None or if_match.strip() == "*":
        return
    if tag_of(record) not in _tags(if_match):
        raise StaleVersion(f"It has version {tag_of(record)} by now. Read it again, and repeat the change.")


def ensure_news(record: Record, if_none_match: str | None) -> None:
    """Stop where the asker has the present version.

    Raises
    ------
    NotModified
        If it has.
    """
    tag = tag_of(record)
    if tag is not None and if_none_match is not None and tag in _tags(if_none_match):
        raise NotModified(tag)


def _tags(header: str) -> list[str]:
    return [tag.strip().removeprefix("W/") for tag in header.split(",")]
