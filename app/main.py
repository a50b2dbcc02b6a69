"""The application, gathered."""

import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib.metadata import version
from typing import Any

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from pydantic import TypeAdapter
from starlette.exceptions import HTTPException

from app import articles, corpus, entities, paragraphs, similar, tags, timeline
from app.front import Front
from app.problems import Problem, ProblemShape, tell, tell_http, tell_path
from app.service import Service
from app.settings import Settings


def create_app(settings: Settings) -> FastAPI:
    """An application that serves the corpus that these settings name."""
    service = Service(settings)

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        logging.getLogger("articles").setLevel(logging.INFO)
        async with service.running():
            yield

    app = FastAPI(
        title="Annotated articles", version=version("annotated-articles"), root_path=settings.root_path,
        description="Articles with the people, places, organizations, events and products that they name.",
        lifespan=lifespan, redirect_slashes=False,
        exception_handlers={
            Problem: tell, HTTPException: tell_http, RequestValidationError: tell_path,
        },
    )  # fmt: skip
    app.state.service = service
    for resource in (articles, similar, paragraphs, entities, tags, timeline, corpus):
        app.include_router(resource.router)
    app.add_middleware(Front, service=service, routes=app.router)
    describe(app)
    return app


def describe(app: FastAPI) -> None:
    """Add to the OpenAPI document the shape that problems have."""
    generated = app.openapi

    def openapi() -> dict[str, Any]:
        if app.openapi_schema is None:
            document = generated()
            shape = TypeAdapter(ProblemShape).json_schema(ref_template="#/components/schemas/{model}")
            document["components"]["schemas"] |= {**shape.pop("$defs"), "ProblemShape": shape}
        assert app.openapi_schema is not None
        return app.openapi_schema

    app.openapi = openapi  # type: ignore[method-assign]


app = create_app(Settings())
