"""Streams: read an open file at a position of its own, and a file in an archive with faults for what is damaged."""

import io
import os
from typing import IO, Any

from app.seeding.normalize.raw import Fault, shorten


class SeparateFile(io.RawIOBase):
    """An open file with a position of its own, since forked processes share that of a descriptor."""

    def __init__(self, file: IO[bytes]) -> None:
        self.descriptor = os.dup(file.fileno())
        self.size = os.fstat(self.descriptor).st_size
        self.position = 0

    def readable(self) -> bool:
        """Return true."""
        return True

    def seekable(self) -> bool:
        """Return true."""
        return True

    def readinto(self, buffer: Any) -> int:
        """Fill a buffer with the next bytes, and return how many."""
        data = os.pread(self.descriptor, len(buffer), self.position)
        buffer[: len(data)] = data
        self.position += len(data)
        return len(data)

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        """Set the position, and return it."""
        self.position = offset + {os.SEEK_SET: 0, os.SEEK_CUR: self.position, os.SEEK_END: self.size}[whence]
        return self.position

    def tell(self) -> int:
        """Return the position."""
        return self.position

    def close(self) -> None:
        """Close the descriptor."""
        if not self.closed:
            os.close(self.descriptor)
        super().close()


class MemberReader(io.RawIOBase):
    """A file in an archive; raises `Fault` if it is damaged."""

    def __init__(self, stream: IO[bytes], size: int, damages: tuple[type[Exception], ...]) -> None:
        self.stream = stream
        self.size = size
        self.damages: tuple[type[Exception], ...] = (OSError, *damages)

    def readable(self) -> bool:
        """Return true."""
        return True

    def seekable(self) -> bool:
        """Return true."""
        return True

    def readinto(self, buffer: Any) -> int:
        """Fill a buffer with the next bytes, and return how many."""
        try:
            data = self.stream.read(len(buffer))
        except self.damages as error:
            # The library of bzip2 raises an OSError without a number.
            if isinstance(error, OSError) and error.errno:
                raise
            raise Fault(f"This file of an archive is damaged ({shorten(str(error))}); expected a whole one.") from None
        buffer[: len(data)] = data
        return len(data)

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        """Set the position, and return it."""
        return self.stream.seek(offset, whence)

    def tell(self) -> int:
        """Return the position."""
        return self.stream.tell()

    def close(self) -> None:
        """Close the file."""
        self.stream.close()
        super().close()
