"""The timeline: how many of a selection appeared when."""

from typing import Annotated, ClassVar, Literal

import orjson
from fastapi import APIRouter, Depends, Query
from pydantic import Field
from starlette.responses import Response

from app.api.deps import CorpusDep, select
from app.api.docs.responses import ERRORS
from app.api.pagination import FilterWarning
from app.api.query_string import get_query_string
from app.api.routing import QueryRoute
from app.rendering import JsonObject
from app.schemas import Schema
from app.search.empty_selections import explain_empty_selection
from app.search.filters import FilterParams
from app.search.query_warnings import build_warnings

router = APIRouter(
    prefix="/timeline",
    tags=["timeline"],
    route_class=QueryRoute,
    dependencies=[Depends(get_query_string)],
    responses=ERRORS,
)


class TimelineBucket(Schema):
    """A year, a month or a day."""

    start: str
    """`2025`, `2025-12` or `2025-12-18`."""
    count: int
    """How many of the selection appeared then."""
    total: int
    """How many of the whole corpus appeared then, for shares."""


class Timeline(Schema):
    """When the selected articles (under `within=paragraph`: paragraphs) appeared; empty times are left out."""

    items: list[TimelineBucket]
    """The times in which something appeared, the oldest first."""
    undated: int
    """How many of the selection are not dated as exactly as the interval asks."""
    warnings: list[FilterWarning] = Field(default_factory=list)
    """Where a parameter has a value that nothing in the corpus has, or that may have been meant otherwise."""


class TimelineParams(FilterParams):
    """Which articles to count, and how finely."""

    USES: ClassVar = ("counts",)

    interval: Literal["year", "month", "day"] = "month"
    """How long the times are."""


@router.get("", response_model=Timeline)
def read_timeline(params: Annotated[TimelineParams, Query()], corpus: CorpusDep) -> Response:
    """How many of the selected articles appeared in each year, month or day."""
    interval = params.interval
    selection, unknown = select(params, corpus.snapshot)
    everything, _ = select(FilterParams(within=params.within), corpus.snapshot)
    counts, totals = dict(selection.counts(interval)), dict(everything.counts(interval))
    shape: JsonObject = {
        "items": [{"start": it, "count": counts[it], "total": totals[it]} for it in sorted(counts)],
        "undated": selection.total - sum(counts.values()),
    }
    if warned := [*unknown, *explain_empty_selection(params, selection)]:
        shape["warnings"] = build_warnings(warned, corpus.snapshot)
    body = orjson.dumps(shape)
    return Response(body, media_type="application/json")
