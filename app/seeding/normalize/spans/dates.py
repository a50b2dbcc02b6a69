"""Given dates: check those that the paragraphs of a document bring along, and move them to the stored paragraphs."""

import re
from collections.abc import Sequence
from contextlib import suppress
from itertools import islice

from app.dates import parse_date
from app.search.index.calendar_units import iterate_units
from app.seeding.article import NewDate
from app.seeding.document import ArticleDocument
from app.seeding.normalize.paragraphs import RawParagraph
from app.seeding.normalize.raw import JsonPath, RawArticle, format_path, shorten
from app.seeding.normalize.spans.locator import SpanLocator

DECADE_OR_CENTURY = re.compile(r"\d{3}X|\d{2}XX", re.ASCII)
PARTIAL_DATE = re.compile(r"\d{4}(?:-\d{2}){0,2}", re.ASCII)
MOST_UNITS = 10_000
"""Days, months or years in an interval, which is indexed under each of them: all years of four digits, or 27 years."""


def resolve_dates(
    raw: RawArticle, document: ArticleDocument, paragraphs: Sequence[RawParagraph]
) -> tuple[NewDate, ...] | None:
    """Return all dates of a document in the order of the text; None if no paragraph has `dates`.

    Reports each that is invalid as a fault.
    """
    numbered = [(number, item.dates) for number, item in enumerate(document.paragraphs or ()) if item.dates is not None]
    if not numbered:
        return None
    locator = SpanLocator(document, paragraphs)
    dates = []
    for number, documents in numbered:
        for index, date in enumerate(documents):
            path: JsonPath = ("paragraphs", number, "dates", index)
            try:
                position, start, end, change = locator.locate(date, number)
                check_value(date.value)
            except ValueError as error:
                raw.add_fault(f"`{format_path(path)}` {error}.", *path)
                continue
            if change:
                raw.add_warning(f"`{format_path(path)}` {change}.", *path)
            dates.append(NewDate(position, start, end, date.value))
    return tuple(sorted(dates))


def check_value(value: str) -> None:
    """Raise ValueError, with the end of a sentence, unless a value is as the dates that are found in texts have it."""
    if not is_iso_value(value):
        examples = "1986, 1986-04, 1986-04-26, 198X, 19XX, or an interval such as 1986-04/1986-06"
        raise ValueError(f"has the `value` '{shorten(value)}'; expected a date such as {examples}")
    first, _, last = value.partition("/")
    if last and sum(1 for _ in islice(iterate_units(first, last), MOST_UNITS + 1)) > MOST_UNITS:
        raise ValueError(f"has a `value` of more than {MOST_UNITS:,} days or months; expected its years")


def is_iso_value(value: str) -> bool:
    """Tell whether a value is a year, a month, a day, a decade, a century, or an interval of years, months or days."""
    first, slash, last = value.partition("/")
    with suppress(ValueError):
        if not slash and DECADE_OR_CENTURY.fullmatch(value):
            return parse_date(value.replace("X", "0"))[1] == "year"
        ends = [parse_date(end) for end in ((first, last) if slash else (first,)) if PARTIAL_DATE.fullmatch(end)]
        return len(ends) == 1 + len(slash) and len({precision for _, precision in ends}) == 1 and ends == sorted(ends)
    return False
