"""Partial dates: parse and format dates that are known to the year, the month, the day or the second."""

import re
from calendar import monthrange
from datetime import UTC, datetime

from app.models import Precision

PARTIAL_DATE = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?", re.ASCII)


def parse_date(text: str) -> tuple[datetime, Precision]:
    """Return the first moment, in UTC, of `2025`, `2025-12`, `2025-12-18` or an RFC 3339 time, and its precision.

    A time without an offset is taken as UTC. Raises ValueError with what was expected.
    """
    try:
        if partial := PARTIAL_DATE.fullmatch(text):
            year, month, day = partial.groups()
            precision: Precision = "day" if day else "month" if month else "year"
            return datetime(int(year), int(month or 1), int(day or 1), tzinfo=UTC), precision
        if not re.match(r"\d{4}-\d{2}-\d{2}[Tt ]\d{2}:\d{2}", text, re.ASCII):
            raise ValueError(text)
        moment = datetime.fromisoformat(text)
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC), "second"
    except (ValueError, OverflowError):
        raise ValueError(
            f"'{text[:40]}' is not a date; expected 2025, 2025-12, 2025-12-18 or 2025-12-18T09:30:00Z"
        ) from None


def end_of_period(moment: datetime, precision: Precision) -> datetime:
    """Return the last microsecond of the year, month or day that begins at a moment; a second is returned as it is."""
    match precision:
        case "year":
            moment = moment.replace(month=12, day=31)
        case "month":
            moment = moment.replace(day=monthrange(moment.year, moment.month)[1])
        case "second":
            return moment
    return moment.replace(hour=23, minute=59, second=59, microsecond=999_999)


def format_date(moment: datetime | None, precision: Precision | None) -> str | None:
    """Format a date as precisely as it is known: `2025`, `2025-12`, `2025-12-18` or an RFC 3339 time in UTC."""
    if moment is None or precision is None:
        return None
    day = f"{moment.year:04}-{moment.month:02}-{moment.day:02}"
    match precision:
        case "year":
            return day[:4]
        case "month":
            return day[:7]
        case "day":
            return day
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")
