"""Relative dates: what an expression means that is reckoned from the day of the article.

Each function raises ValueError or OverflowError if there is no such time, or if the article has no date.
"""

from datetime import date, timedelta
from typing import Final

from app.seeding.time_expressions.expression import Expression
from app.seeding.time_expressions.periods import WEEK, format_days, format_month, format_months, nearest_weekday, shift

THURSDAY: Final = 4
FRIDAY: Final = 5
SATURDAY: Final = 6
SEASON: Final = 3
"""Months."""

LONGEST_STRETCH: Final = 1_000
"""Days or months: more are no date that somebody looks for, and each of them would be indexed."""


def resolve_ago(expression: Expression) -> str:
    """Resolve `two years ago`, `a decade ago`: the year then."""
    unit, count = expression.values["U"][0], -expression.find_number()
    match unit:
        case "decade":
            return shift(expression.day, "year", 10 * count)
        case "century":
            return shift(expression.day, "year", 100 * count)
    return shift(expression.day, unit, count)


def resolve_stretch(expression: Expression) -> str:
    """Resolve `past 30 days`, `next two years`: from or to the day of the article."""
    unit, number, day = expression.values["U"][0], expression.find_number(), expression.day
    number *= {"week": WEEK, "decade": 10, "century": 100}.get(unit, 1)
    unit = {"week": "day", "decade": "year", "century": "year"}.get(unit, unit)
    if unit == "hour" or (unit != "year" and number > LONGEST_STRETCH):
        raise ValueError("Hours are no part of a date, and so many days are no date either.")
    bounds = [shift(day, unit, 0), shift(day, unit, number * (-1 if expression.find_direction() == -1 else 1))]
    return "/".join(sorted(bounds))


def resolve_relative_weekday(expression: Expression) -> str:
    """Resolve `last Friday`, which is not today; `this Friday` is that of the current week."""
    direction, weekday, day = expression.find_direction() or 0, expression.values["W"][0], expression.day
    if direction == 0:
        return (day + timedelta(weekday - day.isoweekday())).isoformat()
    return nearest_weekday(day + timedelta(direction), weekday, direction).isoformat()


def resolve_relative_month(expression: Expression) -> str:
    """Resolve `last May`, which is not the current month; `this summer`, which is an interval."""
    direction, day = expression.find_direction() or 0, expression.day
    month, length = (expression.values["M"][0], 1) if "M" in expression.values else (expression.values["S"][0], SEASON)
    year = day.year
    if direction < 0 and month + length > day.month:
        year -= 1
    elif direction > 0 and month <= day.month:
        year += 1
    elif direction == 0 and month + length - 12 > day.month:
        year -= 1
    return format_months(year, month, length) if length > 1 else format_month(year, month)


def resolve_relative_part(expression: Expression) -> str:
    """Resolve `last quarter`."""
    direction, length, day = expression.find_direction() or 0, expression.values["Q"][0], expression.day
    return format_months(day.year, 1 + ((day.month - 1) // length + direction) * length, length)


def resolve_relative_night(expression: Expression) -> str:
    """Resolve `last night`, `this morning`."""
    return shift(expression.day, "day", expression.find_direction() or 0)


def resolve_relative_unit(expression: Expression) -> str:
    """Resolve `last week`, `earlier this year`, `next month`."""
    return shift_long_unit(expression.values["U"][0], expression.find_direction() or 0, expression.day)


def shift_long_unit(unit: str, direction: int, day: date) -> str:
    """Return the last, current or next week, month, year, decade or century; `last day` is the end of something."""
    if unit in {"hour", "day"}:
        raise ValueError("It is reckoned from another time.")
    return shift(day, unit, direction)


def resolve_weekend(expression: Expression) -> str:
    """Resolve `last weekend`, `this weekend`, `the weekend`: from Thursday on the one to come."""
    day, direction = expression.day, expression.find_direction() or 0
    is_next = (
        direction > 0 or expression.is_future or (direction == 0 and day.isoweekday() in {THURSDAY, FRIDAY, SATURDAY})
    )
    saturday = nearest_weekday(day + timedelta(direction), SATURDAY, 1 if is_next else -1)
    if direction < 0 and saturday + timedelta(1) >= day:
        saturday -= timedelta(WEEK)
    return format_days(saturday, 2)


def resolve_phase_of_current(expression: Expression) -> str:
    """Resolve `end of the year`: the year; `later in the day`, whereas `end of the day` says nothing of the day."""
    if expression.values["U"] == ["day"] and "i" in expression.values:
        return expression.day.isoformat()
    return shift_long_unit(expression.values["U"][0], 0, expression.day)


def resolve_today(expression: Expression) -> str:
    """Resolve `today`, `yesterday`, `tomorrow`."""
    return shift(expression.day, "day", expression.values["T"][0])


def resolve_weekday(expression: Expression) -> str:
    """Resolve `on Friday`: today, or the last one, or after words of the future the next one."""
    return nearest_weekday(expression.day, expression.values["W"][0], 1 if expression.is_future else -1).isoformat()
