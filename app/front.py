"""In front of everything: what HTTP promises of every address, whatever it answers.

One snapshot per request; ETag, Last-Modified and 304; HEAD and OPTIONS; CORS for reading; no 500 without a
problem that says so.
"""

import logging
from email.utils import format_datetime
from hashlib import blake2b
from importlib.metadata import version

from starlette.routing import Match, Router
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.problems import Problem
from app.search.selection import Snapshot
from app.service import Service

log = logging.getLogger("articles")

VERSION = version("annotated-articles").encode()

OPEN = [
    (b"access-control-allow-origin", b"*"),
    (b"access-control-expose-headers", b"ETag, Last-Modified, Link, Location, Retry-After"),
]
PREFLIGHT = [
    (b"access-control-allow-methods", b"GET, HEAD, OPTIONS"),
    (b"access-control-allow-headers", b"*"),
    (b"access-control-max-age", b"86400"),
]
ALLOW = (b"allow", b"GET, HEAD, OPTIONS")

RESOURCES = ("articles", "paragraphs", "entities", "tags", "timeline", "corpus")
"""The first parts of the addresses that answer from the corpus."""


class Front:
    """The ASGI layer around the application."""

    def __init__(self, app: ASGIApp, service: Service, routes: Router) -> None:
        self.app = app
        self.service = service
        self.routes = routes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        snapshot = scope["snapshot"] = self.service.snapshot
        if scope["method"] == "OPTIONS" and self.exists(scope):
            await answer(send, 204, [*OPEN, *PREFLIGHT, ALLOW])
            return
        headers = dict(scope["headers"])
        promises = list(OPEN)
        if snapshot is not None and scope["method"] in ("GET", "HEAD") and self.is_resource(scope):
            if not acceptable(headers.get(b"accept", b"")):
                await refuse(scope, receive, send)
                return
            tag = etag(snapshot, scope)
            promises += [
                (b"etag", tag), (b"cache-control", b"no-cache"),
                (b"last-modified", format_datetime(snapshot.directory.revision["at"], usegmt=True).encode()),
            ]  # fmt: skip
            if tag in candidates(headers.get(b"if-none-match", b"")):
                await answer(send, 304, promises)
                return
        await self.run(scope, receive, send, promises)

    async def run(self, scope: Scope, receive: Receive, send: Send, promises: list[tuple[bytes, bytes]]) -> None:
        """Let the application answer, and add what is promised."""
        head = scope["method"] == "HEAD"
        started = False

        async def pass_on(message: Message) -> None:
            nonlocal started
            if message["type"] == "http.response.start":
                started = True
                kept = promises if message["status"] == 200 else OPEN
                message["headers"] = [*message["headers"], *kept]
            elif head:
                message = {**message, "body": b""}
            await send(message)

        try:
            await self.app({**scope, "method": "GET"} if head else scope, receive, pass_on)
        except Exception:
            log.exception("%s %s failed.", scope["method"], scope["path"])
            if not started:
                problem = Problem(500, "The service failed to answer; the failure was logged.")
                await problem.response(scope["path"])(scope, receive, pass_on)

    def is_resource(self, scope: Scope) -> bool:
        """Whether the address answers from the corpus."""
        path: str = scope["path"].removeprefix(self.service.settings.root_path)
        return path.split("/", 2)[1:2] != [] and path.split("/", 2)[1] in RESOURCES

    def exists(self, scope: Scope) -> bool:
        """Whether the router knows the address."""
        asked = {**scope, "method": "GET"}
        return any(route.matches(asked)[0] is Match.FULL for route in self.routes.routes)


def etag(snapshot: Snapshot, scope: Scope) -> bytes:
    """Names the answer: the same bytes come back as long as it stays."""
    hashed = blake2b(digest_size=12)
    for part in (
        snapshot.state.id.encode(),
        VERSION,
        scope["path"].encode("utf-8", "replace"),
        scope["query_string"],
    ):
        hashed.update(len(part).to_bytes(4, "big") + part)
    return b'"%b"' % hashed.hexdigest().encode()


def candidates(header: bytes) -> list[bytes]:
    """The tags of an If-None-Match header; weak comparison is enough for reading."""
    return [tag.strip().removeprefix(b"W/") for tag in header.split(b",")] if header else []


def acceptable(accept: bytes) -> bool:
    """Whether JSON is among what the client takes."""
    return not accept or any(it in accept for it in (b"*/*", b"application/*", b"json"))


async def refuse(scope: Scope, receive: Receive, send: Send) -> None:
    """Say that there is only JSON."""
    problem = Problem(406, "Answers are application/json; the Accept header leaves that out.").response(scope["path"])
    problem.raw_headers.extend(OPEN)
    await problem(scope, receive, send)


async def answer(send: Send, status: int, headers: list[tuple[bytes, bytes]]) -> None:
    """An answer without a body."""
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": b""})
