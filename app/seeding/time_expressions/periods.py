"""Periods: compute with days, months and years, and write them in ISO 8601."""

from datetime import date, timedelta
from typing import Final

HOURS: Final = 24
WEEK: Final = 7
YEARS: Final = {"year": (1, 4), "decade": (10, 3), "century": (100, 2)}
"""How many years a unit has, and how many digits of a year name it."""


def format_year(year: int) -> str:
    """Return a year as ISO 8601 writes it. Raises ValueError if it is none that a date may have."""
    return format_month(year, 1)[:4]


def format_month(year: int, month: int) -> str:
    """Return a month; it may be counted beyond the year, as the 13th or the 0th. Raises ValueError."""
    years, month = divmod(month - 1, 12)
    return date(year + years, month + 1, 1).isoformat()[:7]


def format_months(year: int, month: int, count: int) -> str:
    """Return several months as an interval. Raises ValueError."""
    return f"{format_month(year, month)}/{format_month(year, month + count - 1)}"


def format_days(first: date, count: int) -> str:
    """Return several days as an interval. Raises OverflowError."""
    return f"{first.isoformat()}/{(first + timedelta(count - 1)).isoformat()}"


def shift(day: date, unit: str, count: int) -> str:
    """Return the day, week, month, year, decade or century that lies this many of them after that of a day.

    Raises ValueError or OverflowError if it has no date.
    """
    if unit in YEARS:
        years, digits = YEARS[unit]
        return f"{format_year(day.year + years * count)[:digits]:X<4}"
    if unit == "month":
        return format_month(day.year, day.month + count)
    if unit == "week":
        return format_days(day + timedelta(WEEK * count - day.weekday()), WEEK)
    days = int(count / HOURS) if unit == "hour" else count
    return (day + timedelta(days)).isoformat()


def nearest_weekday(day: date, weekday: int, direction: int) -> date:
    """Return the last day of the week until a day (direction -1), or the next one from that day on (1)."""
    distance = direction * (weekday - day.isoweekday()) % WEEK
    return day + timedelta(direction * distance)
