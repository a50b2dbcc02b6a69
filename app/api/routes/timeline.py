"""The timeline: how many of a selection appeared when."""

from typing import Literal, NotRequired

import orjson
from starlette.responses import Response
from typing_extensions import TypedDict

from app.api.deps import select_or_refuse, success
from app.api.pagination import WarningShape
from app.api.params import LARGE, Asked, dear_words
from app.api.routing import resources
from app.schemas import documented
from app.search.filters import FilterParams
from app.search.query_builder import build_warnings

router = resources("timeline")


@documented
class BucketShape(TypedDict):
    """A year, a month or a day."""

    start: str
    """`2025`, `2025-12` or `2025-12-18`."""
    count: int
    """How many of the selection appeared then."""
    total: int
    """How many of the whole corpus appeared then, for shares."""


@documented
class TimelineShape(TypedDict):
    """When the selected articles (under `within=paragraph`: paragraphs) appeared; empty times are left out."""

    items: list[BucketShape]
    """The times in which something appeared, the oldest first."""
    undated: int
    """How many of the selection are not dated as exactly as the interval asks."""
    warnings: NotRequired[list[WarningShape]]
    """Where a filter has a value that nothing in the corpus has."""


class TimelineParams(FilterParams):
    """Which articles to count, and how finely."""

    interval: Literal["year", "month", "day"] = "month"
    """How long the times are."""

    @property
    def dear_from(self) -> float:
        """Counting always may be."""
        return min(dear_words(self.q), LARGE)


@router.get("/timeline", responses=success(TimelineShape))
def read_timeline(asked: Asked[TimelineParams]) -> Response:
    """How many of the selected articles appeared in each year, month or day."""
    interval, corpus = asked.question.interval, asked.corpus
    selection, unknown = select_or_refuse(asked.question, corpus.snapshot)
    everything, _ = select_or_refuse(FilterParams(within=asked.question.within), corpus.snapshot)
    counts, totals = dict(selection.counts(interval)), dict(everything.counts(interval))
    shape: TimelineShape = {
        "items": [{"start": it, "count": counts[it], "total": totals[it]} for it in sorted(counts)],
        "undated": selection.total - sum(counts.values()),
    }
    body = orjson.dumps({**shape, "warnings": build_warnings(unknown, corpus.snapshot)} if unknown else shape)
    return Response(body, media_type="application/json")
