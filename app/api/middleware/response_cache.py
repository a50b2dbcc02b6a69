"""A cache of responses in memory, bounded in bytes, for as long as their revision is served."""

from collections import OrderedDict
from typing import Final, Literal, NamedTuple

from isal import igzip

from app.api.middleware.http import Headers
from app.system.release import release_gradually

MIN_COMPRESSED: Final = 1_000
"""Responses of fewer bytes are not compressed: they fit into one packet as they are."""

SLOW_TO_COMPRESS: Final = 1_000_000
"""Responses of so many bytes are compressed in a thread: it takes over 1 ms."""

GZIP_LEVEL: Final = 2
"""A page of 63 kB takes 74 us and becomes 14.5 kB; with zlib's level 5 it took 640 us and became 12.6 kB."""

MAX_SHARE: Final = 1 / 16
"""A response may take no larger part of the cache."""

PROBATIONARY_SHARE: Final = 1 / 5
"""Part of the cache for responses that were requested once."""


PageFormat = Literal["", "html", "json"]
"""The format of a page that a client accepts; empty for all other resources, which are JSON."""


class CacheKey(NamedTuple):
    """What a response depends on, within one revision."""

    path: str
    query: bytes
    """The canonical query string."""
    gzip: bool
    """Whether the client accepts gzip."""
    page: PageFormat = ""


class CachedResponse(NamedTuple):
    """A complete response with status 200."""

    etag: bytes
    headers: Headers
    body: bytes


class ResponseCache:
    """A segmented LRU cache of responses, bounded in bytes.

    A new response enters the probationary segment, a fifth of the cache; when it is requested again, it moves to the
    protected segment. So a client that sends ever new requests can evict only what nobody requested twice (Karedla,
    Love and Wherry 1994, "Caching strategies to improve disk system performance").
    """

    def __init__(self, capacity: int) -> None:
        self.capacity = capacity
        self.probationary: OrderedDict[CacheKey, CachedResponse] = OrderedDict()
        self.protected: OrderedDict[CacheKey, CachedResponse] = OrderedDict()
        self.probationary_size = self.protected_size = 0
        release_gradually(self, self.probationary, self.protected)

    def get(self, key: CacheKey) -> CachedResponse | None:
        """Return the response to a request; None if it is not in the cache."""
        if response := self.protected.get(key):
            self.protected.move_to_end(key)
            return response
        if response := self.probationary.pop(key, None):
            self.probationary_size -= size_of(key, response)
            self.protected[key] = response
            self.protected_size += size_of(key, response)
            while self.protected_size > self.capacity * (1 - PROBATIONARY_SHARE):
                self.protected_size -= size_of(*self.protected.popitem(last=False))
        return response

    def put(self, key: CacheKey, response: CachedResponse) -> None:
        """Add a response, unless it is too large."""
        size = size_of(key, response)
        if size > self.capacity * MAX_SHARE or key in self.probationary or key in self.protected:
            return
        self.probationary[key] = response
        self.probationary_size += size
        while self.probationary_size > self.capacity * PROBATIONARY_SHARE:
            self.probationary_size -= size_of(*self.probationary.popitem(last=False))


def size_of(key: CacheKey, response: CachedResponse) -> int:
    """Return about how many bytes a response takes in memory; its headers and objects take about 1,000."""
    return len(key.path) + len(key.query) + len(response.body) + 1_000


def compress_response(response: CachedResponse) -> CachedResponse:
    """Return a response compressed by gzip."""
    body = igzip.compress(response.body, compresslevel=GZIP_LEVEL, mtime=0)
    headers = [(name, value) for name, value in response.headers if name != b"content-length"]
    length = (b"content-length", b"%d" % len(body))
    return CachedResponse(response.etag, [*headers, (b"content-encoding", b"gzip"), length], body)
