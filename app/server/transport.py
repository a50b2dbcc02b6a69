"""A transport that coalesces writes: one system call sends the head of a response and what follows."""

import asyncio

FINAL_STATUS = tuple(b"HTTP/1.1 %d" % first_digit for first_digit in range(2, 6))
"""How the head of a response begins. An interim one, such as `100 Continue`, is sent at once."""


class CoalescingTransport(asyncio.Transport):
    """A connection on which the head of a response waits for the next write."""

    def __init__(self, transport: asyncio.Transport) -> None:
        self.transport = transport
        self.head = b""
        self.is_closed = False
        self.is_reading_paused = False
        self.lingers = False
        """Whether `close` closes only the server's side: a client that is cut off while sending reads no response."""

    def is_closing(self) -> bool:
        """Return whether nothing more can be sent."""
        return self.is_closed or self.transport.is_closing()

    def write(self, data: bytes | bytearray | memoryview) -> None:
        """Send data, or keep a head until the next `write` or `flush`; send nothing to a client that has left."""
        if self.head:
            if not self.transport.is_closing():
                self.transport.writelines((self.head, data))
            self.head = b""
        elif isinstance(data, bytes) and data.startswith(FINAL_STATUS):
            self.head = data
        elif not self.transport.is_closing():
            self.transport.write(data)

    def flush(self) -> None:
        """Send a head that nothing follows."""
        if self.head:
            self.write(b"")

    def close(self) -> None:
        """Send a head that is kept, and close the connection, or the server's side of it."""
        self.flush()
        if self.lingers and not self.is_closing() and self.transport.can_write_eof():
            self.transport.write_eof()
        else:
            self.transport.close()
        self.is_closed = True

    def abort(self) -> None:
        """Cut the connection."""
        self.transport.abort()

    def get_write_buffer_size(self) -> int:
        """Return how many bytes the client has not taken yet."""
        return self.transport.get_write_buffer_size()

    def allow_reading(self, allowed: bool) -> None:
        """Pause or resume reading; what is not read stays with the client."""
        if allowed == self.is_reading_paused and not self.transport.is_closing():
            self.is_reading_paused = not allowed
            (self.transport.resume_reading if allowed else self.transport.pause_reading)()
