"""The application, gathered."""

import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib.metadata import version

from fastapi import FastAPI
from starlette.exceptions import HTTPException
from starlette.types import Receive, Scope, Send

from app.api.docs.openapi import finished
from app.api.docs.swagger import INTRODUCTION, SUMMARY, TAGS, add_docs
from app.api.errors import (
    Problem,
    http_exception_handler,
    problem_handler,
    tell_unreadable,
    unhandled_exception_handler,
)
from app.api.middleware.caching import CachingMiddleware
from app.api.routes import articles, corpus, entities, health, home, paragraphs, similar, tags, timeline
from app.database.dialect import DatabaseError
from app.serving.service import CorpusService
from app.settings import Settings


class FrontedAPI(FastAPI):
    """The application behind its front, which most requests don't come past."""

    front: CachingMiddleware

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        await self.front(scope, receive, send)


def create_app(settings: Settings) -> FastAPI:
    """An application that serves the corpus that these settings name."""
    service = CorpusService(settings)

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        logging.getLogger("articles").setLevel(logging.INFO)
        async with service.running():
            yield

    app = FrontedAPI(
        title="Annotated articles", version=version("annotated-articles"), summary=SUMMARY,
        license_info={"name": "MIT", "identifier": "MIT"}, servers=[{"url": settings.root_path or "/"}],
        description=INTRODUCTION, openapi_tags=TAGS, docs_url=None, redoc_url=None, openapi_url=None,
        lifespan=lifespan, redirect_slashes=False, telemetry={"tracing": False, "metrics": False, "logs": False},
        exception_handlers={
            Problem: problem_handler, HTTPException: http_exception_handler, DatabaseError: tell_unreadable,
            Exception: unhandled_exception_handler,
        },
    )  # fmt: skip
    app.state.service = service
    for room in (articles, similar, paragraphs, entities, tags, timeline, corpus, health, home):
        # Included, a router would look for its route twice a request.
        app.router.routes += room.router.routes
    add_docs(app, settings.root_path)
    app.front = CachingMiddleware(super(FrontedAPI, app).__call__, service, app.router)
    app.openapi = finished(app.openapi)  # type: ignore[method-assign]
    return app


app = create_app(Settings())
