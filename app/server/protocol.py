"""The HTTP/1.1 protocol of the server: where a request begins and ends, what it may take, and answers in one piece.

No address takes a body, so a connection carries heads alone, one behind the other: each ends at its first blank line,
is handed to the parser whole, and the next one waits until it is answered. Nothing is parsed behind a request that
announces a body.
"""

import asyncio
import re
from typing import Any
from urllib.parse import quote

import httptools
from starlette.types import Receive, Scope, Send
from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol

from app.api.errors import Problem
from app.api.middleware.http import CORS_HEADERS

LONGEST = 65_535
"""How many bytes the parser takes in an address."""

TOO_LONG = f"The address is too long: it may have {LONGEST:,} bytes."

MAX_HEADERS = 100
MAX_HEADER_BYTES = 65_536
"""How many headers a request may have, and how many bytes all of them together."""

MAX_REQUEST_LINE = LONGEST + 64
"""An address, and a method and a version around it."""

END = b"\r\n\r\n"
ASCII = bytes(range(128)).decode()
METHOD = re.compile(rb"[A-Z][A-Z-]{0,19}(?: |$)")
ORIGIN = re.compile(rb"https?://[^/?#]*", re.IGNORECASE)
HOST = re.compile(rb"(?:\[[0-9A-Za-z:.%_~-]+\]|[0-9A-Za-z._~!$&'()*+,;=%-]*)(?::[0-9]{0,5})?")
"""`host[:port]` of RFC 3986; the host may be empty."""

ANSWERED = tuple(b"HTTP/1.1 %d" % first for first in range(2, 6))
"""How the head of an answer begins; what says that a client may go on sending begins with a one."""


class CoalescingTransport(asyncio.Transport):
    """A connection on which the head of an answer waits for what follows: one call of the system sends both."""

    def __init__(self, transport: asyncio.Transport) -> None:
        self.transport = transport
        self.head = b""
        self.closed = False
        self.lingers = False
        """Whether the client may still be sending: it must be able to, or it would not come to read the answer."""

    def is_closing(self) -> bool:
        """Return whether nothing more can be sent."""
        return self.closed or self.transport.is_closing()

    def write(self, data: bytes | bytearray | memoryview) -> None:
        """Send, or keep a head until the next call of this or of `flush`; to a client that has left, send nothing."""
        if self.head:
            if not self.transport.is_closing():
                self.transport.writelines((self.head, data))
            self.head = b""
        elif isinstance(data, bytes) and data.startswith(ANSWERED):
            self.head = data
        elif not self.transport.is_closing():
            self.transport.write(data)

    def flush(self) -> None:
        """Send what is kept, as there is nothing to follow."""
        if self.head:
            self.write(b"")

    def close(self) -> None:
        """Send what is kept, and hang up: only our own side, where the client may still be sending."""
        self.flush()
        if self.lingers and not self.is_closing() and self.transport.can_write_eof():
            self.transport.write_eof()
        else:
            self.transport.close()
        self.closed = True


class ArticlesProtocol(HttpToolsProtocol):
    """HTTP/1.1 with letters of every script in addresses, and problems for what can't be read."""

    head_timeout: float = 10
    """Seconds from the opening of a connection, or from the first byte of a later request, to the end of its head."""

    send_timeout: float = 60
    """Seconds in which a client must take some of the answer that waits for it."""

    linger_timeout: float = 5
    """Seconds for a client that is still sending to read its answer, before the connection is cut."""

    max_discarded = 2**20
    """Bytes that are read and thrown away where a body follows; what goes beyond stays with the client."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.application, self.app = self.app, self.run
        self.ws_protocol_class = None
        self.url = b""
        self.received = bytearray()
        """What has arrived and is not parsed: the beginning of a head, or requests behind the one being answered."""
        self.ready = True
        """Whether the next bytes belong to a request that can be parsed."""
        self.arriving = True
        """Whether the time for a head to arrive has begun."""
        self.discarded: int | None = None
        """How many bytes were thrown away, once there is nothing more to parse."""
        self.paused = False
        self.ending = False
        self.hosts = 0
        self.known_host = b""
        self.stalled: tuple[object, int] | None = None
        """How many bytes a client had not taken of which answer, when that was last looked at."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Answers are joined: sending the head by itself would take a fifth of the time of a held one."""
        super().connection_made(transport)
        self.transport = self.joined = CoalescingTransport(transport)
        self.deadline = self.loop.time() + self.head_timeout
        self.timer = self.loop.call_at(self.deadline, self.check_deadline)
        self.timer_due = self.deadline

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget the connection."""
        self.timer.cancel()
        self.received.clear()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Parse what is one whole request at once, as nearly everything is."""
        if (
            self.ready
            and not self.received
            and data.find(END) == len(data) - len(END) >= 0
            and len(data) <= MAX_HEADER_BYTES
            and data.isascii()
        ):
            self.parse(data)
        elif self.discarded is not None:
            self.discard(len(data))
        else:
            self.received += data
            self.proceed()

    def proceed(self) -> None:
        """Parse the next request of what has arrived, unless one is being answered or it has not arrived wholly."""
        if self.ready:
            self.take_head()
        if self.discarded is None:
            self.pause_reading(not self.ready and len(self.received) > MAX_HEADER_BYTES)

    def take_head(self) -> None:
        """Parse the next head, with the letters of its address encoded that a client left as they were typed.

        What is too long is refused before the rest of it arrives.
        """
        received = self.received
        if received.startswith((b"\r", b"\n")):
            del received[: len(received) - len(received.lstrip(b"\r\n"))]
        end, line = received.find(END), received.find(b"\r\n")
        size = len(received) if end < 0 else end
        if (size if line < 0 else line) > MAX_REQUEST_LINE:
            self.refuse(Problem(414, TOO_LONG))
        elif line >= 0 and size - line > MAX_HEADER_BYTES:
            self.refuse(Problem(431, f"The headers are too long: all together may have {MAX_HEADER_BYTES:,} bytes."))
        elif end >= 0:
            head = bytes(received[: end + len(END)])
            del received[: len(head)]
            if not head.isascii():
                head = quote(head[:line], safe=ASCII).encode() + head[line:]
            self.parse(head)
        elif received and not METHOD.match(received):
            self.refuse(Problem(400, "This is not an HTTP request: it does not begin with a method."))
        elif received and not self.arriving:
            self.arriving = True
            self.set_deadline(self.head_timeout)

    def parse(self, head: bytes) -> None:
        """Parse one whole head, and begin to answer it."""
        try:
            self.parser.feed_data(head)
        except httptools.HttpParserUpgrade:
            # It is answered as it stands; the parser took a body for what would be spoken after the upgrade.
            has_body = any(name in (b"content-length", b"transfer-encoding") for name, _ in self.headers)
        except httptools.HttpParserError as error:
            self.refuse(self.explain(error))
            return
        else:
            has_body = not self.ready and self.cycle.more_body
        if has_body:
            self.cycle.keep_alive = False
            self.on_message_complete()
            self.discard_rest()

    def on_url(self, url: bytes) -> None:
        """Take an address, of which the path and what follows it matter."""
        self.url = url if url.startswith(b"/") else strip_origin(url)

    def on_header(self, name: bytes, value: bytes) -> None:
        """Take a header. `Expect` is none that matters: no body is asked for."""
        name = name.lower()
        if name == b"host":
            self.hosts += 1
            if value != self.known_host:
                if not HOST.fullmatch(value):
                    raise Problem(400, "The Host header is not a host with, perhaps, a port.")
                self.known_host = value
        self.headers.append((name, value))

    def on_headers_complete(self) -> None:
        """Begin to answer, if the headers are as they must be."""
        if len(self.headers) > MAX_HEADERS:
            raise Problem(431, f"There are {len(self.headers):,} headers: there may be {MAX_HEADERS}.")
        if self.hosts > 1:
            raise Problem(400, "There is more than one Host header.")
        if not self.hosts and self.parser.get_http_version() != "1.0":
            raise Problem(400, "There is no Host header, without which there is no HTTP/1.1 request.")
        self.hosts = 0
        super().on_headers_complete()
        self.ready = False

    async def run(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Run the application; a client whose request outlasts the server is told so."""
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
        """Go on to the next request. An answer to HEAD has nothing but its head."""
        self.joined.flush()
        self.server_state.total_requests += 1
        if self.joined.is_closing():
            self.set_deadline(self.linger_timeout)
            return
        self.ready = True
        self.arriving = False
        self.set_deadline(self.timeout_keep_alive)
        if self.received:
            self.loop.call_soon(self.proceed)

    def shutdown(self) -> None:
        """Close the connection as soon as what is being answered is sent; the server does not outlast it."""
        self.ending = True
        self.joined.lingers = False
        super().shutdown()

    def set_deadline(self, seconds: float) -> None:
        """Check the connection in so many seconds, and not before.

        One timer serves many requests, rather than one that is set and cancelled for each.
        """
        self.deadline = deadline = self.loop.time() + seconds
        if deadline < self.timer_due:
            self.timer.cancel()
            self.set_timer()

    def set_timer(self) -> None:
        """Wake up at the deadline."""
        self.timer = self.loop.call_at(self.deadline, self.check_deadline)
        self.timer_due = self.deadline

    def check_deadline(self) -> None:
        """Close a connection on which nothing has moved for too long."""
        self.timer_due = float("inf")
        unsent = self.joined.transport.get_write_buffer_size()
        if self.deadline > self.loop.time():
            self.set_timer()
        elif unsent:
            cycle, before = self.stalled or (None, 0)
            if cycle is self.cycle and unsent >= before:
                self.abort()
            else:
                self.stalled = (self.cycle, unsent)
                self.set_deadline(self.send_timeout)
        elif self.joined.is_closing():
            self.abort()
        elif not self.ready:
            self.set_deadline(self.head_timeout)
        elif self.received:
            self.refuse(Problem(408, f"The head of the request did not arrive within {self.head_timeout:g} seconds."))
        else:
            self.transport.close()

    def explain(self, error: httptools.HttpParserError) -> Problem:
        """Return what is wrong with a request that the parser or one of its callbacks refused."""
        if isinstance(error.__context__, Problem):
            return error.__context__
        if len(self.url) > LONGEST:
            return Problem(414, TOO_LONG)
        reason = "invalid address" if isinstance(error, httptools.HttpParserCallbackError) else error
        return Problem(400, f"This is not an HTTP request that can be read: {reason}.")

    def refuse(self, problem: Problem) -> None:
        """Answer in place of the application, and hang up."""
        answer = problem.response("")
        headers = [*self.server_state.default_headers, *answer.raw_headers, *CORS_HEADERS, (b"connection", b"close")]
        lines = b"".join(b"%b: %b\r\n" % header for header in headers)
        if self.cycle:
            self.cycle.disconnected = True
        self.discard_rest()
        self.transport.write(b"%b%b\r\n%b" % (STATUS_LINE[problem.status], lines, bytes(answer.body)))
        self.transport.close()
        self.set_deadline(self.linger_timeout)

    def discard_rest(self) -> None:
        """Parse nothing more, and throw away what the client goes on to send."""
        self.ready = False
        self.joined.lingers = not self.ending
        self.discarded = 0
        self.discard(len(self.received))
        self.received.clear()

    def discard(self, size: int) -> None:
        """Throw away so many bytes; leave the rest with the client when it is too much."""
        self.discarded = (self.discarded or 0) + size
        self.pause_reading(self.discarded > self.max_discarded)

    def pause_reading(self, pause: bool) -> None:
        """Take nothing from the client for now, or again."""
        if pause != self.paused and not self.joined.transport.is_closing():
            self.paused = pause
            (self.joined.transport.pause_reading if pause else self.joined.transport.resume_reading)()

    def abort(self) -> None:
        """Cut the connection."""
        if self.cycle:
            self.cycle.disconnected = True
            self.cycle.message_event.set()
        self.joined.transport.abort()


def strip_origin(url: bytes) -> bytes:
    """Return the path and query of an absolute address, as proxies ask for it; others as they are."""
    if match := ORIGIN.match(url):
        rest = url[match.end() :]
        return rest if rest.startswith(b"/") else b"/" + rest
    return url
