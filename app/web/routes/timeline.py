"""`/timeline.html`: when the selected articles appeared, as a chart and as a table."""

from typing import Final

from fastapi import APIRouter, Request
from starlette.responses import Response

from app.rendering import JsonObject
from app.web.api_client import ApiClient, ApiDep
from app.web.charts import FEW_BARS, INTERVALS, build_timeline
from app.web.chosen_filters import list_chosen_filters
from app.web.links import PageUrl
from app.web.lists import TABLE_EXPORTS, read_list_url
from app.web.templating import render_page

router = APIRouter()

SHORTER: Final = {"year": ("month", 12), "month": ("day", 31)}
"""The next shorter interval, and how many of it make one."""

MOST_PERIODS: Final = 240
"""Most bars for which a screen has room: those of 20 years by month, or of 8 months by day."""


@router.get("/timeline.html")
async def show_timeline(request: Request, api: ApiDep) -> Response:
    """Return the page of the timeline: by `interval`, or by the longest one of which there are more than a few."""
    url = read_list_url(request)
    question = url.select(name for name, _ in url.parameters if name not in ("interval", "cursor"))
    interval, answer = await load_periods(api, question, url.get("interval"))
    return await render_page(
        request,
        "timeline.html",
        timeline=build_timeline(answer),
        periods=[item for item in answer["items"] if item["count"]],
        warnings=answer.get("warnings", []),
        chosen=await list_chosen_filters(api, question, {}),
        articles_url=question.at("/articles"),
        question=question,
        dates=question.get("by", "published"),
        interval=interval,
        intervals=INTERVALS,
        most=MOST_PERIODS,
        exports=TABLE_EXPORTS,
    )


async def load_periods(api: ApiClient, question: PageUrl, requested: str) -> tuple[str, JsonObject]:
    """Return the interval to show, and the timeline by it: a longer one than requested if the bars were too many.

    Raises `Problem`.
    """

    async def load(interval: str) -> JsonObject:
        answer: JsonObject = await api.get("/timeline", [*question.parameters, ("interval", interval)])
        return answer

    if requested and requested not in INTERVALS:
        return requested, await load(requested)  # The API says what is wrong.
    interval, answer = "year", await load("year")
    while interval != requested and interval in SHORTER:
        shorter, size = SHORTER[interval]
        periods = len(answer["items"])
        if periods * size > MOST_PERIODS or not periods or (not requested and periods >= FEW_BARS):
            break
        interval, answer = shorter, await load(shorter)
    return interval, answer
