"""Calendar dates: what an expression means that names a day, month, season, year, decade or century.

Each function raises ValueError if there is no such time, or if it takes the date of the article, which has none.
"""

from datetime import date
from typing import Final

from app.seeding.time_expressions.expression import Expression
from app.seeding.time_expressions.periods import format_month, format_months, format_year

FAR_BACK: Final = 9
"""Months ago: a month that was longer ago is rather the next one of its name, if nothing says which is meant."""


def resolve_day(expression: Expression) -> str:
    """Resolve `26 April 1986`, or `26 April`, which is the nearest one."""
    return place_day(
        expression.values["M"][0], expression.values["D"][0], expression.find_year(), expression
    ).isoformat()


def place_day(month: int, day: int, year: int | None, expression: Expression) -> date:
    """Return a day of a year, or else the nearest of this name."""
    if year is not None:
        return date(year, month, day)
    years = range(expression.day.year - 1, expression.day.year + 2)
    days = [date(year, month, day) for year in years if (month, day) != (2, 29) or is_leap(year)]
    if expression.is_future:
        days = [day for day in days if day >= expression.day]
    return min(days, key=lambda day: abs(day - expression.day))


def is_leap(year: int) -> bool:
    """Tell whether a year has a 29 February."""
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)


def resolve_day_range(expression: Expression) -> str:
    """Resolve `18-20 June 2005`."""
    first, last = expression.values["r"][0]
    start = place_day(expression.values["M"][0], first, expression.find_year(), expression)
    return f"{start.isoformat()}/{start.replace(day=last).isoformat()}"


def resolve_month_range(expression: Expression) -> str:
    """Resolve `April-June 1986`; in `December-March 1986` the first month is of the year before."""
    first, last = expression.values["M"]
    year = expression.find_year() or place_month(last, expression)
    return f"{format_month(year if first < last else year - 1, first)}/{format_month(year, last)}"


def resolve_month_of_year(expression: Expression) -> str:
    """Resolve `April 1986`, `May of last year`."""
    return format_month(expression.require_year(), expression.values["M"][0])


def resolve_month(expression: Expression) -> str:
    """Resolve `in May`."""
    return format_month(place_month(expression.values["M"][0], expression), expression.values["M"][0])


def place_month(month: int, expression: Expression) -> int:
    """Return the year of a month that stands alone: the last one of its name, unless that is long ago or to come."""
    back = (expression.day.month - month) % 12
    forward = -back % 12
    if expression.is_future or back > FAR_BACK:
        return (expression.day.year * 12 + expression.day.month - 1 + forward) // 12
    return (expression.day.year * 12 + expression.day.month - 1 - back) // 12


def resolve_season_of_year(expression: Expression) -> str:
    """Resolve `summer of 2012`, in the northern half of the Earth."""
    return format_months(expression.require_year(), expression.values["S"][0], 3)


def resolve_part_of_year(expression: Expression) -> str:
    """Resolve `third quarter of 2010`, `first half of last year`."""
    number, length = expression.values["O"][0], expression.values["Q"][0]
    if number * length > 12:
        raise ValueError("A year has no such part.")
    return format_months(expression.require_year(), 1 + (number - 1) * length, length)


def resolve_century(expression: Expression) -> str:
    """Resolve `19th century`."""
    number = (expression.values.get("O") or expression.values["D"])[0]
    if expression.values["U"] != ["century"]:
        raise ValueError("It is a number of something else.")
    return f"{number - 1:02}XX"


def resolve_decade(expression: Expression) -> str:
    """Resolve `1980s`, `'80s`; `1900s` is the century."""
    year = expression.values["Y"][0] if "Y" in expression.values else 1900 + expression.values["n"][0]
    if year % 10 or not (1000 <= year < 1900 or 1930 <= year < 2200 or "Y" in expression.values):
        raise ValueError("It is no decade.")
    return f"{year // 100}XX" if year % 100 == 0 else f"{year // 10}X"


def resolve_numeric_day(expression: Expression) -> str:
    """Resolve `26.04.1986`, `1986-04-26`, `1986-04`."""
    return str(expression.values["I"][0])


def resolve_numeric_range(expression: Expression) -> str:
    """Resolve `1914-1918`, `1914-18`."""
    first, last = expression.values["R"][0]
    return f"{first:04}/{last:04}"


def resolve_year(expression: Expression) -> str:
    """Resolve `1986`."""
    return format_year(expression.values["Y"][0])
