"""In front of everything: what HTTP promises of every address, whatever it answers.

One snapshot per request; ETag, Last-Modified and 304; HEAD and OPTIONS; CORS for reading; no 500 without a
problem that says so.
"""

import logging
import re
from email.utils import format_datetime
from functools import lru_cache, partial
from hashlib import blake2b
from importlib.metadata import version

from fastapi.routing import iter_route_contexts
from starlette.responses import Response
from starlette.routing import Match, Router
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.api.deps import Corpus
from app.api.errors import Problem, internal_error, request_path
from app.api.middleware.response_cache import (
    SLOW_TO_COMPRESS,
    SMALLEST,
    CachedResponse,
    CacheKey,
    ResponseCache,
    compress_response,
)
from app.api.middleware.security import NO_SNIFFING
from app.api.routing import CachedRoute
from app.serving.service import CorpusService
from app.system.threads import run_in_low_priority_thread

Headers = list[tuple[bytes, bytes]]
Whole = tuple[int, Headers, bytes]
"""Status, headers and body of an answer."""

log = logging.getLogger("articles")

VERSION = version("annotated-articles").encode()

CORS_HEADERS = [
    (b"access-control-allow-origin", b"*"),
    (
        b"access-control-expose-headers",
        b"Content-Disposition, ETag, Last-Modified, Link, Location, Retry-After, X-Total-Count, X-Warnings",
    ),
    NO_SNIFFING,
]
PREFLIGHT = [
    (b"access-control-allow-methods", b"GET, HEAD, OPTIONS"),
    (b"access-control-allow-headers", b"*"),
    (b"access-control-max-age", b"86400"),
]
REVALIDATE = (b"cache-control", b"no-cache")
ALLOW = (b"allow", b"GET, HEAD, OPTIONS")

MAX_CACHED = 256
"""Of how many bytes at most a header is whose meaning is cached; clients usually send about a hundred."""


class RevisionCache:
    """What is promised, and held, of the answers from one revision."""

    def __init__(self, corpus: Corpus, capacity: int) -> None:
        self.snapshot = snapshot = corpus.snapshot
        self.corpus = corpus
        self.held = ResponseCache(capacity)
        self.seed = blake2b(b"%b %b" % (snapshot.state.id.encode(), VERSION), digest_size=12)
        at = format_datetime(snapshot.directory.revision["at"], usegmt=True).encode()
        self.headers = [*CORS_HEADERS, REVALIDATE, (b"vary", b"Accept-Encoding"), (b"last-modified", at)]

    def etag(self, request: CacheKey) -> bytes:
        """Names the answer to a request: the same bytes come back as long as it stays."""
        path, query, packs = request
        hashed = self.seed.copy()
        hashed.update(b"%b\n%b\n%d" % (path.encode("utf-8", "replace"), query, packs))
        return b'"%b"' % hashed.hexdigest().encode()


class CachingMiddleware:
    """The ASGI layer around the application, which answers for itself whatever happens to it."""

    def __init__(self, app: ASGIApp, service: CorpusService, router: Router) -> None:
        self.app = app
        self.service = service
        self.router = router
        self.revised: RevisionCache | None = None
        self.root_path = service.settings.root_path
        root, first = re.escape(self.root_path), "|".join(map(re.escape, cached_segments(router)))
        # A dot begins the suffix of an export, which is streamed: ids have none.
        self.is_cached = re.compile(rf"(?:{root})?/(?:{first})(?:/[^.]*)?$").match

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        scope["root_path"] = self.root_path or scope.get("root_path", "")
        if scope["method"] not in ("GET", "HEAD"):
            if scope["method"] == "OPTIONS" and self.exists(scope):
                await send_response(send, 204, [*CORS_HEADERS, *PREFLIGHT, ALLOW])
            else:
                await self.run(scope, receive, send)
        elif self.is_cached(scope["path"]) and (revised := self.revision() or await self.first_revision()):
            await self.answer(revised, scope, receive, send)
        else:
            await self.run(scope, receive, send)

    def revision(self) -> RevisionCache | None:
        """What is served, if anything is."""
        snapshot = self.service.snapshot
        if snapshot is not None and (self.revised is None or self.revised.snapshot is not snapshot):
            self.revised = RevisionCache(Corpus(snapshot, self.root_path), self.service.settings.cache * 2**20)
        return self.revised

    async def first_revision(self) -> RevisionCache | None:
        """Return what is served once the worker has opened it, if there is anything to open."""
        await self.service.wait_until_opened()
        return self.revision()

    async def answer(self, revised: RevisionCache, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer from the corpus: by what the client holds, by what is held here, or by asking the application."""
        asked = {b"accept": b"", b"accept-encoding": b"", b"if-none-match": b""}
        for name, value in scope["headers"]:
            if name in asked:
                asked[name] = b"%b,%b" % (asked[name], value) if asked[name] else value
        accept, encodings = asked[b"accept"], asked[b"accept-encoding"]
        if not (accepts_json if len(accept) <= MAX_CACHED else accepts_json.__wrapped__)(accept):
            problem = Problem(406, "Answers are application/json; the Accept header leaves that out.")
            status, headers, body = read_response(problem.response(request_path(scope)))
            await send_response(send, status, [*headers, *CORS_HEADERS], body)
            return
        packs = (accepts_gzip if len(encodings) <= MAX_CACHED else accepts_gzip.__wrapped__)(encodings)
        request = CacheKey(scope["path"], scope["query_string"], packs)
        held = revised.held.get(request)
        tag = held.tag if held else revised.etag(request)
        there = parse_if_none_match(asked[b"if-none-match"])
        if tag in there:
            await send_response(send, 304, [*revised.headers, (b"etag", tag)])
            return
        if held is None:
            scope["corpus"] = revised.corpus
            status, headers, body = await self.collect(scope, receive)
            if status != 200:
                kept = [*CORS_HEADERS, REVALIDATE] if status == 308 else CORS_HEADERS
                await send_response(send, status, [*headers, *kept], b"" if scope["method"] == "HEAD" else body)
                return
            held = CachedResponse(tag, [*headers, *revised.headers, (b"etag", tag)], body)
            if request.packs and len(body) >= SLOW_TO_COMPRESS:
                held = await run_in_low_priority_thread(partial(compress_response, held))
            elif request.packs and len(body) >= SMALLEST:
                held = compress_response(held)
            revised.held.put(request, held)
        if b"*" in there:
            await send_response(send, 304, [*revised.headers, (b"etag", tag)])
        else:
            await send_response(send, 200, held.headers, b"" if scope["method"] == "HEAD" else held.body)

    async def collect(self, scope: Scope, receive: Receive) -> Whole:
        """The whole answer of the application to a GET."""
        messages: list[Message] = []

        async def keep(message: Message) -> None:
            messages.append(message)

        await self.ask(scope, receive, keep)
        if not messages:
            return read_response(internal_error(scope))
        start, *pieces = messages
        return start["status"], start["headers"], b"".join(piece.get("body", b"") for piece in pieces)

    async def run(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let the application answer what is not from the corpus, piece by piece."""
        head = scope["method"] == "HEAD"
        started = False

        async def pass_on(message: Message) -> None:
            nonlocal started
            started = True
            if message["type"] == "http.response.start":
                message = {**message, "headers": [*message["headers"], *CORS_HEADERS]}
            elif head:
                message = {**message, "body": b""}
            await send(message)

        await self.ask(scope, receive, pass_on)
        if not started:
            await internal_error(scope)(scope, receive, pass_on)

    async def ask(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let the application answer, HEAD like GET. Where it fails, the log says so, and nothing more is sent."""
        try:
            await self.app(
                {**scope, "method": "GET", "head": True} if scope["method"] == "HEAD" else scope, receive, send
            )
        except Exception:
            log.exception("%s %s failed.", scope["method"], scope["path"])

    def exists(self, scope: Scope) -> bool:
        """Whether the router knows the address."""
        asked = {**scope, "method": "GET"}
        return any(route.matches(asked)[0] is Match.FULL for route in self.router.routes)


def cached_segments(router: Router) -> list[str]:
    """Return the first segments of the paths whose routes are a `CachedRoute`."""
    routes = iter_route_contexts(router.routes)
    paths = [route.path or "/" for route in routes if isinstance(route.original_route, CachedRoute)]
    return [*dict.fromkeys(path.split("/")[1] for path in paths)]


def read_response(response: Response) -> Whole:
    """All of a response."""
    return response.status_code, response.raw_headers, bytes(response.body)


def parse_if_none_match(header: bytes) -> list[bytes]:
    """The tags of an If-None-Match header; weak comparison is enough for reading."""
    return [tag.strip().removeprefix(b"W/") for tag in header.split(b",")] if header else []


@lru_cache(maxsize=64)
def accepts_json(accept: bytes) -> bool:
    """Whether JSON is among what the client takes: the most exact of its ranges decides."""
    taken = {}
    for given in accept.lower().split(b","):
        media, *parameters = (part.strip() for part in given.split(b";"))
        taken[media] = not any(re.fullmatch(rb"q=0(\.0*)?", parameter) for parameter in parameters)
    ranges = (b"application/json", b"application/*", b"*/*")
    return next((taken[media] for media in ranges if media in taken), not accept.strip())


@lru_cache(maxsize=64)
def accepts_gzip(accept_encoding: bytes) -> bool:
    """Whether the client takes answers that are compressed."""
    given = (part.strip().lower().split(b";") for part in accept_encoding.split(b","))
    return b"gzip" in {
        name.strip() for name, *rest in given if not any(re.fullmatch(rb"\s*q=0(\.0*)?\s*", it) for it in rest)
    }


async def send_response(send: Send, status: int, headers: Headers, body: bytes = b"") -> None:
    """Send a whole answer."""
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
