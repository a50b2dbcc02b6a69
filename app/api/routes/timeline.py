"""`/timeline`: count a selection by year, month or day of publication."""

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
    """The period: `2025`, `2025-12` or `2025-12-18`."""
    count: int
    """Number of selected items in this period."""
    total: int
    """Number of items of the whole corpus in this period."""


class Timeline(Schema):
    """Counts of the selected articles (with `within=paragraph`: paragraphs) by period."""

    items: list[TimelineBucket]
    """Periods, the oldest first, without empty ones."""
    undated: int
    """Number of selected items whose date is missing or less precise than the interval."""
    warnings: list[FilterWarning] = Field(default_factory=list)
    """Values that do not occur in the corpus or may mean something else, and why `q` finds nothing; only if any."""


class TimelineParams(FilterParams):
    """Which articles to count, and by which interval."""

    USES: ClassVar = ("counts",)

    interval: Literal["year", "month", "day"] = "month"
    """Length of the periods."""


@router.get("", response_model=Timeline)
def read_timeline(params: Annotated[TimelineParams, Query()], corpus: CorpusDep) -> Response:
    """Count the selected articles by year, month or day of publication."""
    interval = params.interval
    selection, unknown = select(params, corpus.snapshot)
    everything, _ = select(FilterParams(within=params.within), corpus.snapshot)
    counts, totals = dict(selection.counts(interval)), dict(everything.counts(interval))
    body: JsonObject = {
        "items": [{"start": start, "count": counts[start], "total": totals[start]} for start in sorted(counts)],
        "undated": selection.total - sum(counts.values()),
    }
    if warnings := [*unknown, *explain_empty_selection(params, selection)]:
        body["warnings"] = build_warnings(warnings, corpus.snapshot)
    return Response(orjson.dumps(body), media_type="application/json")
