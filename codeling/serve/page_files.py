"""The web page at ``/``: the files of the folder ``page``, under a policy that forbids to load anything else."""

from __future__ import annotations

from pathlib import Path

from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

FOLDER = Path(__file__).with_name("page")
_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-cache",
}


def page_routes() -> list[Route | Mount]:
    """``/`` and ``/page/FILE``."""

    async def index(_: Request) -> Response:
        return FileResponse(FOLDER / "index.html", headers=_HEADERS)

    return [Route("/", index, methods=["GET"]), Mount("/page", _PageFiles(directory=FOLDER))]


def page_paths() -> set[str]:
    """The paths of the page and its files: they hold nothing secret, and the page itself asks for the key."""
    return {"/", *(f"/page/{file.name}" for file in FOLDER.iterdir())}


class _PageFiles(StaticFiles):
    """Static files with the page's headers."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        response = await super().get_response(path, scope)
        response.headers.update(_HEADERS)
        return response
