"""`/timeline`: count a selection by year, month or day of publication, or of the dates that its texts talk about."""

from bisect import bisect_left, bisect_right
from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from typing import Annotated, ClassVar, Final, Literal
from weakref import WeakKeyDictionary

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
from app.schemas import Schema
from app.search.counts.value_counts import ValueCounts
from app.search.index.calendar_units import LENGTHS
from app.search.query.empty_selections import explain_empty_selection
from app.search.query.filters import FilterParams
from app.search.query.warnings import build_warnings
from app.search.selection import Selection
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
    interval, snapshot = params.interval, corpus.snapshot
    selection, unknown = select(params, snapshot)
    if params.by == "about":
        counts = count_dates(selection, params)
        dated = selection.count_of("about_interval", interval)
    else:
        counts = dict(selection.counts(interval))
        dated = sum(counts.values())
    empty = empty_buckets(snapshot.value_counts(selection.kind, "about" if params.by == "about" else interval))
    starts = list_starts(min(counts), max(counts), params) if counts else []
    buckets = dict(zip(starts, map(empty.__getitem__, starts), strict=True))
    buckets |= {start: render_bucket(start, count, empty.totals.get(start, 0)) for start, count in counts.items()}
    body = f'{{"items":[{",".join(buckets.values())}],"undated":{selection.total - dated}'.encode()
    if warnings := [*unknown, *explain_empty_selection(params, selection)]:
        body += b',"warnings":' + orjson.dumps(build_warnings(warnings, snapshot))
    return Response(body + b"}", media_type="application/json")


def count_dates(selection: Selection, params: TimelineParams) -> dict[str, int]:
    """Return how many of the selected documents talk about each year, month or day between the bounds of a request."""
    length = LENGTHS[params.interval]
    first, last = params.about_from or date.min, params.about_to or date.max
    least, most = first.isoformat()[:length], last.isoformat()[:length]
    return {unit: count for unit, count in selection.counts("about") if len(unit) == length and least <= unit <= most}


def render_bucket(start: str, count: int, total: int) -> str:
    """Return a period as JSON."""
    return f'{{"start":"{start}","count":{count},"total":{total}}}'


class EmptyBuckets(dict[str, str]):
    """The periods of a corpus as JSON, as they are where none of their items is selected, by their starts."""

    def __init__(self, totals: Mapping[str, int]) -> None:
        super().__init__()
        self.totals = totals

    def __missing__(self, start: str) -> str:
        bucket = render_bucket(start, 0, self.totals.get(start, 0))
        if len(self) < MAX_BUCKETS:
            self[start] = bucket
        return bucket


EMPTY_BUCKETS: Final[WeakKeyDictionary[ValueCounts, EmptyBuckets]] = WeakKeyDictionary()
"""By the counts over all documents, for as long as their revision is served. Most periods of a selection are empty:
of 432 months, joining takes 18 us and writing each anew 350."""


def empty_buckets(counts: ValueCounts) -> EmptyBuckets:
    """Return the empty periods of these counts."""
    if (buckets := EMPTY_BUCKETS.get(counts)) is None:
        buckets = EMPTY_BUCKETS[counts] = EmptyBuckets(counts.totals)
    return buckets


def list_starts(first: str, last: str, params: TimelineParams) -> list[str]:
    """Return the starts of all periods between two, both included. Raises `Problem` if they are too many."""
    interval, first_year, last_year = params.interval, int(first[:4]), int(last[:4])
    match interval:
        case "year":
            number = last_year - first_year + 1
        case "month":
            number = (last_year - first_year) * 12 + int(last[5:]) - int(first[5:]) + 1
        case "day":
            number = (date.fromisoformat(last) - date.fromisoformat(first)).days + 1
    if number > MAX_BUCKETS:
        message = (
            f"From {first} to {last} there are {number:,} periods of `interval={interval}`, and at most "
            f"{MAX_BUCKETS:,} are returned; take a longer interval, or set `{params.by}_from` and `{params.by}_to`."
        )
        raise invalid_param("interval", message)
    if number > MANY_BUCKETS:
        leave_event_loop()
    starts: list[str] = []
    for decade in range(first_year // 10, last_year // 10 + 1):
        starts += divide_decade(decade, interval)
    return starts[bisect_left(starts, first) : bisect_right(starts, last)]


@lru_cache(maxsize=100)
def divide_decade(decade: int, interval: Interval) -> list[str]:
    """Return the starts of the periods of ten years; cached, for it takes longer than all else."""
    first, last = max(decade * 10, 1), decade * 10 + 9
    match interval:
        case "year":
            return [f"{year:04}" for year in range(first, last + 1)]
        case "month":
            return [f"{year:04}-{month:02}" for year in range(first, last + 1) for month in range(1, 13)]
        case "day":
            days = range(date(first, 1, 1).toordinal(), date(last, 12, 31).toordinal() + 1)
            return [date.fromordinal(day).isoformat() for day in days]
