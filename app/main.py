"""The application, gathered."""

import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib.metadata import version

from fastapi import FastAPI
from starlette.exceptions import HTTPException
from starlette.types import Receive, Scope, Send

from app import articles, corpus, entities, health, paragraphs, similar, tags, timeline, welcome
from app.docs import INTRODUCTION, SUMMARY, TAGS, add_docs
from app.front import Front
from app.manners import DatabaseError
from app.openapi import finished
from app.problems import Problem, tell, tell_failure, tell_http, tell_unreadable
from app.service import Service
from app.settings import Settings


class FrontedAPI(FastAPI):
    """The application behind its front, which most requests don't come past."""

    front: Front

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        await self.front(scope, receive, send)


def create_app(settings: Settings) -> FastAPI:
    """An application that serves the corpus that these settings name."""
    service = Service(settings)

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
            Problem: tell, HTTPException: tell_http, DatabaseError: tell_unreadable, Exception: tell_failure,
        },
    )  # fmt: skip
    app.state.service = service
    for room in (articles, similar, paragraphs, entities, tags, timeline, corpus, health, welcome):
        # Included, a router would look for its route twice a request.
        app.router.routes += room.router.routes
    add_docs(app, settings.root_path)
    app.front = Front(super(FrontedAPI, app).__call__, service, app.router)
    app.openapi = finished(app.openapi)  # type: ignore[method-assign]
    return app


app = create_app(Settings())
