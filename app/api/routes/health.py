"""How the service is: whether the process answers, and whether it has something to answer from."""

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
    """How the service is."""

    status: Literal["live", "ready", "degraded"]
    """`live`: the process answers; `ready`: a revision is served; `degraded`: it is served, but at the moment some of
    it can't be read, or no newer one can be followed."""


class Readiness(Health):
    """How the service is, and what it could not load."""

    refused: RefusedFiles
    """The files that were refused when the corpus was made."""


@router.get("/health/live", response_model=Health)
async def read_live() -> Response:
    """Whether the process answers."""
    return Response(b'{"status":"live"}', media_type="application/json")


@router.get("/health/ready", response_model=Readiness, responses={**declare_responses(503)})
async def read_ready(request: Request) -> Response:
    """Whether a revision is served; until then, 503 says how far it is."""
    service = request.app.state.service
    snapshot = await service.wait_until_opened()
    if snapshot is None:
        raise Problem(503, service.status)
    status = "degraded" if service.last_error else "ready"
    refused = snapshot.directory.revision["refused"]
    return Response(orjson.dumps({"status": status, "refused": refused}), media_type="application/json")
