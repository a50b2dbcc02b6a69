"""What comes over the wire before it is a request: addresses as people type them, and what can't be read at all."""

import re
from urllib.parse import quote

from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol

from app.problems import Problem

LONGEST = 65_535
"""How many bytes the parser takes in an address."""

REQUEST = re.compile(rb"[A-Z]+ /[^ ]* HTTP/1\.[01]\r\n")
PRINTABLE = "".join(map(chr, range(0x20, 0x7F))) + "\r\n"


class Wire(HttpToolsProtocol):
    """HTTP/1.1 with letters of every script in addresses, and problems for what can't be read."""

    def data_received(self, data: bytes) -> None:
        """Encode what a client left as it was typed: `curl '.../articles?q=Мінск'`."""
        if not data.isascii() and (line := REQUEST.match(data)):
            data = quote(line[0], safe=PRINTABLE).encode() + data[line.end() :]
        super().data_received(data)

    def send_400_response(self, msg: str) -> None:
        """Turn away what the parser could not read, and hang up."""
        problem = Problem(400, f"This is not an HTTP request that can be read: {msg}")
        if (length := len(getattr(self, "url", b""))) > LONGEST:
            problem = Problem(414, f"The address has {length:,} bytes; at most {LONGEST:,} are read.")
        answer = problem.response("")
        headers = [*answer.raw_headers, (b"access-control-allow-origin", b"*"), (b"connection", b"close")]
        lines = b"".join(b"%b: %b\r\n" % header for header in headers)
        self.transport.write(b"%b%b\r\n%b" % (STATUS_LINE[problem.status], lines, bytes(answer.body)))
        self.transport.close()
