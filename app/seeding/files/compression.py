"""Compression: decompress streams by the suffix of their file, within a limit."""

import bz2
import gzip
import io
import lzma
import sys
from collections.abc import Callable
from io import BufferedIOBase
from typing import Any, NamedTuple, cast

from app.seeding.limits import LEAST_UNPACKED, MOST_UNPACKED
from app.seeding.normalize.raw import Fault


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
    ".xz": Compression("xz", cast("Callable[[BufferedIOBase], Any]", lzma.LZMAFile)),
    ".zst": Compression("Zstandard", open_zstandard),
}
"""Kinds of compression, by the suffix that follows another one."""


def split_compression(name: str) -> tuple[str, str]:
    """Return a file name, or a suffix, without the suffix of its compression, and that suffix or an empty string."""
    suffix = name[name.rfind(".") :] if "." in name else ""
    return (name[: -len(suffix)], suffix) if suffix.lower() in COMPRESSIONS else (name, "")


class BoundedReader(io.RawIOBase):
    """Decompressed bytes; raises `Fault` if they are damaged, or once there are too many for the compressed ones."""

    def __init__(self, suffix: str, stream: BufferedIOBase, size: int) -> None:
        """Decompress a stream of `size` bytes, whose file has this suffix."""
        compression = COMPRESSIONS[suffix]
        self.name = compression.name
        self.decompressed = compression.open(stream)
        self.remaining = max(LEAST_UNPACKED, MOST_UNPACKED * size)

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
