"""Numbers: the class and the value of a word of digits, such as `1986`, `26`, `1914-18` or `26.04.1986`."""

import re
from datetime import date
from functools import lru_cache
from typing import Any, Literal

NumericOrder = Literal["dmy", "mdy", ""]
"""How a language orders the figures of 1/2/1986; empty if its readers disagree."""

ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")
DOTTED = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4})")
SLASHED = re.compile(r"(\d{1,2})[/-](\d{1,2})[/-](\d{4})")
YEARS = re.compile(r"([12]\d{3})([–/-])(\d{4}|\d{2})")
DAYS = re.compile(r"(\d{1,2})[–-](\d{1,2})")

MONTHS = 12

RECENT = range(1900, 2100)
"""Numbers that mean a year wherever they stand alone; others between 1000 and 2199 need a word that says so."""


@lru_cache(4096)
def classify_number(word: str, order: NumericOrder = "") -> tuple[str, Any]:
    """Return the class and the value of a word that begins with a digit.

    `Y` is a recent year, `Z` one that ends in 0, `y` an older or later year, `D` the day of a month, `I` a date in
    figures, `R` and `r` a range of years and of days, `n` any other number.
    """
    if word.isdecimal():
        number = int(word)
        if len(word) == 4:
            return classify_year(number), number
        return ("D" if 1 <= number <= 31 and len(word) <= 2 else "n"), number
    if value := parse_day(word, order):
        return "I", value
    if match := YEARS.fullmatch(word):
        return classify_years(int(match[1]), match[2], match[3])
    if (match := DAYS.fullmatch(word)) and 1 <= int(match[1]) < int(match[2]) <= 31:
        return "r", (int(match[1]), int(match[2]))
    return "n", 0


def classify_year(number: int) -> str:
    """Return the class of a number of four digits."""
    if number in RECENT:
        return "Y" if number % 10 else "Z"
    return "y" if 1000 <= number < 2200 else "n"


def parse_day(word: str, order: NumericOrder) -> str | None:
    """Return the day that three figures name, in ISO 8601; None if they name none, or may name two."""
    if match := ISO.fullmatch(word):
        year, month, day = map(int, match.groups())
    elif match := DOTTED.fullmatch(word):
        day, month, year = map(int, match.groups())
    elif match := SLASHED.fullmatch(word):
        first, second, year = map(int, match.groups())
        is_day_first = order == "dmy" or first > MONTHS or first == second
        if not (is_day_first or order == "mdy" or second > MONTHS):
            return None
        day, month = (first, second) if is_day_first else (second, first)
    else:
        return None
    try:
        return date(year, month, day).isoformat()
    except ValueError:
        return None


def classify_years(first: int, sign: str, second: str) -> tuple[str, Any]:
    """Return the class of `1914–1918`, `1914-18`, or of the month `1986-04`."""
    last = int(second) if len(second) == 4 else first // 100 * 100 + int(second)
    if len(second) == 2 and last != first + 1 and sign == "-" and 1 <= int(second) <= MONTHS:
        return "I", f"{first:04}-{second}"
    return ("R", (first, last)) if first < last < 2200 else ("n", 0)
