"""Regular files: open them by their real path, and nothing that a link or a device put in its place."""

import os
import stat
from contextlib import suppress
from io import BufferedIOBase, BufferedReader

from app.seeding.normalize.raw import Fault

FILE_KINDS = {
    stat.S_IFDIR: "a folder",
    stat.S_IFIFO: "a named pipe",
    stat.S_IFSOCK: "a socket",
    stat.S_IFCHR: "a device",
    stat.S_IFBLK: "a device",
    stat.S_IFLNK: "a symbolic link",
}
FOLDER_FLAGS: int = getattr(os, "O_PATH", os.O_RDONLY)
"""Linux can pass through a folder without permission to read it."""

BLOCK_BYTES = 1 << 18
"""How many bytes are read at a time."""


def open_regular_file(real: str, limit: int | None = None) -> BufferedReader:
    """Open a regular file of at most `limit` bytes by its real path, no part of which may be a symbolic link by now.

    Raises `Fault` for anything that is not such a file, and OSError where it can't be read.
    """
    descriptor = open_beneath_folders(real)
    try:
        status = os.fstat(descriptor)
        require_regular(status)
        if limit is not None and status.st_size > limit:
            raise Fault(too_long_message(limit))
        refuse_hole(descriptor, status.st_size)
        return os.fdopen(descriptor, "rb")
    except BaseException:
        os.close(descriptor)
        raise


def read_at_most(stream: BufferedIOBase, size: int) -> bytes:
    """Return the bytes of a stream, at most so many: `read(size)` would allocate all of them for a short file."""
    blocks = []
    while size > 0 and (block := stream.read(min(size, BLOCK_BYTES))):
        blocks.append(block)
        size -= len(block)
    return b"".join(blocks)


def open_beneath_folders(real: str) -> int:
    """Open a file folder by folder, which refuses a link put in the way after the scan; return the descriptor."""
    *folders, name = real.lstrip("/").split("/")
    folder = os.open("/", FOLDER_FLAGS | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        for inner in folders:
            entered = os.open(inner, FOLDER_FLAGS | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC, dir_fd=folder)
            os.close(folder)
            folder = entered
        # Opening some devices has an effect, and opening a socket fails.
        require_regular(os.stat(name, dir_fd=folder, follow_symlinks=False))
        return os.open(name, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC, dir_fd=folder)
    finally:
        os.close(folder)


def require_regular(status: os.stat_result) -> None:
    """Raise `Fault` for anything but a regular file."""
    kind = stat.S_IFMT(status.st_mode)
    if kind != stat.S_IFREG:
        raise Fault(f"This is {FILE_KINDS.get(kind, 'something else')}; expected a regular file.")


def refuse_hole(descriptor: int, size: int) -> None:
    """Raise `Fault` for a sparse file: gigabytes that were never written take no space on a disk, but in memory."""
    with suppress(OSError):  # Not every file system supports SEEK_HOLE.
        hole = os.lseek(descriptor, 0, os.SEEK_HOLE)
        os.lseek(descriptor, 0, os.SEEK_SET)
        if hole < size:
            raise Fault(f"From byte {hole} on nothing was ever written into this file; expected a whole one.")


def too_long_message(limit: int) -> str:
    """Return the message about a file that has more than `limit` bytes."""
    return f"The file is longer than {limit // 1_000_000} MB; expected less (only JSON Lines may be of any size)."
