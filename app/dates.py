"""Partial dates: parse and format dates that are known to the year, the month, the day or the second."""

import re
from calendar import monthrange
from datetime import UTC, datetime, timedelta, timezone

from app.models import Precision

LEAP_SECOND = re.compile(r"(\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}:)60", re.ASCII)

PARTIAL_DATE = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?", re.ASCII)


def parse_date(text: str) -> tuple[datetime, Precision]:
    """Return the first moment, in UTC, of `2025`, `2025-12`, `2025-12-18` or an RFC 3339 time, and its precision.

    A time without an offset is taken as UTC, and a leap second as the second after it, for a datetime has no number for
    it. Raises ValueError with what was expected.
    """
    try:
        if partial := PARTIAL_DATE.fullmatch(text):
            year, month, day = partial.groups()
            precision: Precision = "day" if day else "month" if month else "year"
            return datetime(int(year), int(month or 1), int(day or 1), tzinfo=UTC), precision
        time = text.upper()
        if not re.match(r"\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}", time, re.ASCII):
            raise ValueError(text)
        without_leap, leaps = LEAP_SECOND.subn(r"\g<1>59", time)
        moment = datetime.fromisoformat(without_leap) + timedelta(seconds=leaps)
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


def format_date(moment: datetime | None, precision: Precision | None, offset: int | None = None) -> str | None:
    """Format a date as precisely as it is known: `2025`, `2025-12`, `2025-12-18` or an RFC 3339 time.

    The time is that of UTC, or of this offset, in minutes east of Greenwich.
    """
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
    local = moment.astimezone(UTC if offset is None else timezone(timedelta(minutes=offset)))
    time, zone = local.replace(tzinfo=None).isoformat(), local.isoformat()[-6:]
    if local.microsecond:
        time = time.rstrip("0")
    return time + ("Z" if offset is None else zone)
