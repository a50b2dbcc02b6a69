"""The corpus as a whole, the health of the service, and its front door."""

from typing import Literal

import orjson
from fastapi import APIRouter, Depends, Request
from starlette.responses import Response
from typing_extensions import TypedDict

from app.problems import Problem
from app.questions import Empty, asks
from app.resources import CorpusDep, problems
from app.search.schema import Kind
from app.search.selection import Selection
from app.shapes import documented

router = APIRouter(tags=["corpus"])


@documented
class RevisionShape(TypedDict):
    """One state of the whole corpus."""

    number: int
    id: str
    at: str
    """When it was made, in UTC."""


@documented
class RangeShape(TypedDict):
    """From when to when articles appeared."""

    first: str | None
    last: str | None
    undated: int
    """How many articles have no date."""


@documented
class ValueShape(TypedDict):
    """A value, and how many articles have it."""

    value: str
    count: int


@documented
class CorpusShape(TypedDict):
    """What is served."""

    revision: RevisionShape
    articles: int
    paragraphs: int
    mentions: int
    entities: int
    """How many entities are named."""
    tags: int
    """Under how many tags articles stand."""
    published: RangeShape
    languages: list[ValueShape]
    sources: list[ValueShape]


@documented
class HealthShape(TypedDict):
    """How the service is."""

    status: Literal["live", "ready"]


@router.get(
    "/corpus",
    response_model=CorpusShape,
    responses=problems(),
    dependencies=[Depends(asks(Empty, "/corpus"))],
)
async def read_corpus(corpus: CorpusDep) -> Response:
    """What is served: its revision, how much it is, from when to when, in which languages, from which sources."""
    revision = corpus.snapshot.directory.revision
    kind: Kind = "articles"
    everything = Selection.everything(corpus.snapshot, kind)

    def values(field: str) -> list[ValueShape]:
        return [{"value": value, "count": count} for value, count in everything.counts(field)]

    days = sorted(value for value, _ in everything.counts("year"))
    shape: CorpusShape = {
        "revision": {
            "number": revision["number"], "id": revision["id"],
            "at": revision["at"].isoformat().replace("+00:00", "Z"),
        },
        "articles": revision["articles"],
        "paragraphs": revision["paragraphs"],
        "mentions": revision["mentions"],
        "entities": len(everything.counts("entity")),
        "tags": len(everything.counts("tag")),
        "published": {
            "first": days[0] if days else None, "last": days[-1] if days else None,
            "undated": revision["articles"] - sum(count for _, count in everything.counts("year")),
        },
        "languages": values("language"),
        "sources": values("source"),
    }  # fmt: skip
    return Response(orjson.dumps(shape), media_type="application/json")


@router.get("/health/live", response_model=HealthShape, tags=["health"])
async def read_live() -> Response:
    """Whether the process answers."""
    return Response(b'{"status":"live"}', media_type="application/json")


@router.get("/health/ready", response_model=HealthShape, tags=["health"], responses=problems())
async def read_ready(request: Request) -> Response:
    """Whether a revision is served; until then, 503 says how far it is."""
    service = request.app.state.service
    if service.snapshot is None:
        raise Problem(503, service.said)
    return Response(b'{"status":"ready"}', media_type="application/json")


@router.get("/", tags=["corpus"])
async def read_index(request: Request) -> dict[str, str]:
    """The addresses of the service."""
    root = request.app.state.service.settings.root_path
    names = ("articles", "paragraphs", "entities", "tags", "timeline", "corpus", "docs", "openapi.json")
    return {name.removesuffix(".json"): f"{root}/{name}" for name in names}
