"""Content negotiation: what the `Accept`, `Accept-Encoding` and `If-None-Match` headers of a request ask for."""

import re
from collections.abc import Iterable
from functools import lru_cache

MAX_CACHED = 512
"""Longest headers in bytes, both together, that are parsed once and cached; clients usually send about a hundred."""


def negotiate(headers: Iterable[tuple[bytes, bytes]]) -> tuple[bool, bool, list[bytes]]:
    """Return whether a client accepts JSON, whether it accepts gzip, and the ETags of the responses that it has."""
    values = {b"accept": b"", b"accept-encoding": b"", b"if-none-match": b""}
    for name, value in headers:
        if name in values:
            values[name] = b"%b,%b" % (values[name], value) if values[name] else value
    accept, accept_encoding, if_none_match = values.values()
    is_short = len(accept) + len(accept_encoding) <= MAX_CACHED
    json, gzip = (accepted_formats if is_short else accepted_formats.__wrapped__)(accept, accept_encoding)
    return json, gzip, parse_if_none_match(if_none_match) if if_none_match else []


@lru_cache(maxsize=64)
def accepted_formats(accept: bytes, accept_encoding: bytes) -> tuple[bool, bool]:
    """Return whether a client accepts JSON, and whether it accepts gzip."""
    return accepts_json(accept), accepts_gzip(accept_encoding)


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
