"""ASGI middleware that lets only the web pages of some origins read responses (CORS)."""

from collections.abc import Collection

from starlette.types import ASGIApp, Message, Receive, Scope, Send

ALLOW_ORIGIN = b"access-control-allow-origin"


class OriginsMiddleware:
    """Replaces the header that allows all origins by one that names the origin of the request, if that is allowed.

    It stands outside the cache, whose responses serve all clients.
    """

    def __init__(self, app: ASGIApp, origins: Collection[str]) -> None:
        self.app = app
        self.origins = frozenset(origin.encode() for origin in origins)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Respond to one request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        origin = next((value for name, value in scope["headers"] if name == b"origin"), None)
        added = [(b"vary", b"Origin")] + ([(ALLOW_ORIGIN, origin)] if origin in self.origins else [])

        async def send_with_origin(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = [(name, value) for name, value in message["headers"] if name != ALLOW_ORIGIN]
                message = {**message, "headers": [*headers, *added]}
            await send(message)

        await self.app(scope, receive, send_with_origin)
