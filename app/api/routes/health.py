"""How the service is: whether the process answers, and whether it has something to answer from."""

from typing import Literal

from fastapi import APIRouter, Request
from starlette.responses import Response

from app.api.docs.responses import COMMON, declare_responses
from app.api.errors import Problem
from app.schemas import Schema

router = APIRouter(tags=["health"], responses=COMMON)


class Health(Schema):
    """How the service is."""

    status: Literal["live", "ready", "degraded"]
    """`live`: the process answers; `ready`: a revision is served; `degraded`: it is served, but at the moment some of
    it can't be read, or no newer one can be followed."""


@router.get("/health/live", response_model=Health)
async def read_live() -> Response:
    """Whether the process answers."""
    return Response(b'{"status":"live"}', media_type="application/json")


@router.get("/health/ready", response_model=Health, responses={**declare_responses(503)})
async def read_ready(request: Request) -> Response:
    """Whether a revision is served; until then, 503 says how far it is."""
    service = request.app.state.service
    if await service.wait_until_opened() is None:
        raise Problem(503, service.status)
    status = b"degraded" if service.last_error else b"ready"
    return Response(b'{"status":"%b"}' % status, media_type="application/json")
