"""The least that uvicorn can do: 2 KB of JSON, whatever is asked."""

from typing import Any

BODY = b'{"items":[%b]}' % b",".join([b'"annotated"'] * 168)
HEADERS = [(b"content-type", b"application/json"), (b"content-length", b"%d" % len(BODY))]


async def app(scope: dict[str, Any], _receive: Any, send: Any) -> None:
    """Answer one request; there is nothing to start or to end."""
    if scope["type"] == "http":
        await send({"type": "http.response.start", "status": 200, "headers": HEADERS})
        await send({"type": "http.response.body", "body": BODY})
