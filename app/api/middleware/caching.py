"""ASGI middleware that answers conditional requests, and caches the responses of the revision that is served."""

import re
from email.utils import format_datetime
from functools import partial
from hashlib import blake2b
from importlib.metadata import version
from typing import NamedTuple

from fastapi.routing import iter_route_contexts
from starlette.routing import Router
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.api.deps import Corpus
from app.api.errors import Problem, respond
from app.api.exports.pacing import REQUESTS
from app.api.exports.suffixes import describe_exports
from app.api.middleware.canonical_queries import CanonicalQuery, QueryCanonicalizer
from app.api.middleware.http import CORS_HEADERS, Headers, send_response
from app.api.middleware.negotiation import is_unmodified, negotiate
from app.api.middleware.response_cache import (
    MIN_COMPRESSED,
    SLOW_TO_COMPRESS,
    CachedResponse,
    CacheKey,
    PageFormat,
    ResponseCache,
    compress_response,
)
from app.api.routing import CachedRoute, HtmlMount, PageRoute
from app.serving.service import CorpusService
from app.system.threads import run_in_low_priority_thread

VERSION = version("annotated-articles").encode()

REVALIDATE = (b"cache-control", b"no-cache")

NOT_ACCEPTABLE = "Responses are application/json, which the Accept header excludes."


class BufferedResponse(NamedTuple):
    """A complete response of the application."""

    status: int
    headers: Headers
    body: bytes


class RevisionCache:
    """The cached responses of one revision, and the headers of all of them."""

    def __init__(self, corpus: Corpus, capacity: int) -> None:
        self.corpus = corpus
        self.snapshot = snapshot = corpus.snapshot
        self.responses = ResponseCache(capacity)
        self.hash = blake2b(b"%b %b" % (snapshot.state.id.encode(), VERSION), digest_size=12)
        self.modified_at = snapshot.directory.revision["at"].replace(microsecond=0)
        last_modified = format_datetime(self.modified_at, usegmt=True).encode()
        self.validators = [REVALIDATE, (b"vary", b"Accept-Encoding"), (b"last-modified", last_modified)]
        self.headers = [*CORS_HEADERS, *self.validators]

    def etag(self, key: CacheKey) -> bytes:
        """Return the ETag of a response, which depends on the request, the revision and the version alone."""
        request_hash = self.hash.copy()
        path, page = key.path.encode("utf-8", "replace"), key.page.encode()
        request_hash.update(b"%b\n%b\n%d%b" % (path, key.query, key.gzip, page))
        return b'"%b"' % request_hash.hexdigest().encode()

    def not_modified_headers(self, etag: bytes, page: PageFormat) -> Headers:
        """Return the headers of a 304."""
        headers = [*self.headers, (b"etag", etag)]
        return [*headers, (b"vary", b"Accept")] if page else headers


class CachingMiddleware:
    """Answers requests to a `CachedRoute` with 304 or a cached response, without the application, where possible."""

    def __init__(self, app: ASGIApp, service: CorpusService, router: Router) -> None:
        self.app = app
        self.service = service
        self.revision: RevisionCache | None = None
        self.root_path = service.settings.root_path
        self.canonical_query = QueryCanonicalizer(router, self.root_path).canonical
        root, segments = re.escape(self.root_path), "|".join(map(re.escape, cached_segments(router)))
        self.pages = {f"{prefix}{path}" for prefix in ("", self.root_path) for path in page_paths(router)}
        pages = "|".join(map(re.escape, self.pages))
        html = r"|.*\.html$" if any(isinstance(route, HtmlMount) for route in router.routes) else ""
        # Any other dot begins the suffix of an export, which is streamed; ids have none.
        self.is_cached = re.compile(rf"(?:{root})?/(?:{segments})(?:/[^.]*)?$|(?:{pages})$" + html, re.DOTALL).match

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Respond to one request."""
        if scope["type"] == "http":
            scope["root_path"] = self.root_path or scope.get("root_path", "")
            if scope["method"] in ("GET", "HEAD") and self.is_cached(scope["path"]):
                revision = scope.get("revision") or self.current_revision() or await self.first_revision()
                if revision is not None:
                    REQUESTS.begun += 1
                    try:
                        await self.respond(revision, scope, receive, send)
                    finally:
                        REQUESTS.finished += 1
                    return
        await self.app(scope, receive, send)

    def current_revision(self) -> RevisionCache | None:
        """Return the cache of the revision that is served; None while there is none."""
        snapshot = self.service.snapshot
        if snapshot is not None and (self.revision is None or self.revision.snapshot is not snapshot):
            self.revision = RevisionCache(Corpus(snapshot, self.root_path), self.service.settings.cache * 2**20)
        return self.revision

    async def first_revision(self) -> RevisionCache | None:
        """Return the cache of the first revision, after waiting until the worker has opened it."""
        await self.service.wait_until_opened()
        return self.current_revision()

    async def respond(self, revision: RevisionCache, scope: Scope, receive: Receive, send: Send) -> None:
        """Send 304 if the client has the response, else the cached response or that of the application."""
        formats, conditions = negotiate(scope["headers"])
        path, is_page = scope["path"], scope["path"] in self.pages
        is_html = path.endswith(".html")
        if not (formats.json or is_page or is_html):
            exports = describe_exports(path.removeprefix(self.root_path))
            problem = respond(Problem(406, NOT_ACCEPTABLE + exports), scope)
            await send_response(send, 406, [*problem.raw_headers, *CORS_HEADERS], bytes(problem.body))
            return
        page: PageFormat = "" if not is_page else "html" if formats.html else "json"
        query = CanonicalQuery(scope["query_string"]) if is_html else self.canonical_query(path, scope["query_string"])
        key = CacheKey(path, query.text, formats.gzip, page)
        cached = revision.responses.get(key)
        etag = cached.etag if cached else revision.etag(key)
        if etag in conditions.etags:
            await send_response(send, 304, revision.not_modified_headers(etag, page))
            return
        if cached is None:
            pinned = {"revision": revision, "corpus": revision.corpus, "parsed_query": query.parsed}
            status, headers, body = await self.call_app({**scope, "method": "GET", **pinned}, receive)
            if status != 200:
                headers = [*headers, REVALIDATE] if status == 308 else headers
                await send_response(send, status, headers, b"" if scope["method"] == "HEAD" else body)
                return
            cached = CachedResponse(etag, [*headers, *revision.validators, (b"etag", etag)], body)
            if formats.gzip and len(body) >= SLOW_TO_COMPRESS:
                cached = await run_in_low_priority_thread(partial(compress_response, cached))
            elif formats.gzip and len(body) >= MIN_COMPRESSED:
                cached = compress_response(cached)
            revision.responses.put(key, cached)
        if b"*" in conditions.etags or is_unmodified(revision.modified_at, conditions.modified_since):
            await send_response(send, 304, revision.not_modified_headers(etag, page))
        else:
            await send_response(send, 200, cached.headers, b"" if scope["method"] == "HEAD" else cached.body)

    async def call_app(self, scope: Scope, receive: Receive) -> BufferedResponse:
        """Return the response of the application."""
        messages: list[Message] = []

        async def buffer(message: Message) -> None:
            messages.append(message)

        await self.app(scope, receive, buffer)
        start, *chunks = messages
        return BufferedResponse(start["status"], start["headers"], b"".join(chunk.get("body", b"") for chunk in chunks))


def cached_segments(router: Router) -> list[str]:
    """Return the first segments of the paths whose routes are a `CachedRoute`, but no page."""
    routes = iter_route_contexts(router.routes)
    paths = [route.path or "/" for route in routes if isinstance(route.original_route, CachedRoute)]
    return [*dict.fromkeys(path.split("/")[1] for path in paths if path not in page_paths(router))]


def page_paths(router: Router) -> list[str]:
    """Return the paths whose routes are a `PageRoute`."""
    routes = iter_route_contexts(router.routes)
    return [route.path or "/" for route in routes if isinstance(route.original_route, PageRoute)]
