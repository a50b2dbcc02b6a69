"""Dates as authors write them: in figures, or in English words."""

import re
from datetime import UTC, datetime

from app.dates import parse_date
from app.seeding.article import Published

MONTHS = (
    "january", "february", "march", "april", "may", "june",
    "july", "august", "september", "october", "november", "december",
)  # fmt: skip

DATE_IN_WORDS = re.compile(
    r"(?:(?:mon|tues|wednes|thurs|fri|satur|sun)day,? )?"
    r"(?:(?P<day>\d{1,2})(?:st|nd|rd|th)? (?P<month>[a-z]{3,9})\.?"
    r"|(?P<month_first>[a-z]{3,9})\.? (?P<day_second>\d{1,2})(?:st|nd|rd|th)?),? (?P<year>\d{4})",
    re.ASCII | re.IGNORECASE,
)

EXPECTED = "expected 2025, 2025-12, 2025-12-18, 18 December 2025 or 2025-12-18T09:30:00Z"


def parse_written_date(text: str) -> Published:
    """Parse a date in any of the formats that authors use. Raises ValueError with what was expected."""
    words = " ".join(text.split())
    if match := DATE_IN_WORDS.fullmatch(words):
        day = parse_day(match)
        if day is None:
            raise ValueError(f"'{words[:60]}' is not a date; {EXPECTED}.")
        return Published(day, "day")
    try:
        moment, precision = parse_date(words)
    except ValueError:
        raise ValueError(f"'{words[:60]}' is not a date; {EXPECTED}.") from None
    return Published(moment.replace(microsecond=0), precision)


def parse_day(match: re.Match[str]) -> datetime | None:
    """Return the day that a match of `DATE_IN_WORDS` names; None if there is no such month or day."""
    name = (match["month"] or match["month_first"]).lower()
    # Three letters (`dec`, `sept`) are enough to tell the months apart.
    months = [number for number, month in enumerate(MONTHS, start=1) if month.startswith(name)]
    if len(months) != 1:
        return None
    try:
        return datetime(int(match["year"]), months[0], int(match["day"] or match["day_second"]), tzinfo=UTC)
    except ValueError:
        return None


def parse_lone_date(text: str) -> Published | None:
    """Parse a text that is a date to the day or the second, and nothing else; None for any other text."""
    try:
        published = parse_written_date(text)
    except ValueError:
        return None
    return published if published.precision in {"day", "second"} else None
