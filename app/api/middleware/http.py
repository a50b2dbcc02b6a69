"""ASGI middleware for what HTTP asks of every URL: HEAD, OPTIONS and CORS."""

import logging

from starlette.routing import Router
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.api.methods import allowed_methods
from app.api.middleware.security import NO_SNIFFING

Headers = list[tuple[bytes, bytes]]

log = logging.getLogger("articles")

CORS_HEADERS = [
    (b"access-control-allow-origin", b"*"),
    (
        b"access-control-expose-headers",
        b"Content-Disposition, ETag, Last-Modified, Link, Location, Retry-After, X-Total-Count, X-Warnings",
    ),
    NO_SNIFFING,
]
"""Headers of every response, so that a cached one serves all clients.

`CORSMiddleware` adds them only to responses to requests with an `Origin`.
"""

PREFLIGHT_HEADERS = [(b"access-control-allow-headers", b"*"), (b"access-control-max-age", b"86400")]


class HttpMiddleware:
    """Answers HEAD like GET without the body, and OPTIONS; adds the CORS headers; logs what the application raises."""

    def __init__(self, app: ASGIApp, router: Router) -> None:
        self.app = app
        self.router = router

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Respond to one request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        method = scope["method"]
        if method == "OPTIONS" and (methods := allowed_methods(self.router, scope)):
            allowed = ", ".join(methods).encode()
            allow_headers = [(b"allow", allowed), (b"access-control-allow-methods", allowed)]
            await send_response(send, 204, [*CORS_HEADERS, *PREFLIGHT_HEADERS, *allow_headers])
            return

        async def send_with_cors(message: Message) -> None:
            if message["type"] == "http.response.start":
                message = {**message, "headers": [*message["headers"], *CORS_HEADERS]}
            elif method == "HEAD":
                message = {**message, "body": b""}
            await send(message)

        try:
            get_scope = {**scope, "method": "GET", "head": True} if method == "HEAD" else scope
            await self.app(get_scope, receive, send_with_cors)
        except Exception:
            # `ServerErrorMiddleware` sends a response with status 500 and raises again; this is the only log entry.
            log.exception("%s %s failed.", method, scope["path"])


async def send_response(send: Send, status: int, headers: Headers, body: bytes = b"") -> None:
    """Send a complete response."""
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
