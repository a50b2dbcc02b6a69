"""`/health`: tell whether the process runs, and whether it serves a revision."""

from typing import Literal

import orjson
from fastapi import APIRouter, Request
from starlette.responses import Response

from app.api.docs.responses import COMMON, declare_responses
from app.api.errors import Problem
from app.api.routes.corpus import RefusedFiles
from app.schemas import Schema

router = APIRouter(tags=["health"], responses=COMMON)


class Health(Schema):
    """State of the service."""

    status: Literal["live", "ready", "degraded"]
    """`live`: the process runs. `ready`: a revision is served. `degraded`: a revision is served, but part of it
    can't be read at the moment, or newer revisions can't be loaded."""


class Readiness(Health):
    """How the service is, and what it could not load."""

    refused: RefusedFiles
    """The files that were refused when the corpus was made."""


@router.get("/health/live", response_model=Health)
async def read_live() -> Response:
    """Return 200 if the process runs."""
    return Response(b'{"status":"live"}', media_type="application/json")


@router.get("/health/ready", response_model=Readiness, responses=declare_responses(503))
async def read_ready(request: Request) -> Response:
    """Return 200 if a revision is served; until then, 503 with the progress."""
    service = request.app.state.service
    snapshot = await service.wait_until_opened()
    if snapshot is None:
        raise Problem(503, service.status)
    status = "degraded" if service.last_error else "ready"
    refused = snapshot.directory.revision["refused"]
    return Response(orjson.dumps({"status": status, "refused": refused}), media_type="application/json")
