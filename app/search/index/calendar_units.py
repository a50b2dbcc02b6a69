"""Calendar units: the centuries, decades, years, months and days by which dates in texts are indexed.

A unit is written as the first characters of its days: `19`, `198`, `1986`, `1986-04`, `1986-04-26`. A text has the
units that it talks about and those around them. So one of its dates lies within a period if it has one of the units
that make up the period, of which no period needs more than about 200: two thousand years are twenty centuries.
"""

from calendar import monthrange
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from functools import lru_cache
from typing import Final

LENGTHS: Final = {"century": 2, "decade": 3, "year": 4, "month": 7, "day": 10}
"""How many characters of a day name each unit."""


@lru_cache(4096)
def list_units(value: str) -> frozenset[str]:
    """Return the units that a date names, and those around them; an interval names all from its start to its end.

    `value` is in ISO 8601 or EDTF, as `schemas.DateMention` has it.
    """
    first, _, last = value.partition("/")
    named = iterate_units(first, last) if last else [first.rstrip("X")]
    return frozenset(unit[:length] for unit in named for length in LENGTHS.values() if length <= len(unit))


def list_intervals(value: str) -> list[str]:
    """Return by which of year, month and day a date can be counted: it is as exact as they are, or more."""
    length = len(value.partition("/")[0].rstrip("X"))
    return [unit for unit in ("year", "month", "day") if LENGTHS[unit] <= length]


def iterate_units(first: str, last: str) -> Iterable[str]:
    """Return the years, months or days from one to another."""
    if len(first) == LENGTHS["year"]:
        return (f"{year:04}" for year in range(int(first), int(last) + 1))
    if len(first) == LENGTHS["month"]:
        start, end = (int(month[:4]) * 12 + int(month[5:]) - 1 for month in (first, last))
        return (f"{month // 12:04}-{month % 12 + 1:02}" for month in range(start, end + 1))
    start, end = (date.fromisoformat(day).toordinal() for day in (first, last))
    return (date.fromordinal(day).isoformat() for day in range(start, end + 1))


def cover_period(first: date, last: date) -> Iterator[str]:
    """Yield the fewest units that make up the period from one day to another, both included."""
    day = first
    while day <= last:
        length, end = next((length, end) for length, end in list_ends(day) if end <= last)
        yield day.isoformat()[:length]
        if end == date.max:
            return
        day = end + timedelta(1)


def list_ends(day: date) -> Iterator[tuple[int, date]]:
    """Yield the length and the last day of each unit that begins on a day, the longest first."""
    if day.day == 1:
        if day.month == 1:
            if day.year % 100 == 0:
                yield LENGTHS["century"], date(day.year + 99, 12, 31)
            if day.year % 10 == 0:
                yield LENGTHS["decade"], date(day.year + 9, 12, 31)
            yield LENGTHS["year"], date(day.year, 12, 31)
        yield LENGTHS["month"], day.replace(day=monthrange(day.year, day.month)[1])
    yield LENGTHS["day"], day
