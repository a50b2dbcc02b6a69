"""Opening: open files of articles as bytes, decompressed within a limit, and in UTF-8 if they were in UTF-16."""

import bz2
import gzip
import io
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from io import BufferedIOBase, BufferedReader
from typing import Any, NamedTuple

from app.seeding.article import ScannedFile
from app.seeding.files import open_file
from app.seeding.limits import LEAST_UNPACKED, MOST_UNPACKED
from app.seeding.normalize.raw import Fault
from app.seeding.readers.encodings import Utf8Recoder, find_byte_order_mark


class Compression(NamedTuple):
    """A kind of compression."""

    name: str
    open: Callable[[BufferedIOBase], Any]
    """Return a file that decompresses a stream."""


def open_zstandard(stream: BufferedIOBase) -> Any:
    """Return a file that decompresses a stream of Zstandard."""
    # Only here, for it takes 10 ms to load.
    if sys.version_info >= (3, 14):
        from compression import zstd  # noqa: PLC0415
    else:
        from backports import zstd  # noqa: PLC0415
    return zstd.ZstdFile(stream)


COMPRESSIONS = {
    ".gz": Compression("gzip", lambda stream: gzip.GzipFile(fileobj=stream, mode="rb")),
    ".bz2": Compression("bzip2", bz2.BZ2File),
    ".zst": Compression("Zstandard", open_zstandard),
}
"""Kinds of compression, by the suffix that follows another one."""


def split_compression(name: str) -> tuple[str, str]:
    """Return a file name, or a suffix, without the suffix of its compression, and that suffix or an empty string."""
    suffix = name[name.rfind(".") :] if "." in name else ""
    return (name[: -len(suffix)], suffix) if suffix.lower() in COMPRESSIONS else (name, "")


@contextmanager
def open_decompressed(file: ScannedFile, limit: int | None) -> Iterator["BufferedReader[Any]"]:
    """Open the bytes of a file of at most `limit` bytes, decompressed by its suffix. Raises `Fault` and OSError.

    A file that begins with the byte order mark of UTF-16 or UTF-32 is read as UTF-8.
    """
    compression = COMPRESSIONS.get(split_compression(file.path.lower())[1])
    with open_file(file.real, limit) as stream:
        if compression is None:
            with open_as_utf8(stream) as recoded:
                yield recoded
            return
        bounded = BoundedReader(compression, stream, max(LEAST_UNPACKED, MOST_UNPACKED * file.size))
        with BufferedReader(bounded, io.DEFAULT_BUFFER_SIZE * 8) as decompressed, open_as_utf8(decompressed) as recoded:
            yield recoded


@contextmanager
def open_as_utf8(stream: "BufferedReader[Any]") -> Iterator["BufferedReader[Any]"]:
    """Return the stream itself, or its UTF-8 if its byte order mark says that it is in UTF-16 or UTF-32."""
    mark = find_byte_order_mark(stream.peek(4)[:4])
    if mark is None:
        yield stream
        return
    recoder = Utf8Recoder(stream, mark)
    try:
        yield BufferedReader(recoder)
    finally:
        recoder.detach_stream()


class BoundedReader(io.RawIOBase):
    """Decompressed bytes; raises `Fault` if they are damaged, or once there are more than the limit."""

    def __init__(self, compression: Compression, stream: BufferedIOBase, limit: int) -> None:
        self.name = compression.name
        self.decompressed = compression.open(stream)
        self.remaining = limit

    def readable(self) -> bool:
        """Return true."""
        return True

    def readinto(self, buffer: Any) -> int:
        """Fill a buffer with the next bytes, and return how many."""
        try:
            data = self.decompressed.read(len(buffer))
        except MemoryError:
            raise
        except Exception as error:  # noqa: BLE001  (Each of the libraries has errors of its own.)
            raise Fault(f"The {self.name} file is damaged ({error}); expected a whole one.") from None
        self.remaining -= len(data)
        if self.remaining < 0:
            message = f"The {self.name} file unpacks to more than {MOST_UNPACKED} times its size; expected articles."
            raise Fault(message)
        buffer[: len(data)] = data
        return len(data)
