"""In front of everything: what HTTP promises of every address, whatever it answers.

One snapshot per request; ETag, Last-Modified and 304; HEAD and OPTIONS; CORS for reading; no 500 without a
problem that says so.
"""

import logging
import re
from email.utils import format_datetime
from hashlib import blake2b
from importlib.metadata import version

from starlette.routing import Match, Router
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.problems import Problem, address
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
REVALIDATE = (b"cache-control", b"no-cache")
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
        promises = list(OPEN)
        unless_there = False
        if snapshot is not None and scope["method"] in ("GET", "HEAD") and self.is_resource(scope):
            if not acceptable(header(scope, b"accept")):
                await refuse(scope, receive, send)
                return
            tag = etag(snapshot, scope)
            promises += [
                (b"etag", tag), REVALIDATE,
                (b"last-modified", format_datetime(snapshot.directory.revision["at"], usegmt=True).encode()),
            ]  # fmt: skip
            held = candidates(header(scope, b"if-none-match"))
            if tag in held:
                await answer(send, 304, promises)
                return
            unless_there = b"*" in held
        await self.run(scope, receive, send, promises, unless_there=unless_there)

    async def run(
        self, scope: Scope, receive: Receive, send: Send, promises: list[tuple[bytes, bytes]], *, unless_there: bool
    ) -> None:  # fmt: skip
        """Let the application answer, and add what is promised; `unless_there`, a 200 becomes a 304."""
        head = bodiless = scope["method"] == "HEAD"
        started = False

        async def pass_on(message: Message) -> None:
            nonlocal started, bodiless
            if message["type"] == "http.response.start":
                started = True
                kept = {200: promises, 308: [*OPEN, REVALIDATE]}.get(message["status"], OPEN)
                if unless_there and message["status"] == 200:
                    bodiless = True
                    message = {**message, "status": 304, "headers": kept}
                else:
                    message = {**message, "headers": [*message["headers"], *kept]}
            elif bodiless:
                message = {**message, "body": b""}
            await send(message)

        try:
            await self.app({**scope, "method": "GET"} if head else scope, receive, pass_on)
        except Exception:
            log.exception("%s %s failed.", scope["method"], scope["path"])
            if not started:
                problem = Problem(500, "The service failed to answer; the failure was logged.")
                await problem.response(address(scope))(scope, receive, pass_on)

    def is_resource(self, scope: Scope) -> bool:
        """Whether the address answers from the corpus."""
        path: str = scope["path"]
        root = self.service.settings.root_path
        parts = (path.removeprefix(root) if path.startswith(f"{root}/") else path).split("/", 2)
        return len(parts) > 1 and parts[1] in RESOURCES

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


def header(scope: Scope, name: bytes) -> bytes:
    """All values of a header, however many lines they came in."""
    return b",".join(value for given, value in scope["headers"] if given == name)


def acceptable(accept: bytes) -> bool:
    """Whether JSON is among what the client takes: the most exact of its ranges decides."""
    taken = {}
    for given in accept.lower().split(b","):
        media, *parameters = (part.strip() for part in given.split(b";"))
        taken[media] = not any(re.fullmatch(rb"q=0(\.0*)?", parameter) for parameter in parameters)
    ranges = (b"application/json", b"application/*", b"*/*")
    return next((taken[media] for media in ranges if media in taken), not accept.strip())


async def refuse(scope: Scope, receive: Receive, send: Send) -> None:
    """Say that there is only JSON."""
    problem = Problem(406, "Answers are application/json; the Accept header leaves that out.").response(address(scope))
    problem.raw_headers.extend(OPEN)
    await problem(scope, receive, send)


async def answer(send: Send, status: int, headers: list[tuple[bytes, bytes]]) -> None:
    """An answer without a body."""
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": b""})
