"""Files: open those of folders and of archives by path, and walk through both (tree.py)."""

import os
from io import BufferedReader
from typing import Any

from app.seeding.files.archives import find_archive, open_archive
from app.seeding.files.regular import open_regular_file


def open_file(real: str, limit: int | None = None) -> "BufferedReader[Any]":
    """Open a regular file, or a file in an archive, of at most `limit` bytes.

    `real` is its path, no part of which may be a symbolic link by now: `/articles/a.md`, `/articles/b.zip/a.md`.
    Raises `Fault` for anything that is not such a file, and OSError where it can't be read.
    """
    if archive := find_archive(real):
        return open_archive(archive).open(real[len(archive) + 1 :], limit)
    return open_regular_file(real, limit)


def measure_file(stream: "BufferedReader[Any]") -> int:
    """Return the bytes of a file that `open_file` has just opened."""
    size: int | None = getattr(stream.raw, "size", None)
    return os.fstat(stream.fileno()).st_size if size is None else size


def file_exists(real: str) -> bool:
    """Tell whether there is a file, a folder or a link of this path, also in an archive."""
    if archive := find_archive(real):
        return open_archive(archive).contains(real[len(archive) + 1 :])
    return os.path.lexists(real)
