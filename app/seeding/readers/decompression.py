"""Decompression: open files of articles, gzip files among them, within a limit of decompressed bytes."""

import gzip
from collections.abc import Iterator
from contextlib import contextmanager
from io import BufferedIOBase

from app.seeding.article import ScannedFile
from app.seeding.files import open_file
from app.seeding.limits import LEAST_UNPACKED, MOST_UNPACKED
from app.seeding.normalize.raw import Fault


@contextmanager
def open_decompressed(file: ScannedFile, limit: int | None) -> Iterator[BufferedIOBase]:
    """Open the bytes of a file of at most `limit` bytes, decompressed by its suffix. Raises `Fault` and OSError."""
    with open_file(file.real, limit) as stream:
        if file.path.lower().endswith(".gz"):
            with BoundedGzip(stream, max(LEAST_UNPACKED, MOST_UNPACKED * file.size)) as decompressed:
                yield decompressed
        else:
            yield stream


class BoundedGzip(gzip.GzipFile):
    """A gzip file that raises `Fault` once it has decompressed more bytes than its limit."""

    def __init__(self, stream: BufferedIOBase, limit: int) -> None:
        super().__init__(fileobj=stream, mode="rb")
        self.limit = limit

    def read(self, size: int | None = -1) -> bytes:
        """Return at most so many decompressed bytes."""
        return self.check_limit(super().read(size))

    def readline(self, size: int | None = -1) -> bytes:
        """Return the rest of a line, or at most so many bytes of it."""
        return self.check_limit(super().readline(size))

    def check_limit(self, data: bytes) -> bytes:
        """Return the data, unless the file has passed its limit."""
        if self.tell() > self.limit:
            raise Fault(f"The gzip file unpacks to more than {MOST_UNPACKED} times its size; expected articles.")
        return data
