"""Serve the least that uvicorn can: JSON of as many bytes as the path says."""

from functools import cache
from typing import Any

HEADER = (b"content-type", b"application/json")


@cache
def make_response(path: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return the messages of a response whose body has the size that the path says."""
    body = b'"%b"' % (b"annotated articles " * (int(path[1:]) // 19 + 1))[: int(path[1:]) - 2]
    headers = [HEADER, (b"content-length", b"%d" % len(body))]
    return (
        {"type": "http.response.start", "status": 200, "headers": headers},
        {"type": "http.response.body", "body": body},
    )


async def app(scope: dict[str, Any], _receive: Any, send: Any) -> None:
    """Answer one request; there is nothing to start or to end."""
    if scope["type"] == "http":
        start, body = make_response(scope["path"])
        await send(start)
        await send(body)
