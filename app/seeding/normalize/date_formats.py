"""Dates as authors write them, in figures or in English words."""

import re
from datetime import UTC, datetime

from app.dates import parse_date
from app.seeding.article import Published

MONTHS = (
    "january", "february", "march", "april", "may", "june",
    "july", "august", "september", "october", "november", "december",
)  # fmt: skip

WORDED = re.compile(
    r"(?:(?:mon|tues|wednes|thurs|fri|satur|sun)day,? )?"
    r"(?:(?P<day>\d{1,2})(?:st|nd|rd|th)? (?P<month>[a-z]{3,9})\.?"
    r"|(?P<month_first>[a-z]{3,9})\.? (?P<day_second>\d{1,2})(?:st|nd|rd|th)?),? (?P<year>\d{4})",
    re.ASCII | re.IGNORECASE,
)

EXPECTED = "expected 2025, 2025-12, 2025-12-18, 18 December 2025 or 2025-12-18T09:30:00Z"


def read_date(words: str) -> Published:
    """The date that these words give. Raises ValueError with what was expected."""
    words = " ".join(words.split())
    if worded := WORDED.fullmatch(words):
        at = worded_date(worded)
        if at is None:
            raise ValueError(f"'{words[:60]}' is not a date; {EXPECTED}.")
        return Published(at, "day")
    try:
        moment, precision = parse_date(words)
    except ValueError:
        raise ValueError(f"'{words[:60]}' is not a date; {EXPECTED}.") from None
    return Published(moment.replace(microsecond=0), precision)


def worded_date(worded: re.Match[str]) -> datetime | None:
    """The day that is named, if there is such a day."""
    name = (worded["month"] or worded["month_first"]).lower()
    # `dec` and `sept` are long enough to tell months apart.
    months = [number for number, month in enumerate(MONTHS, start=1) if month.startswith(name)]
    if len(months) != 1:
        return None
    try:
        return datetime(int(worded["year"]), months[0], int(worded["day"] or worded["day_second"]), tzinfo=UTC)
    except ValueError:
        return None


def lone_date(words: str) -> Published | None:
    """The date that these words are, if they are a whole date, to the day at least, and nothing else."""
    try:
        published = read_date(words)
    except ValueError:
        return None
    return published if published.precision in {"day", "second"} else None
