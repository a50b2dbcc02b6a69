"""Dates as authors, feeds, mail and data sets write them: in figures, or in the words of many languages."""

import re
from datetime import UTC, datetime, timedelta
from functools import lru_cache

from app.dates import parse_date
from app.seeding.article import PreciseDate
from app.seeding.normalize.month_names import find_month

EXPECTED = "expected 2025, 2025-12, 2025-12-18, 18 December 2025 or 2025-12-18T09:30:00Z"

ZONES = {
    "UTC": 0,
    "GMT": 0,
    "UT": 0,
    "Z": 0,
    "EST": -5,
    "EDT": -4,
    "CST": -6,
    "CDT": -5,
    "MST": -7,
    "MDT": -6,
    "PST": -8,
    "PDT": -7,
    "CET": 1,
    "CEST": 2,
    "EET": 2,
    "EEST": 3,
    "MSK": 3,
    "JST": 9,
}
"""Hours east of Greenwich by the names of zones that mean one zone only: those of RFC 822, and a few more."""

TIME = re.compile(
    r"(?P<hour>\d{1,2})(?:[:.h](?P<minute>\d{2})(?:[:.](?P<second>\d{2})(?:[.,](?P<fraction>\d+))?)?)?(?:\s?(?P<half>[ap])\.?m\.?)?"
    r"(?:\s?(?P<zone>[A-Z]{1,4})?(?:(?P<sign>[+-])(?P<offset_hour>\d{1,2}):?(?P<offset_minute>\d{2})?)?"
    r"(?:\s\([\w ]+\))?)",
    re.ASCII | re.IGNORECASE,
)
DAY = re.compile(r"(?P<year>\d{4})(?P<separator>[-/.])(?P<month>\d{1,2})(?P=separator)(?P<day>\d{1,2})(?P<rest>.*)")
DAY_FIRST = re.compile(r"(?P<day>\d{1,2})\. ?(?P<month>\d{1,2})\. ?(?P<year>\d{4})(?P<rest>.*)")
COMPACT = re.compile(r"(?P<year>\d{4})(?P<month>\d{2})(?P<day>\d{2})(?:T?(?P<time>\d{6})(?P<zone>Z?))?", re.IGNORECASE)
EAST_ASIAN = re.compile(r"(?P<year>\d{4}) ?[年년] ?(?P<month>\d{1,2}) ?[月월] ?(?P<day>\d{1,2}) ?[日일](?P<rest>.*)")
WORDS = re.compile(
    r"(?:[^\W\d]+\.?,? )?"  # The day of the week.
    r"(?:(?P<day>\d{1,2})(?:\.|st|nd|rd|th|er|º|ª)?[ -](?:de |d['’])?(?P<month>[^\W\d_]+)\.?"
    r"|(?P<month_first>[^\W\d_]+)\.? (?P<day_second>\d{1,2})(?:st|nd|rd|th)?)"
    r"(?:,? (?:de |del )?|-)(?P<year>\d{4})(?: ?г\.)?(?P<rest>.*)",
    re.IGNORECASE,
)
YEAR_FIRST = re.compile(r"(?P<year>\d{4})\. (?P<month>[^\W\d_]+) (?P<day>\d{1,2})\.?(?P<rest>.*)")  # Hungarian.
YEAR_LAST = re.compile(  # As C, and Twitter, print times.
    r"[a-z]{3} (?P<month>[a-z]{3}) (?P<day>\d{1,2}) (?P<rest>\d\d:\d\d:\d\d(?: [+-]\d{4}| [A-Z]{3,4})?) "
    r"(?P<year>\d{4})",
    re.IGNORECASE,
)
BEFORE_TIME = re.compile(r"(?:T|,? ?(?:at|um|à|kl\.?) |,? |)(?P<time>\d.*)", re.IGNORECASE)
SLASHES = re.compile(r"\d{1,2}/\d{1,2}/\d{2,4}.*")
SECONDS = re.compile(r"\d{9,10}|\d{13}", re.ASCII)
DATED_NAME = re.compile(r"(?:.*/)?(\d{4}-\d{2}-\d{2})-(?P<rest>[^/]+)(?:/_?index)?")


@lru_cache(64)
def parse_written_date(text: str) -> PreciseDate:
    """Parse a date in any of the formats that authors use. Raises ValueError with what was expected."""
    words = " ".join(text.split())
    try:
        return parse_figures(words) or parse_words(words) or parse_iso(words)
    except (ValueError, OverflowError):
        which = "may have the day or the month first" if SLASHES.fullmatch(words) else "is not a date"
        raise ValueError(f"'{words[:60]}' {which}; {EXPECTED}.") from None


def is_date(value: object) -> bool:
    """Tell whether a value is a date in a format that authors use."""
    try:
        parse_date_value(value)
    except ValueError:
        return False
    return True


def parse_date_value(value: object) -> PreciseDate:
    """Parse the value of a key that takes a date: a text, or a number, such as a year. Raises ValueError."""
    return parse_written_date(f"{value:04}" if type(value) is int else str(value))


def parse_iso(words: str) -> PreciseDate:
    """Parse what the API understands as a date. Raises ValueError."""
    return PreciseDate(*parse_date(words))


def parse_figures(words: str) -> PreciseDate | None:
    """Parse a date in figures: `2024/05/01 10:00 -4`, `1.5.2024`, `20240501T100000Z`, seconds since 1970."""
    if SECONDS.fullmatch(words):
        moment = datetime.fromtimestamp(int(words[:10]), UTC)
        return PreciseDate(moment + timedelta(milliseconds=int(words[10:] or 0)), "second")
    if match := COMPACT.fullmatch(words):
        time = match["time"]
        rest = f"T{time[:2]}:{time[2:4]}:{time[4:]}" if time else ""
        return build_date(match, int(match["month"]), match["day"], rest)
    if match := DAY.fullmatch(words) or DAY_FIRST.fullmatch(words) or EAST_ASIAN.fullmatch(words):
        return build_date(match, int(match["month"]), match["day"], match["rest"])
    return None


def parse_words(words: str) -> PreciseDate | None:
    """Parse a date in words: `October 7, 2016 3:00 PM`, `Fri, 07 Oct 2016 14:00:00 GMT`, `1. Mai 2024`."""
    match = YEAR_FIRST.fullmatch(words) or YEAR_LAST.fullmatch(words) or WORDS.fullmatch(words)
    if not match:
        return None
    parts = match.groupdict()
    month = find_month(parts["month"] or parts["month_first"])
    if month is None:
        raise ValueError(words)
    return build_date(match, month, parts["day"] or parts["day_second"], match["rest"])


def build_date(match: re.Match[str], month: int, day: str, rest: str) -> PreciseDate:
    """Return the date of a match, with the time in the rest of its text. Raises ValueError for what is no time."""
    moment = datetime(int(match["year"]), month, int(day), tzinfo=UTC)
    if not rest:
        return PreciseDate(moment, "day")
    before = BEFORE_TIME.fullmatch(rest)
    time = TIME.fullmatch(before["time"]) if before else None
    if time is None or not (time["minute"] or time["half"]):
        raise ValueError(rest)
    offset = find_offset(time)
    microsecond = int((time["fraction"] or "")[:6].ljust(6, "0"))
    hour, minute, second = (int(time[name] or 0) for name in ("hour", "minute", "second"))
    if half := time["half"]:
        if not 1 <= hour <= 12:
            raise ValueError(rest)
        hour = hour % 12 + (12 if half.lower() == "p" else 0)
    # A leap second has no number of its own in a datetime: the next second stands for it.
    leap = 1 if second == 60 else 0
    written = moment.replace(hour=hour, minute=minute, second=second - leap, microsecond=microsecond)
    at = written + timedelta(seconds=leap) - offset
    return PreciseDate(at, "second", int(offset.total_seconds()) // 60 or None)


def find_offset(time: re.Match[str]) -> timedelta:
    """Return how far east of Greenwich a time is; times without a zone are in UTC. Raises ValueError."""
    name = (time["zone"] or "UTC").upper()
    if name not in ZONES:
        raise ValueError(name)
    offset = timedelta(hours=int(time["offset_hour"] or 0), minutes=int(time["offset_minute"] or 0))
    return timedelta(hours=ZONES[name]) + (-offset if time["sign"] == "-" else offset)


def parse_lone_date(text: str) -> PreciseDate | None:
    """Parse a text that is a date to the day or the second, and nothing else; None for any other text."""
    if text.isdecimal() or len(text) > 80:
        return None
    try:
        published = parse_written_date(text)
    except ValueError:
        return None
    return published if published.precision in {"day", "second"} else None


def parse_dated_name(name: str) -> PreciseDate | None:
    """Return the day that a path without suffix names, as Jekyll has it: `_posts/2016-10-03-slug`; or None."""
    match = DATED_NAME.fullmatch(name)
    return parse_lone_date(match[1]) if match else None
