"""What comes over the wire before it is a request: addresses as people type them, and what can't be read at all."""

from urllib.parse import quote

from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol

from app.problems import Problem

LONGEST = 65_535
"""How many bytes the parser takes in an address."""

ASCII = "".join(map(chr, range(0x21, 0x7F)))


class Wire(HttpToolsProtocol):
    """HTTP/1.1 with letters of every script in addresses, and problems for what can't be read."""

    def on_headers_complete(self) -> None:
        """Encode what the client left as it was typed: `?q=Мінск`."""
        if not self.url.isascii():
            self.url = quote(self.url, safe=ASCII).encode()
        super().on_headers_complete()

    def send_400_response(self, msg: str) -> None:
        """Turn away what the parser could not read, and hang up."""
        problem = Problem(400, f"This is not an HTTP request that can be read: {msg}")
        if (length := len(getattr(self, "url", b""))) > LONGEST:
            problem = Problem(414, f"The address has {length:,} bytes; at most {LONGEST:,} are read.")
        answer = problem.response("")
        status = STATUS_LINE[problem.status]
        headers = [*answer.raw_headers, (b"access-control-allow-origin", b"*"), (b"connection", b"close")]
        lines = b"".join(b"%b: %b\r\n" % header for header in headers)
        self.transport.write(b"%b%b\r\n%b" % (status, lines, bytes(answer.body)))
        self.transport.close()
