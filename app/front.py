"""In front of everything: what HTTP promises of every address, whatever it answers.

One snapshot per request; ETag, Last-Modified and 304; HEAD and OPTIONS; CORS for reading; no 500 without a
problem that says so.
"""

import logging
import re
from collections.abc import Mapping, Sequence
from email.utils import format_datetime
from functools import lru_cache
from hashlib import blake2b
from importlib.metadata import version

from starlette.routing import Match, Router
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.held import SMALLEST, Answer, Held, packed
from app.problems import Problem, address
from app.resources import Corpus
from app.routes import Resource
from app.service import Service

Headers = list[tuple[bytes, bytes]]
Whole = tuple[int, Headers, bytes]
"""Status, headers and body of an answer."""

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


class Revised:
    """What is promised, and held, of the answers from one revision."""

    def __init__(self, corpus: Corpus, capacity: int) -> None:
        snapshot = corpus.snapshot
        self.corpus = corpus
        self.held = Held(capacity)
        self.seed = blake2b(b"%b %b" % (snapshot.state.id.encode(), VERSION), digest_size=12)
        at = format_datetime(snapshot.directory.revision["at"], usegmt=True).encode()
        self.headers = [*OPEN, REVALIDATE, (b"vary", b"Accept-Encoding"), (b"last-modified", at)]

    def etag(self, request: bytes) -> bytes:
        """Names the answer to a request: the same bytes come back as long as it stays."""
        hashed = self.seed.copy()
        hashed.update(request)
        return b'"%b"' % hashed.hexdigest().encode()


class Front:
    """The ASGI layer around the application."""

    def __init__(self, app: ASGIApp, service: Service, routes: Router, resources: Sequence[Resource]) -> None:
        self.app = app
        self.service = service
        self.routes = routes
        self.resources = resources
        self.revised: Revised | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        scope["root_path"] = self.service.settings.root_path or scope.get("root_path", "")
        if scope["method"] == "OPTIONS" and self.exists(scope):
            await deliver(send, 204, [*OPEN, *PREFLIGHT, ALLOW])
        elif scope["method"] in ("GET", "HEAD") and (found := self.find(scope["path"])):
            try:
                status, headers, body = await self.answer(*found, scope)
            except Exception as error:  # noqa: BLE001  (Whatever it is, the client gets an answer.)
                status, headers, body = told(scope, error)
            await deliver(send, status, headers, b"" if scope["method"] == "HEAD" else body)
        else:
            await self.run(scope, receive, send)

    async def answer(self, resource: Resource, parts: Mapping[str, str], scope: Scope) -> Whole:
        """Answer from the corpus: by what the client holds, by what is held here, or by asking the resource.

        Raises `Problem`.
        """
        revised = self.revision()
        asked = {b"accept": b"", b"accept-encoding": b"", b"if-none-match": b""}
        for name, value in scope["headers"]:
            if name in asked:
                asked[name] = b"%b,%b" % (asked[name], value) if asked[name] else value
        if not acceptable(asked[b"accept"]):
            raise Problem(406, "Answers are application/json; the Accept header leaves that out.")
        packs = packable(asked[b"accept-encoding"])
        request = b"%b\n%b\n%d" % (scope["path"].encode("utf-8", "replace"), scope["query_string"], packs)
        tag = revised.etag(request)
        there = candidates(asked[b"if-none-match"])
        unchanged = 304, [*revised.headers, (b"etag", tag)], b""
        if tag in there:
            return unchanged
        held = revised.held.get(request)
        if held is None:
            response = await resource.answer(revised.corpus, parts, scope["query_string"])
            if response.status_code != 200:
                return response.status_code, [*response.raw_headers, *OPEN, REVALIDATE], bytes(response.body)
            held = Answer([*response.raw_headers, *revised.headers, (b"etag", tag)], bytes(response.body))
            if packs and len(held.body) >= SMALLEST:
                held = packed(held)
            revised.held.put(request, held)
        return unchanged if b"*" in there else (200, *held)

    def revision(self) -> Revised:
        """What is served. Raises `Problem` while there is nothing."""
        snapshot = self.service.corpus()
        if self.revised is None or self.revised.corpus.snapshot is not snapshot:
            settings, documents = self.service.settings, self.service.documents
            assert documents is not None
            self.revised = Revised(Corpus(snapshot, documents, settings.root_path), settings.cache * 2**20)
        return self.revised

    async def run(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let the application answer what is not from the corpus, piece by piece."""
        head, started = scope["method"] == "HEAD", False

        async def pass_on(message: Message) -> None:
            nonlocal started
            if message["type"] == "http.response.start":
                started = True
                message = {**message, "headers": [*message["headers"], *OPEN]}
            elif head:
                message = {**message, "body": b""}
            await send(message)

        try:
            await self.app({**scope, "method": "GET"} if head else scope, receive, pass_on)
        except Exception as error:  # noqa: BLE001  (As above.)
            status, headers, body = told(scope, error)
            if not started:
                await deliver(send, status, headers, b"" if head else body)

    def find(self, path: str) -> tuple[Resource, Mapping[str, str]] | None:
        """The resource at this address, with the parts of its path."""
        root = self.service.settings.root_path
        own = path.removeprefix(root) if path.startswith(f"{root}/") else path
        for resource in self.resources:
            if match := resource.path_regex.match(own):
                return resource, match.groupdict()
        return None

    def exists(self, scope: Scope) -> bool:
        """Whether the router knows the address."""
        asked = {**scope, "method": "GET"}
        return any(route.matches(asked)[0] is Match.FULL for route in self.routes.routes)


def told(scope: Scope, error: Exception) -> Whole:
    """The answer that tells a problem; of any other failure the log is told, and the client no more than that."""
    problem = (
        error if isinstance(error, Problem) else Problem(500, "The service failed to answer; the failure was logged.")
    )
    if problem is not error:
        log.error("%s %s failed.", scope["method"], scope["path"], exc_info=error)
    response = problem.response(address(scope))
    return response.status_code, [*response.raw_headers, *OPEN], bytes(response.body)


def candidates(header: bytes) -> list[bytes]:
    """The tags of an If-None-Match header; weak comparison is enough for reading."""
    return [tag.strip().removeprefix(b"W/") for tag in header.split(b",")] if header else []


@lru_cache(maxsize=64)
def acceptable(accept: bytes) -> bool:
    """Whether JSON is among what the client takes: the most exact of its ranges decides."""
    taken = {}
    for given in accept.lower().split(b","):
        media, *parameters = (part.strip() for part in given.split(b";"))
        taken[media] = not any(re.fullmatch(rb"q=0(\.0*)?", parameter) for parameter in parameters)
    ranges = (b"application/json", b"application/*", b"*/*")
    return next((taken[media] for media in ranges if media in taken), not accept.strip())


@lru_cache(maxsize=64)
def packable(accept_encoding: bytes) -> bool:
    """Whether the client takes answers that are compressed."""
    given = (part.strip().lower().split(b";") for part in accept_encoding.split(b","))
    return b"gzip" in {
        name.strip() for name, *rest in given if not any(re.fullmatch(rb"\s*q=0(\.0*)?\s*", it) for it in rest)
    }


async def deliver(send: Send, status: int, headers: Headers, body: bytes = b"") -> None:
    """Send a whole answer."""
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
