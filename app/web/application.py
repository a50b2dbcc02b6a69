"""The application of pages: its routes and its static files, mounted beside the API."""

from fastapi import FastAPI
from starlette.exceptions import HTTPException
from starlette.middleware.gzip import GZipMiddleware
from starlette.responses import Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from app.api.errors import Problem
from app.api.routing import HtmlMount
from app.web.api_client import Moved
from app.web.errors import show_failure, show_http_error, show_move, show_problem
from app.web.routes import (
    article,
    articles,
    compare,
    corpus,
    entities,
    entity,
    help,
    home,
    mentions,
    paragraphs,
    suggestions,
    tags,
    timeline,
)
from app.web.templating import STATIC

PAGES = (
    home,
    articles,
    article,
    paragraphs,
    mentions,
    entities,
    entity,
    compare,
    tags,
    timeline,
    corpus,
    help,
    suggestions,
)
"""Modules with pages."""


class VersionedFiles(StaticFiles):
    """Static files that browsers keep for a year: their URLs contain a hash of their contents."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        """Return a file."""
        response = await super().get_response(path, scope)
        if scope["query_string"]:
            response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
        return response


def add_pages(app: FastAPI) -> None:
    """Add the pages and their static files to the API."""
    pages = FastAPI(
        openapi_url=None,
        redirect_slashes=False,
        telemetry={"tracing": False, "metrics": False, "logs": False},
        exception_handlers={
            Problem: show_problem,
            Moved: show_move,
            HTTPException: show_http_error,
            Exception: show_failure,
        },
    )
    for module in PAGES:
        pages.include_router(module.router)
    # Before the exports, one of whose formats `.html` would be, and before the home page of the API alone.
    app.router.routes.insert(0, HtmlMount(pages))
    app.mount("/static", GZipMiddleware(VersionedFiles(directory=STATIC)), name="static")
