"""Content negotiation: the formats that a client accepts, and the responses that it has, from its headers."""

import re
from collections.abc import Iterable
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from functools import lru_cache
from typing import NamedTuple

MAX_CACHED = 512
"""Longest headers in bytes, both together, that are parsed once and cached; clients usually send about a hundred."""


class Formats(NamedTuple):
    """The formats that a client accepts."""

    json: bool
    html: bool
    gzip: bool


class Conditions(NamedTuple):
    """The responses that a client has: 304 instead of one of these."""

    etags: list[bytes]
    modified_since: bytes
    """The time of `If-Modified-Since`; empty without it, or with `If-None-Match`, which overrides it."""


def negotiate(headers: Iterable[tuple[bytes, bytes]]) -> tuple[Formats, Conditions]:
    """Return the formats that a client accepts, and the responses that it has."""
    values: dict[bytes, bytes | None] = dict.fromkeys(
        (b"accept", b"accept-encoding", b"if-none-match", b"if-modified-since")
    )
    for name, value in headers:
        if name in values:
            earlier = values[name]
            values[name] = b"%b,%b" % (earlier, value) if earlier else value
    accept, accept_encoding, if_none_match, if_modified_since = values.values()
    accept, accept_encoding = accept or b"", accept_encoding or b""
    is_short = len(accept) + len(accept_encoding) <= MAX_CACHED
    formats = (accepted_formats if is_short else accepted_formats.__wrapped__)(accept, accept_encoding)
    if if_none_match is None:
        return formats, Conditions([], if_modified_since or b"")
    return formats, Conditions(parse_if_none_match(if_none_match), b"")


@lru_cache(maxsize=64)
def accepted_formats(accept: bytes, accept_encoding: bytes) -> Formats:
    """Return the formats that a client accepts."""
    return Formats(accepts_json(accept), accepts_html(accept), accepts_gzip(accept_encoding))


def accepts_html(accept: bytes) -> bool:
    """Return whether an `Accept` header names HTML, as those of browsers do."""
    return b"text/html" in accept.lower()


def is_unmodified(modified_at: datetime, since: bytes) -> bool:
    """Return whether something modified at this second has not changed since the time of `If-Modified-Since`.

    A value that is no time has no effect (RFC 9110, 13.1.3).
    """
    if not since or len(since) > MAX_CACHED:
        return False
    try:
        moment = parsedate_to_datetime(since.decode("latin-1"))
        return modified_at <= (moment if moment.tzinfo else moment.replace(tzinfo=UTC))
    except (ValueError, TypeError, IndexError, OverflowError):
        return False


def accepts_json(accept: bytes) -> bool:
    """Return whether an `Accept` header includes JSON; its most specific media range decides (RFC 9110, 12.5.1)."""
    accepted = {}
    for media_range in accept.lower().split(b","):
        media_type, *parameters = (part.strip() for part in media_range.split(b";"))
        accepted[media_type] = not any(re.fullmatch(rb"q=0(\.0*)?", parameter) for parameter in parameters)
    ranges = (b"application/json", b"application/*", b"*/*")
    return next((accepted[media_type] for media_type in ranges if media_type in accepted), not accept.strip())


def accepts_gzip(accept_encoding: bytes) -> bool:
    """Return whether an `Accept-Encoding` header names gzip, and not with a weight of 0."""
    codings = (coding.strip().lower().split(b";") for coding in accept_encoding.split(b","))
    return b"gzip" in {
        name.strip()
        for name, *parameters in codings
        if not any(re.fullmatch(rb"\s*q=0(\.0*)?\s*", parameter) for parameter in parameters)
    }


def parse_if_none_match(header: bytes) -> list[bytes]:
    """Return the ETags of an `If-None-Match` header. GET compares them weakly (RFC 9110, 13.1.2)."""
    return [etag.strip().removeprefix(b"W/") for etag in header.split(b",")]
