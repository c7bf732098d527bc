"""Requests that are tried again when the database gave one of two up that stood in each other's way."""

import asyncio
import random
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack

import structlog
from fastapi import Request, Response
from sqlalchemy.exc import DBAPIError

from service.database_errors import is_passing

log = structlog.get_logger(__name__)

TRIES = 6
FIRST_PAUSE_SECONDS = 0.02

_STACK = "fastapi_function_astack"
"""Where FastAPI keeps what is to be left when an endpoint is done, the transaction among it."""


async def attempted(request: Request, work: Callable[[Request], Awaitable[Response]]) -> Response:
    """Answer a request; its transaction is over, committed or not, when this returns or raises.

    Parameters
    ----------
    request
        Its body is kept, so that it can be read again.
    work
        Answers it once. It must leave nothing behind but its transaction.

    Returns
    -------
    The answer of the last try.
    """
    for tried in range(1, TRIES + 1):
        try:
            async with AsyncExitStack() as stack:
                request.scope[_STACK] = stack
                return await work(request)
        except DBAPIError as error:
            if tried == TRIES or not is_passing(error):
                raise
            log.info("tried again", path=request.url.path, tried=tried, error=str(error.orig).partition("\n")[0])
        await asyncio.sleep(random.uniform(0, FIRST_PAUSE_SECONDS * 2**tried))
    raise AssertionError("the last try returns or raises")
