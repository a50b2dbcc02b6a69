"""Opening: open files of articles as bytes, decompressed within a limit, and in UTF-8 if they were in UTF-16."""

import gzip
from collections.abc import Iterator
from contextlib import contextmanager
from io import BufferedIOBase, BufferedReader

from app.seeding.article import ScannedFile
from app.seeding.files import open_file
from app.seeding.limits import LEAST_UNPACKED, MOST_UNPACKED
from app.seeding.normalize.raw import Fault
from app.seeding.readers.encodings import Utf8Recoder, find_byte_order_mark


@contextmanager
def open_decompressed(file: ScannedFile, limit: int | None) -> Iterator[BufferedIOBase]:
    """Open the bytes of a file of at most `limit` bytes, decompressed by its suffix. Raises `Fault` and OSError.

    A file that begins with the byte order mark of UTF-16 or UTF-32 is read as UTF-8.
    """
    with open_file(file.real, limit) as stream:
        if file.path.lower().endswith(".gz"):
            with BoundedGzip(stream, max(LEAST_UNPACKED, MOST_UNPACKED * file.size)) as decompressed:
                with open_as_utf8(decompressed) as recoded:
                    yield recoded
        else:
            with open_as_utf8(stream) as recoded:
                yield recoded


@contextmanager
def open_as_utf8(stream: BufferedReader | gzip.GzipFile) -> Iterator[BufferedIOBase]:
    """Return the stream itself, or its UTF-8 if its byte order mark says that it is in UTF-16 or UTF-32."""
    mark = find_byte_order_mark(stream.peek(4)[:4])
    if mark is None:
        yield stream
        return
    recoder = Utf8Recoder(stream, mark)
    try:
        yield recoder
    finally:
        recoder.detach_stream()


class BoundedGzip(gzip.GzipFile):
    """A gzip file that raises `Fault` once it has decompressed more bytes than its limit."""

    def __init__(self, stream: BufferedIOBase, limit: int) -> None:
        super().__init__(fileobj=stream, mode="rb")
        self.limit = limit

    def read(self, size: int | None = -1) -> bytes:
        """Return at most so many decompressed bytes."""
        return self.check_limit(super().read(size))

    def read1(self, size: int = -1) -> bytes:
        """Return at most so many decompressed bytes, by at most one read of the file."""
        return self.check_limit(super().read1(size))

    def readline(self, size: int | None = -1) -> bytes:
        """Return the rest of a line, or at most so many bytes of it."""
        return self.check_limit(super().readline(size))

    def check_limit(self, data: bytes) -> bytes:
        """Return the data, unless the file has passed its limit."""
        if self.tell() > self.limit:
            raise Fault(f"The gzip file unpacks to more than {MOST_UNPACKED} times its size; expected articles.")
        return data
