"""The page at `/board`: static files that are served as they are, and talk to the API alone."""

from pathlib import Path

from fastapi import FastAPI
from fastapi.responses import FileResponse
from fastapi.staticfiles import StaticFiles
from starlette.responses import RedirectResponse, Response
from starlette.types import Scope

FILES = Path(__file__).parent / "static"
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "frame-ancestors 'none'; base-uri 'none'; form-action 'self'"
)
"""Stricter than elsewhere: no script and no style that is not a file of ours."""

_HEADERS = {"Content-Security-Policy": _POLICY, "Cache-Control": "no-cache"}


class _Fresh(StaticFiles):
    """Files that browsers ask for again each time, to find out whether they changed."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        """Answer with a file."""
        response = await super().get_response(path, scope)
        response.headers.update(_HEADERS)
        return response


def add(app: FastAPI) -> None:
    """Add `/board` to an app."""
    app.mount("/board/static", _Fresh(directory=FILES), name="board-static")

    @app.get("/board", include_in_schema=False)
    def board() -> FileResponse:
        return FileResponse(FILES / "index.html", headers=_HEADERS)

    @app.get("/board/", include_in_schema=False)
    def board_with_slash() -> RedirectResponse:
        return RedirectResponse("/board", 308)
