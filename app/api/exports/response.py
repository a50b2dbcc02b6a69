"""Export responses: stream pieces that low-priority threads make, for at most four clients at once."""

import asyncio
import logging
from collections.abc import AsyncIterator, Iterator
from concurrent.futures import ThreadPoolExecutor
from email.utils import format_datetime
from hashlib import blake2b
from importlib.metadata import version
from threading import BoundedSemaphore, Lock
from typing import Final
from urllib.parse import quote

from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.types import Receive, Scope, Send

from app.api.errors import Problem, respond
from app.api.exports.export import Export, ExportSource
from app.api.exports.pacing import Pacer
from app.export.formats import FEED_FORMATS
from app.search.names.suggestions import FEW
from app.system.threads import lower_priority

MAX_EXPORTS: Final = 4
"""Exports that a process makes at once: each has a connection to the database and a thread."""

MAX_SECONDS: Final = 1800
"""After which an export is cut: as long as it runs, the database can't shorten its write-ahead log."""

PIECE: Final = 2**18
"""Bytes that are sent together, at least: a client that reads nothing has about two pieces waiting."""

RETRY_AFTER: Final = 10

INLINE: Final = frozenset({"txt", "md", *FEED_FORMATS})
"""Suffixes of files that a browser shows if it can, instead of saving them."""

log = logging.getLogger("articles")

VERSION: Final = version("annotated-articles")
SLOTS: Final = BoundedSemaphore(MAX_EXPORTS)
EXPORT_POOL: Final = ThreadPoolExecutor(MAX_EXPORTS, "export", lower_priority)
"""Apart from the threads of slow queries, which would wait for a place."""


class PieceReader:
    """Reads an iterator of bytes in threads, one piece after the other, and closes it in a thread, too."""

    def __init__(self, pieces: Iterator[bytes], pacer: Pacer) -> None:
        self.pieces = pieces
        self.pacer = pacer
        self.lock = Lock()

    def read(self) -> bytes:
        """Return the next bytes, at least `PIECE` of them; fewer at the end, and none after it."""
        parts: list[bytes] = []
        size = 0
        with self.lock:
            self.pacer.begin_slice()
            while size < PIECE and (part := next(self.pieces, None)) is not None:
                parts.append(part)
                size += len(part)
        return b"".join(parts)

    def close(self) -> None:
        """Let go of what the iterator holds; then another export may begin."""
        try:
            with self.lock:
                if close := getattr(self.pieces, "close", None):
                    close()
        finally:
            SLOTS.release()


class ExportResponse(StreamingResponse):
    """A file that is made while it is sent. HEAD and a matching `If-None-Match` make nothing of it.

    What fails before the first piece is answered with a problem; what fails later cuts the connection, so that no
    client takes a part for the whole.
    """

    def __init__(self, pieces: Iterator[bytes], pacer: Pacer, media_type: str, headers: dict[str, str]) -> None:
        super().__init__(empty_stream(), headers=headers, media_type=media_type)
        self.reader = PieceReader(pieces, pacer)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send the file, or what stands for it."""
        known = [tag.strip().removeprefix("W/") for tag in Headers(scope=scope).get("if-none-match", "").split(",")]
        if self.headers["etag"] in known or known == ["*"]:
            kept = {name: value for name, value in self.headers.items() if name in ("etag", "last-modified")}
            await Response(status_code=304, headers=kept)(scope, receive, send)
        elif scope.get("head"):
            await super().stream_response(send)
        elif SLOTS.acquire(blocking=False):
            await self.stream(scope, receive, send)
        else:
            message = f"{MAX_EXPORTS} exports are being made; ask again in {RETRY_AFTER} seconds."
            busy = respond(Problem(503, message, code="too-many-exports"), scope)
            busy.headers["Retry-After"] = str(RETRY_AFTER)
            await busy(scope, receive, send)

    async def stream(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send the file piece by piece, and let go of it in the end, whatever the client does."""
        try:
            async with asyncio.timeout(MAX_SECONDS):
                await super().__call__(scope, receive, send)
        finally:
            self.reader.pacer.stop()
            # It is closed also if this is cancelled meanwhile.
            closed = EXPORT_POOL.submit(self.reader.close)
            await asyncio.shield(asyncio.wrap_future(closed))

    async def stream_response(self, send: Send) -> None:
        """Send the head with the first piece, so that a problem is answered until then.

        Starlette calls this while it listens for a client that leaves, and cancels it then: the first piece may be the
        only one, as where nothing matches, or rows compress well.
        """
        self.body_iterator = self.read_pieces(await self.read())
        await super().stream_response(send)

    async def read(self) -> bytes:
        """Return the next piece, which a thread makes."""
        return await asyncio.get_running_loop().run_in_executor(EXPORT_POOL, self.reader.read)

    async def read_pieces(self, piece: bytes) -> AsyncIterator[bytes]:
        """Yield this piece and all that follow."""
        while piece:
            yield piece
            piece = await self.read()


async def empty_stream() -> AsyncIterator[bytes]:
    """Yield nothing."""
    nothing: tuple[bytes, ...] = ()
    for piece in nothing:
        yield piece


def stream_export(request: Request, export: Export, source: ExportSource) -> Response:
    """Return the response that streams an export, with what the file has no room for in headers."""
    headers = export_headers(request, export, source)
    if export.total is not None:
        headers["X-Total-Count"] = str(export.total)
    if export.warnings:
        sentences = " ".join(warning["message"] for warning in export.warnings[:FEW])
        # The values are a client's: line breaks and letters that a header can't hold are escaped.
        headers["X-Warnings"] = sentences.encode("unicode_escape").decode()
    return ExportResponse(export.pieces, source.pacer, export.media_type, headers)


def export_headers(request: Request, export: Export, source: ExportSource) -> dict[str, str]:
    """Return the headers of an export: the names of its revision and of its file."""
    snapshot, scope = source.corpus.snapshot, request.scope
    url = f"{source.origin}{scope['path']}?{scope['query_string'].decode('latin-1')}"
    tag = blake2b(f"{snapshot.state.id} {VERSION} {url}".encode("utf-8", "replace"), digest_size=12).hexdigest()
    # Ids may have letters of any script, which RFC 8187 writes in percent-encoding.
    file_name = quote(f"{export.name}-r{snapshot.state.revision}.{export.suffix}")
    parameter = "filename*=UTF-8''" if "%" in file_name else "filename="
    disposition = "inline" if export.suffix in INLINE else "attachment"
    return {
        "ETag": f'"{tag}"',
        "Last-Modified": format_datetime(snapshot.directory.revision["at"], usegmt=True),
        "Cache-Control": "no-cache",
        "Content-Disposition": f"{disposition}; {parameter}{file_name}",
    }
