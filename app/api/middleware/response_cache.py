"""Answers held in memory, for as long as their revision is served."""

import gzip
from collections import OrderedDict
from typing import NamedTuple

SMALLEST = 1_000
"""Answers of fewer bytes are not worth packing."""

SLOW_TO_COMPRESS = 200_000
"""Responses of so many bytes are compressed in a thread: it takes over 2 ms, and about 11 for each megabyte."""

LARGEST_SHARE = 16
"""No single answer may take more than one part in so many."""


class CacheKey(NamedTuple):
    """What is asked."""

    path: str
    query: bytes
    packs: bool
    """Whether the answer may be compressed."""


class CachedResponse(NamedTuple):
    """A whole answer with status 200."""

    tag: bytes
    headers: list[tuple[bytes, bytes]]
    body: bytes


class ResponseCache:
    """Answers by request, capped in bytes, in two rooms: what was asked once, and what was asked again.

    Every new answer goes into the first room, which takes a fifth of the space; what is asked again moves to the
    second. So a client that asks ever new questions can push out only what nobody asked twice (Karedla, Love and
    Wherry 1994, "Caching strategies to improve disk system performance": segmented LRU).
    """

    def __init__(self, capacity: int) -> None:
        self.capacity = capacity
        self.once: OrderedDict[CacheKey, CachedResponse] = OrderedDict()
        self.again: OrderedDict[CacheKey, CachedResponse] = OrderedDict()
        self.once_size = self.again_size = 0

    def get(self, key: CacheKey) -> CachedResponse | None:
        """The answer to this request, if it is held."""
        if answer := self.again.get(key):
            self.again.move_to_end(key)
            return answer
        if answer := self.once.pop(key, None):
            self.once_size -= weight(key, answer)
            self.again[key] = answer
            self.again_size += weight(key, answer)
            while self.again_size > self.capacity * 4 // 5:
                self.again_size -= weight(*self.again.popitem(last=False))
        return answer

    def put(self, key: CacheKey, answer: CachedResponse) -> None:
        """Hold an answer, unless it is too large."""
        size = weight(key, answer)
        if size > self.capacity // LARGEST_SHARE or key in self.once or key in self.again:
            return
        self.once[key] = answer
        self.once_size += size
        while self.once_size > self.capacity // 5:
            self.once_size -= weight(*self.once.popitem(last=False))


def weight(key: CacheKey, answer: CachedResponse) -> int:
    """About how many bytes an answer takes, with its headers and what stands around it."""
    return len(key.path) + len(key.query) + len(answer.body) + 1_000


def compress_response(answer: CachedResponse) -> CachedResponse:
    """The same answer, compressed."""
    body = gzip.compress(answer.body, compresslevel=5, mtime=0)
    kept = [(name, value) for name, value in answer.headers if name != b"content-length"]
    return CachedResponse(
        answer.tag, [*kept, (b"content-encoding", b"gzip"), (b"content-length", b"%d" % len(body))], body
    )
