"""Charts: how many articles appeared in each period, as bars of an SVG and as rows of a table."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Final

from app.rendering import JsonObject
from app.web.api_client import ApiClient
from app.web.formats import MONTHS, format_long_date
from app.web.links import PageUrl

INTERVALS: Final = ("year", "month", "day")

FEW_BARS: Final = 3
"""Fewer periods say little: shorter ones are shown."""

MANY_BARS: Final = 160
"""More bars than this can't be told apart on a screen: ten years go into one."""

LEAST_HEIGHT: Final = 2
"""The height of a chart, in articles, is at least this."""

STEPS: Final = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000)
"""Numbers of years or days that may lie between two labels."""

MONTH_STEPS: Final = (1, 2, 3, 6, *(12 * years for years in STEPS))
"""The same of months, so that labels stand at Januaries."""

MOST_TICKS: Final = 7
"""Labels below the bars that a phone has room for."""


@dataclass(frozen=True, slots=True)
class Bar:
    """A period, and how many articles appeared in it."""

    first: str
    """First year, month or day of the period."""
    last: str
    """Last one."""
    label: str
    count: int

    @property
    def number(self) -> int:
        """Return the number of the period: equal numbers of periods lie between round ones."""
        year, *rest = map(int, self.first.split("-"))
        match rest:
            case [month]:
                return year * 12 + month - 1
            case [month, day]:
                return date(year, month, day).toordinal()
        return year


@dataclass(frozen=True)
class Timeline:
    """Periods of equal length, from the first to the last with an article."""

    bars: list[Bar]
    undated: int
    least_height: int = LEAST_HEIGHT
    """The height of the chart, in articles, is at least this."""

    @cached_property
    def highest(self) -> int:
        """Return the count that the chart is high; a few articles do not fill it."""
        return max([self.least_height, *(bar.count for bar in self.bars)])

    @property
    def ticks(self) -> list[tuple[int, str]]:
        """Return the indexes of the bars that have a label, at equal distances and in round years, and the labels."""
        numbers = [bar.number for bar in self.bars]
        steps = MONTH_STEPS if self.bars and self.bars[0].first.count("-") == 1 else STEPS
        step = next(step for step in steps if (numbers[-1] - numbers[0]) // step < MOST_TICKS) if numbers else 1
        return [(index, shorten_label(bar)) for index, bar in enumerate(self.bars) if bar.number % step == 0]


async def load_timeline(api: ApiClient, url: PageUrl) -> Timeline:
    """Return the timeline of a page's question, in the longest periods of which there are more than a few."""
    _, answer = await load_longest_periods(api, url.at("/timeline").parameters)
    return build_timeline(answer)


async def load_longest_periods(api: ApiClient, question: Sequence[tuple[str, str]]) -> tuple[str, JsonObject]:
    """Return the longest interval by which there are more than a few periods, and the response of `/timeline`."""
    interval, answer = "", {}
    for interval in INTERVALS:
        answer = await api.get("/timeline", [*question, ("interval", interval)])
        if len(answer["items"]) >= FEW_BARS or not answer["items"]:
            break
    return interval, answer


def build_timeline(answer: JsonObject) -> Timeline:
    """Return the timeline of a response of `/timeline`."""
    starts: dict[str, list[JsonObject]] = {}
    is_long = len(answer["items"]) > MANY_BARS
    for item in answer["items"]:
        starts.setdefault(item["start"][:3] if is_long and len(item["start"]) == 4 else item["start"], []).append(item)
    return Timeline([make_bar(items) for items in starts.values()], answer["undated"])


def make_bar(items: list[JsonObject]) -> Bar:
    """Return the bar of one period, or of several together."""
    first, last = items[0]["start"], items[-1]["start"]
    label = format_long_date(first) if first == last else f"{first} to {last}"
    return Bar(first, last, label, sum(item["count"] for item in items))


def shorten_label(bar: Bar) -> str:
    """Return a label that fits below a bar: `1962`, `Oct 1962`, `27 Oct`."""
    year, *rest = bar.first.split("-")
    if not rest:
        return year
    month = MONTHS[int(rest[0]) - 1][:3]
    return f"{month} {year}" if len(rest) == 1 else f"{int(rest[1])} {month}"
