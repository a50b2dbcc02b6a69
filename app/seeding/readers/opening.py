"""Opening: open files of articles as bytes, decompressed within a limit, and in UTF-8 if they were in UTF-16."""

import io
from collections.abc import Iterator
from contextlib import contextmanager
from io import BufferedReader
from typing import Any

from app.seeding.article import ScannedFile
from app.seeding.files import open_file
from app.seeding.files.compression import BoundedReader, split_compression
from app.seeding.readers.encodings import Utf8Recoder, find_byte_order_mark


@contextmanager
def open_decompressed(file: ScannedFile, limit: int | None) -> Iterator["BufferedReader[Any]"]:
    """Open the bytes of a file of at most `limit` bytes, decompressed by its suffix. Raises `Fault` and OSError.

    A file that begins with the byte order mark of UTF-16 or UTF-32 is read as UTF-8.
    """
    suffix = split_compression(file.path.lower())[1]
    with open_file(file.real, limit) as stream:
        if not suffix:
            with open_as_utf8(stream) as recoded:
                yield recoded
            return
        bounded = BoundedReader(suffix, stream, file.size)
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
