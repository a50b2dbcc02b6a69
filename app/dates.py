"""Moments that are known to the year, the month, the day or the second: how they are read and spelled."""

import re
from calendar import monthrange
from datetime import UTC, datetime

from app.models import Precision

PARTIAL = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?", re.ASCII)


def read_moment(text: str) -> tuple[datetime, Precision]:
    """The first moment, in UTC, of `2025`, `2025-12`, `2025-12-18` or an RFC 3339 time, and how exact it is.

    A time without an offset is taken as UTC. Raises ValueError with what was expected.
    """
    try:
        if partial := PARTIAL.fullmatch(text):
            year, month, day = partial.groups()
            precision: Precision = "day" if day else "month" if month else "year"
            return datetime(int(year), int(month or 1), int(day or 1), tzinfo=UTC), precision
        if not re.match(r"\d{4}-\d{2}-\d{2}[Tt ]\d{2}:\d{2}", text, re.ASCII):
            raise ValueError(text)
        at = datetime.fromisoformat(text)
        return (at if at.tzinfo else at.replace(tzinfo=UTC)).astimezone(UTC), "second"
    except (ValueError, OverflowError):
        raise ValueError(
            f"'{text[:40]}' is not a date; expected 2025, 2025-12, 2025-12-18 or 2025-12-18T09:30:00Z"
        ) from None


def last_moment(at: datetime, precision: Precision) -> datetime:
    """The last moment of what was given: of 2025, its last microsecond."""
    match precision:
        case "year":
            at = at.replace(month=12, day=31)
        case "month":
            at = at.replace(day=monthrange(at.year, at.month)[1])
        case "second":
            return at
    return at.replace(hour=23, minute=59, second=59, microsecond=999_999)


def spell(at: datetime | None, precision: Precision | None) -> str | None:
    """A moment, as exactly as it is known."""
    if at is None or precision is None:
        return None
    day = f"{at.year:04}-{at.month:02}-{at.day:02}"
    match precision:
        case "year":
            return day[:4]
        case "month":
            return day[:7]
        case "day":
            return day
    return at.astimezone(UTC).isoformat().replace("+00:00", "Z")
