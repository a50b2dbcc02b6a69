"""Raw ASGI requests, for what no client would send."""

from collections.abc import Sequence
from typing import Any
from urllib.parse import unquote

import httpx

from tests.conftest import Api


def ask(
    api: Api, raw_path: str, query: bytes = b"", method: str = "GET", headers: Sequence[tuple[bytes, bytes]] = ()
) -> httpx.Response:
    """Return the response of the application to exactly this request."""
    scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": method,
        "scheme": "http",
        "path": unquote(raw_path),
        "raw_path": raw_path.encode(),
        "query_string": query,
        "root_path": "",
        "headers": [(b"host", b"test"), *headers],
        "client": ("test", 1),
        "server": ("test", 80),
    }
    sent: list[Any] = []

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Any) -> None:
        sent.append(message)

    api.loop.run_until_complete(api.app(scope, receive, send))
    start, *bodies = sent
    body = b"".join(message.get("body", b"") for message in bodies)
    request = httpx.Request(method, "http://test", extensions={"asked": raw_path})
    return httpx.Response(start["status"], headers=start["headers"], content=body, request=request)
