"""Framing: cut the heads of requests from the bytes that arrive, and bound their size.

No endpoint takes a body, so a connection carries heads alone; each ends at its first blank line.
"""

import re
from urllib.parse import quote

from app.api.errors import Problem

MAX_URL_BYTES = 65_535
"""The longest URL that the parser takes."""

MAX_REQUEST_LINE_BYTES = MAX_URL_BYTES + 64
"""A URL, with a method and a version around it."""

MAX_HEADER_BYTES = 65_536
"""The size of all headers of a request together."""

URL_TOO_LONG = f"The URL is too long: it may have {MAX_URL_BYTES:,} bytes."

BLANK_LINE = b"\r\n\r\n"
ASCII = bytes(range(128)).decode()
METHOD = re.compile(rb"[A-Z][A-Z-]{0,19}(?: |$)")
ORIGIN = re.compile(rb"https?://[^/?#]*", re.IGNORECASE)


def is_single_head(data: bytes) -> bool:
    """Return whether these bytes are the head of one request, as short as it may be, with an encoded URL."""
    return data.find(BLANK_LINE) == len(data) - 4 >= 0 and len(data) <= MAX_HEADER_BYTES and data.isascii()


def cut_head(received: bytearray) -> bytes | None:
    """Remove the first head from what has arrived, and return it; None while its end has not arrived.

    Letters that the client left as they were typed in the URL are percent-encoded. Raises `Problem` for what can't be
    a request or is too long, before the rest of it arrives.
    """
    if received.startswith((b"\r", b"\n")):
        del received[: len(received) - len(received.lstrip(b"\r\n"))]
    end, line_end = received.find(BLANK_LINE), received.find(b"\r\n")
    size = len(received) if end < 0 else end
    if (size if line_end < 0 else line_end) > MAX_REQUEST_LINE_BYTES:
        raise Problem(414, URL_TOO_LONG)
    if line_end >= 0 and size - line_end > MAX_HEADER_BYTES:
        raise Problem(431, f"The headers are too long: all together may have {MAX_HEADER_BYTES:,} bytes.")
    if end < 0:
        if received and not METHOD.match(received):
            raise Problem(400, "This is not an HTTP request: it does not begin with a method.")
        return None
    head = bytes(received[: end + len(BLANK_LINE)])
    del received[: len(head)]
    return head if head.isascii() else quote(head[:line_end], safe=ASCII).encode() + head[line_end:]


def strip_origin(url: bytes) -> bytes:
    """Return the path and query of an absolute URL, which is what proxies send; return any other URL unchanged."""
    if match := ORIGIN.match(url):
        rest = url[match.end() :]
        return rest if rest.startswith(b"/") else b"/" + rest
    return url
