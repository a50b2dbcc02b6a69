"""The application: middleware, exception handlers and routers."""

import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib.metadata import version

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp

from app.api.docs.examples import QUESTIONS
from app.api.docs.introduction import SUMMARY, TAGS, describe_api
from app.api.docs.openapi import custom_openapi
from app.api.docs.swagger import add_docs
from app.api.errors import (
    Problem,
    database_error_handler,
    http_exception_handler,
    problem_handler,
    unhandled_exception_handler,
)
from app.api.middleware.caching import CachingMiddleware
from app.api.middleware.http import HttpMiddleware
from app.api.middleware.origins import OriginsMiddleware
from app.api.routes import (
    articles,
    corpus,
    entities,
    exports,
    graph,
    health,
    home,
    mentions,
    paragraphs,
    problems,
    similar,
    tags,
    timeline,
)
from app.api.validation_messages import validation_error_handler
from app.database.errors import DatabaseError
from app.serving.service import CorpusService
from app.settings import Settings
from app.web import add_pages

ROUTES = (
    articles,
    similar,
    paragraphs,
    mentions,
    graph,
    entities,
    tags,
    timeline,
    corpus,
    health,
    home,
    problems,
    exports,
)
"""Modules with endpoints, in the order of the documentation."""


class CachedAPI(FastAPI):
    """A FastAPI application with its cache outside all other middleware."""

    def build_middleware_stack(self) -> ASGIApp:
        """Return the layers of middleware; `CachingMiddleware` is the outermost.

        `add_middleware` would place it inside three layers of Starlette and FastAPI, which take 2 us of the 7 of a
        cached response.
        """
        stack = HttpMiddleware(super().build_middleware_stack(), self.router)
        caching = CachingMiddleware(stack, self.state.service, self.router)
        origins = self.state.service.settings.origins
        return caching if origins == "*" else OriginsMiddleware(caching, origins.split())


def create_app(settings: Settings) -> FastAPI:
    """Return an application that serves the corpus of these settings."""
    service = CorpusService(settings)

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        logging.getLogger("articles").setLevel(logging.INFO)
        async with service.running():
            yield

    app = CachedAPI(
        title="Annotated articles",
        version=version("annotated-articles"),
        summary=SUMMARY,
        description=describe_api(QUESTIONS),
        license_info={"name": "MIT", "identifier": "MIT"},
        servers=[{"url": settings.root_path or "/"}],
        openapi_tags=TAGS,
        docs_url=None,
        redoc_url=None,
        openapi_url=None,
        lifespan=lifespan,
        redirect_slashes=False,
        telemetry={"tracing": False, "metrics": False, "logs": False},
        exception_handlers={
            Problem: problem_handler,
            RequestValidationError: validation_error_handler,
            HTTPException: http_exception_handler,
            DatabaseError: database_error_handler,
            Exception: unhandled_exception_handler,
        },
    )
    app.state.service = service
    for module in ROUTES:
        # `app.include_router` does the same, but matches each route twice: 15 to 20 us of the 75 that an article takes.
        app.router.routes += module.router.routes
    if settings.reader:
        add_pages(app)
    add_docs(app, settings.root_path)
    app.openapi = custom_openapi(app)  # type: ignore[method-assign]
    return app


app = create_app(Settings())
