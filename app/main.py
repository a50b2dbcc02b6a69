"""The application: middleware, exception handlers and routers."""

import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib.metadata import version

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException

from app.api.docs.openapi import finished
from app.api.docs.swagger import INTRODUCTION, SUMMARY, TAGS, add_docs
from app.api.errors import Problem, database_error_handler, http_exception_handler, problem_handler
from app.api.middleware.caching import CachingMiddleware
from app.api.routes import (
    articles,
    corpus,
    entities,
    exports,
    health,
    home,
    mentions,
    paragraphs,
    similar,
    tags,
    timeline,
)
from app.api.validation_messages import validation_error_handler
from app.database.dialect import DatabaseError
from app.serving.service import CorpusService
from app.settings import Settings

ROUTES = (exports, articles, similar, paragraphs, mentions, entities, tags, timeline, corpus, health, home)
"""The modules of endpoints, in the order of the documentation."""


def create_app(settings: Settings) -> FastAPI:
    """Return an application that serves the corpus that these settings name."""
    service = CorpusService(settings)

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        logging.getLogger("articles").setLevel(logging.INFO)
        async with service.running():
            yield

    app = FastAPI(
        title="Annotated articles", version=version("annotated-articles"), summary=SUMMARY,
        license_info={"name": "MIT", "identifier": "MIT"}, servers=[{"url": settings.root_path or "/"}],
        description=INTRODUCTION, openapi_tags=TAGS, docs_url=None, redoc_url=None, openapi_url=None,
        lifespan=lifespan, redirect_slashes=False, telemetry={"tracing": False, "metrics": False, "logs": False},
        exception_handlers={
            Problem: problem_handler, RequestValidationError: validation_error_handler,
            HTTPException: http_exception_handler, DatabaseError: database_error_handler,
        },
    )  # fmt: skip
    app.state.service = service
    app.add_middleware(CachingMiddleware, service=service, router=app.router)
    for module in ROUTES:
        # `app.include_router` answers the same, but matches routes twice: 15 to 20 us of the 75 that an article takes.
        app.router.routes += module.router.routes
    add_docs(app, settings.root_path)
    app.openapi = finished(app)  # type: ignore[method-assign]
    return app


app = create_app(Settings())
