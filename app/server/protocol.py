"""The uvicorn protocol: parse requests one after the other, bound what a connection may take, and answer in one piece.

A head is handed to the parser when it has arrived completely, and the next one waits until it is answered. Nothing is
parsed after a request that announces a body.
"""

import asyncio
import re
from typing import Any

import httptools
from starlette.types import Receive, Scope, Send
from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol

from app.api.errors import Problem
from app.api.middleware.http import CORS_HEADERS
from app.server.deadline import Deadline
from app.server.framing import MAX_HEADER_BYTES, MAX_URL_BYTES, URL_TOO_LONG, cut_head, is_single_head, strip_origin
from app.server.transport import CoalescingTransport
from app.settings import Settings

ROOT_PATH = Settings().root_path
"""The prefix of URLs in responses that the application has no part in."""

MAX_HEADERS = 100
"""How many headers a request may have."""

HOST = re.compile(rb"(?:\[[0-9A-Za-z:.%_~-]+\]|[0-9A-Za-z._~!$&'()*+,;=%-]*)(?::[0-9]{0,5})?")
"""`host[:port]` of RFC 3986; the host may be empty."""


class ArticlesProtocol(HttpToolsProtocol):
    """HTTP/1.1 with letters of every script in URLs, and problem details for requests that can't be parsed."""

    head_timeout: float = 10
    """Seconds from the opening of a connection, or from the first byte of a later request, to the end of its head."""

    send_timeout: float = 60
    """Seconds in which a client must take some of the response that waits for it."""

    linger_timeout: float = 5
    """Seconds for a client that is still sending to read its response, before the connection is cut."""

    max_discarded = 2**20
    """Bytes of bodies that are read and discarded; what goes beyond is not read."""

    transport: CoalescingTransport

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.application, self.app = self.app, self.run_application
        self.ws_protocol_class = None
        self.url = b""
        self.received = bytearray()
        """What has arrived and is not parsed: the beginning of a head, or pipelined requests."""
        self.ready = True
        """Whether the next bytes belong to a request that can be parsed."""
        self.is_head_timed = True
        """Whether the time for a head to arrive has begun."""
        self.discarded: int | None = None
        """How many bytes were discarded; None while requests are parsed."""
        self.is_shutting_down = False
        self.hosts = 0
        """The number of Host headers of the request that is parsed."""
        self.valid_host = b""
        """The last Host header, which is not validated again."""
        self.stalled: tuple[object, int] | None = None
        """How many bytes a client had not taken of which response at the last check."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Coalesce writes: a system call for the head alone would take a fifth of the time of a cached response."""
        super().connection_made(transport)
        self.transport = CoalescingTransport(transport)
        self.deadline = Deadline(self.loop, self.head_timeout, self.close_idle)

    def connection_lost(self, exc: Exception | None) -> None:
        """Release the timer, the bytes, and what refers back to the protocol, unless a response is still being made.

        Otherwise it would stay until a garbage collection, which stops the process for 20 to 80 ms after 1,400
        connections.
        """
        super().connection_lost(exc)
        self.deadline.cancel()
        self.received.clear()
        self.app, self.stalled = self.application, None
        if self.cycle and self.cycle.response_complete:
            self.cycle = None  # type: ignore[assignment]

    def data_received(self, data: bytes) -> None:
        """Parse a single request at once, as nearly all are; collect the pieces of others."""
        if self.ready and not self.received and is_single_head(data):
            self.parse(data)
        elif self.discarded is not None:
            self.discard(len(data))
        else:
            self.received += data
            self.parse_received()

    def parse_received(self) -> None:
        """Parse the next request that has arrived completely, unless another is being answered."""
        if self.ready:
            try:
                head = cut_head(self.received)
            except Problem as problem:
                self.refuse(problem)
            else:
                if head:
                    self.parse(head)
                elif self.received and not self.is_head_timed:
                    self.is_head_timed = True
                    self.deadline.set(self.head_timeout)
        if self.discarded is None:
            self.transport.allow_reading(self.ready or len(self.received) <= MAX_HEADER_BYTES)

    def parse(self, head: bytes) -> None:
        """Parse a complete head, and begin to answer it."""
        try:
            self.parser.feed_data(head)
        except httptools.HttpParserUpgrade:
            # The request is answered without an upgrade; the parser ignored the body that its headers announce.
            has_body = any(name in (b"content-length", b"transfer-encoding") for name, _ in self.headers)
        except httptools.HttpParserError as error:
            self.refuse(self.explain_error(error))
            return
        else:
            has_body = not self.ready and self.cycle.more_body
        if has_body:
            self.cycle.keep_alive = False
            self.on_message_complete()
            self.discard_rest()

    def on_url(self, url: bytes) -> None:
        """Keep the URL without its origin."""
        self.url = url if url.startswith(b"/") else strip_origin(url)

    def on_header(self, name: bytes, value: bytes) -> None:
        """Keep a header, and validate Host. `Expect: 100-continue` is ignored, as no body is read."""
        name = name.lower()
        if name == b"host":
            self.hosts += 1
            if value != self.valid_host:
                if not HOST.fullmatch(value):
                    raise Problem(400, "The Host header is not a host with, perhaps, a port.")
                self.valid_host = value
        self.headers.append((name, value))

    def on_headers_complete(self) -> None:
        """Begin to answer, unless there are too many headers, or not exactly one Host."""
        if len(self.headers) > MAX_HEADERS:
            raise Problem(431, f"There are {len(self.headers):,} headers: there may be {MAX_HEADERS}.")
        if self.hosts > 1:
            raise Problem(400, "There is more than one Host header.")
        if not self.hosts and self.parser.get_http_version() != "1.0":
            raise Problem(400, "There is no Host header, without which there is no HTTP/1.1 request.")
        self.hosts = 0
        super().on_headers_complete()
        self.ready = False

    async def run_application(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Run the application; answer 503 if the server shuts down before the response begins."""
        try:
            await self.application(scope, receive, send)
        except asyncio.CancelledError:
            cycle = self.cycle
            if cycle.scope is scope and not cycle.response_complete:
                if cycle.response_started:
                    self.abort()
                else:
                    self.refuse(Problem(503, "The service is shutting down; ask again."))

    def on_response_complete(self) -> None:
        """Send what is kept, as a response to HEAD is a head alone, and go on to the next request."""
        self.transport.flush()
        self.server_state.total_requests += 1
        if self.transport.is_closing():
            self.deadline.set(self.linger_timeout)
            return
        self.ready = True
        self.is_head_timed = False
        self.deadline.set(self.timeout_keep_alive)
        if self.received:
            self.loop.call_soon(self.parse_received)

    def shutdown(self) -> None:
        """Close the connection as soon as the current response is sent, without lingering."""
        self.is_shutting_down = True
        self.transport.lingers = False
        super().shutdown()

    def close_idle(self) -> None:
        """Close a connection on which nothing has moved until the deadline."""
        unsent = self.transport.get_write_buffer_size()
        if unsent:
            cycle, unsent_before = self.stalled or (None, 0)
            if cycle is self.cycle and unsent >= unsent_before:
                self.abort()
            else:
                self.stalled = (self.cycle, unsent)
                self.deadline.set(self.send_timeout)
        elif self.transport.is_closing():
            self.abort()
        elif not self.ready:
            self.deadline.set(self.head_timeout)
        elif self.received:
            self.refuse(Problem(408, f"The head of the request did not arrive within {self.head_timeout:g} seconds."))
        else:
            self.transport.close()

    def explain_error(self, error: httptools.HttpParserError) -> Problem:
        """Return the problem of a request that the parser or one of its callbacks refused."""
        if isinstance(error.__context__, Problem):
            return error.__context__
        if len(self.url) > MAX_URL_BYTES:
            return Problem(414, URL_TOO_LONG)
        reason = "invalid URL" if isinstance(error, httptools.HttpParserCallbackError) else error
        return Problem(400, f"This is not a valid HTTP request: {reason}.")

    def refuse(self, problem: Problem) -> None:
        """Answer in place of the application, and close the connection."""
        response = problem.response("", ROOT_PATH)
        headers = [*self.server_state.default_headers, *response.raw_headers, *CORS_HEADERS, (b"connection", b"close")]
        lines = b"".join(b"%b: %b\r\n" % header for header in headers)
        if self.cycle:
            self.cycle.disconnected = True
        self.discard_rest()
        self.transport.write(b"%b%b\r\n%b" % (STATUS_LINE[problem.status], lines, bytes(response.body)))
        self.transport.close()
        self.deadline.set(self.linger_timeout)

    def discard_rest(self) -> None:
        """Parse nothing more, and discard what the client goes on to send."""
        self.ready = False
        self.transport.lingers = not self.is_shutting_down
        self.discarded = 0
        self.discard(len(self.received))
        self.received.clear()

    def discard(self, size: int) -> None:
        """Count discarded bytes, and stop reading when there are too many."""
        self.discarded = (self.discarded or 0) + size
        self.transport.allow_reading(self.discarded <= self.max_discarded)

    def abort(self) -> None:
        """Cut the connection."""
        if self.cycle:
            self.cycle.disconnected = True
            self.cycle.message_event.set()
        self.transport.abort()
