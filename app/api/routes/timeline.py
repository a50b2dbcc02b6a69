"""`/timeline`: count a selection by year, month or day of publication, or of the dates that its texts talk about."""

from datetime import date
from typing import Annotated, ClassVar, Final, Literal

import orjson
from fastapi import APIRouter, Depends, Query
from pydantic import Field
from starlette.responses import Response

from app.api.deps import CorpusDep, select
from app.api.docs.responses import ERRORS
from app.api.errors import invalid_param
from app.api.lists.pagination import FilterWarning
from app.api.query_string import get_query_string
from app.api.routing import QueryRoute
from app.dates import parse_date
from app.rendering import JsonObject
from app.schemas import Schema
from app.search.index.calendar_units import LENGTHS
from app.search.query.empty_selections import explain_empty_selection
from app.search.query.filters import FilterParams
from app.search.query.warnings import build_warnings
from app.search.selection import MatchAll, Selection
from app.system.threads import leave_event_loop

router = APIRouter(
    prefix="/timeline",
    tags=["timeline"],
    route_class=QueryRoute,
    dependencies=[Depends(get_query_string)],
    responses=ERRORS,
)


Interval = Literal["year", "month", "day"]
DateField = Literal["published", "about"]

MAX_BUCKETS: Final = 40_000
"""Most periods of a response: the days of a century, which are 2 MB of JSON."""

MANY_BUCKETS: Final = 2_000
"""More periods are written in a thread: it takes over 2 ms."""


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
    """All periods from the first to the last with a selected item, empty ones included, the oldest first. They begin
    and end in UTC."""
    undated: int
    """Number of selected items whose date is missing or less precise than the interval; with `by=about`, number
    of those whose texts have no date as precise as that."""
    warnings: list[FilterWarning] = Field(default_factory=list)
    """Values that do not occur in the corpus or may mean something else, and why `q` finds nothing; only if any."""


class TimelineParams(FilterParams):
    """Which articles to count, and by which interval."""

    USES: ClassVar = ("counts",)

    interval: Interval = "month"
    """Length of the periods."""
    by: DateField = "published"
    """`published`: count items by their date of publication. `about`: count them by the dates in their texts, once in
    each period that they talk about; only periods between `about_from` and `about_to` are returned."""


@router.get("", response_model=Timeline)
def read_timeline(params: Annotated[TimelineParams, Query()], corpus: CorpusDep) -> Response:
    """Count the selected articles by year, month or day of publication, or of the dates that they talk about."""
    interval = params.interval
    selection, unknown = select(params, corpus.snapshot)
    if params.by == "about":
        counts = count_dates(selection, params)
        totals = count_dates(MatchAll(corpus.snapshot, selection.kind), params)
        dated = selection.count_of("about_interval", interval)
    else:
        counts = dict(selection.counts(interval))
        totals = corpus.snapshot.value_counts(selection.kind, interval).totals
        dated = sum(counts.values())
    starts = list_starts(min(counts), max(counts), params) if counts else []
    body: JsonObject = {
        "items": [{"start": start, "count": counts.get(start, 0), "total": totals.get(start, 0)} for start in starts],
        "undated": selection.total - dated,
    }
    if warnings := [*unknown, *explain_empty_selection(params, selection)]:
        body["warnings"] = build_warnings(warnings, corpus.snapshot)
    return Response(orjson.dumps(body), media_type="application/json")


def count_dates(selection: Selection, params: TimelineParams) -> dict[str, int]:
    """Return how many of the selected documents talk about each year, month or day between the bounds of a request."""
    length = LENGTHS[params.interval]
    first, last = params.about_from or date.min, params.about_to or date.max
    least, most = first.isoformat()[:length], last.isoformat()[:length]
    return {unit: count for unit, count in selection.counts("about") if len(unit) == length and least <= unit <= most}


def list_starts(first: str, last: str, params: TimelineParams) -> list[str]:
    """Return the starts of all periods between two, both included. Raises `Problem` if they are too many."""
    start, end = (parse_date(text)[0] for text in (first, last))
    interval = params.interval
    match interval:
        case "year":
            return [f"{year:04}" for year in range(start.year, end.year + 1)]
        case "month":
            numbers = range(start.year * 12 + start.month - 1, end.year * 12 + end.month)
        case "day":
            numbers = range(start.toordinal(), end.toordinal() + 1)
    if len(numbers) > MAX_BUCKETS:
        message = (
            f"From {first} to {last} there are {len(numbers):,} periods of `interval={interval}`, and at most "
            f"{MAX_BUCKETS:,} are returned; take a longer interval, or set `{params.by}_from` and `{params.by}_to`."
        )
        raise invalid_param("interval", message)
    if len(numbers) > MANY_BUCKETS:
        leave_event_loop()
    if interval == "month":
        return [f"{number // 12:04}-{number % 12 + 1:02}" for number in numbers]
    return [date.fromordinal(number).isoformat() for number in numbers]
