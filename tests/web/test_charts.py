"""Timelines: periods that can be told apart, labels in round years, and nothing lost."""

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.web.charts import MANY_BARS, MOST_TICKS, build_timeline

years = st.tuples(st.integers(1, 9998), st.integers(0, 900)).map(
    lambda pair: [f"{year:04}" for year in range(pair[0], min(sum(pair), 9998) + 1)]
)
months = st.tuples(st.integers(12, 9990 * 12), st.integers(0, 40)).map(
    lambda pair: [f"{number // 12:04}-{number % 12 + 1:02}" for number in range(pair[0], sum(pair) + 1)]
)
days = st.tuples(st.dates(date(1, 1, 1), date(9998, 1, 1)), st.integers(0, 60)).map(
    lambda pair: [date.fromordinal(pair[0].toordinal() + number).isoformat() for number in range(pair[1] + 1)]
)


@given(years | months | days, st.data())
def test_bars_hold_every_period_once_and_in_order(starts: list[str], data: st.DataObject) -> None:
    counts = [data.draw(st.integers(0, 3)) if index < 5 else 1 for index in range(len(starts))]
    items: Any = [{"start": start, "count": count} for start, count in zip(starts, counts, strict=True)]
    timeline = build_timeline({"items": items, "undated": 2})
    covered = [start for bar in timeline.bars for start in starts if bar.first <= start <= bar.last]

    assert covered == starts
    assert sum(bar.count for bar in timeline.bars) == sum(counts)
    assert len(timeline.bars) <= MANY_BARS or len(starts[0]) > 4
    assert len(timeline.ticks) <= MOST_TICKS + 1
    assert timeline.highest >= max(bar.count for bar in timeline.bars)


@pytest.mark.parametrize(
    ("starts", "labels"),
    [
        (["1945", "1946", "1947"], ["1945", "1946", "1947"]),
        ([str(year) for year in range(1945, 2026)], ["1960", "1980", "2000", "2020"]),
        ([str(year) for year in range(1788, 2026)], ["1800", "1850", "1900", "1950", "2000"]),
        (["1962-09", "1962-10", "1962-11"], ["Sep 1962", "Oct 1962", "Nov 1962"]),
        (
            [f"{year}-{month:02}" for year in range(2010, 2025) for month in range(1, 13)],
            ["Jan 2010", "Jan 2015", "Jan 2020"],
        ),
        (["1962-10-27", "1962-10-28"], ["27 Oct", "28 Oct"]),
    ],
)
def test_labels_are_short_and_round(starts: list[str], labels: list[str]) -> None:
    items: Any = [{"start": start, "count": 1} for start in starts]

    assert [label for _, label in build_timeline({"items": items, "undated": 0}).ticks] == labels
