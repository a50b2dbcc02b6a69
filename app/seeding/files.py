"""Files on disk: walk folders and open regular files, without following symbolic links out of the folder."""

import os
import stat
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from io import BufferedIOBase, BufferedReader
from pathlib import Path

from app.seeding.article import Finding
from app.seeding.limits import DEEPEST_FOLDER
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

LINK_LEADS_OUT = (
    "This symbolic link leads out of the folder, so what it leads to was not read; with --follow-links it would be."
)


@dataclass(frozen=True, slots=True)
class Node:
    """A file or folder in a tree."""

    path: str
    """The absolute path by which it was reached."""
    real: str
    """The absolute path without symbolic links."""
    depth: int
    is_folder: bool
    is_outside: bool = False
    """Whether it is a symbolic link that leads out of the tree, and links are not followed."""

    @property
    def name(self) -> str:
        """Return the last part of the path."""
        return self.path.rpartition("/")[2]


class Tree:
    """A folder and everything in it; symbolic links that lead out of it are followed only with `follow_links`."""

    def __init__(self, root: str, *, follow_links: bool) -> None:
        self.root = Node(root, root, 0, is_folder=True)
        self.follow_links = follow_links

    def walk(self, seen: set[str]) -> Iterator[Node | Finding]:
        """Yield the root and everything under it, sorted by name, a folder before its contents.

        Folders whose real path is in `seen` are skipped, and entered ones are added to it, so that links that form a
        circle end. Names that begin with a dot are skipped, too. A folder outside is yielded, but not entered.
        A folder that can't be read is followed by a finding.
        """
        waiting = [self.root]
        while waiting:
            node = waiting.pop()
            if not node.is_folder or node.is_outside:
                yield node
                continue
            if node.real in seen:
                continue
            seen.add(node.real)
            yield node
            if node.depth > DEEPEST_FOLDER:
                message = f"This folder stands more than {DEEPEST_FOLDER} folders deep; what is in it was not read."
                yield Finding(printable_path(node.path), 1, message)
                continue
            try:
                waiting += reversed(self.children(node))
            except OSError as error:
                yield Finding(printable_path(node.path), 1, f"The folder can't be read: {error.strerror}.")

    def children(self, folder: Node) -> list[Node]:
        """Return the files and folders in a folder, sorted by name."""
        with os.scandir(folder.real) as entries:
            visible = sorted((entry for entry in entries if entry.name[0] != "."), key=lambda entry: entry.name)
            return [self.child(folder, entry.name, entry) for entry in visible]

    def child(self, folder: Node, name: str, entry: os.DirEntry[str] | None = None) -> Node:
        """Return the file or folder of this name in a folder, whether or not it exists."""
        path, real = (f"{parent.rstrip('/')}/{name}" for parent in (folder.path, folder.real))
        if not (entry.is_symlink() if entry else Path(real).is_symlink()):
            is_folder = entry.is_dir(follow_symlinks=False) if entry else Path(real).is_dir()
            return Node(path, real, folder.depth + 1, is_folder)
        real = os.path.realpath(real)
        top = self.root.real.rstrip("/")
        is_outside = not self.follow_links and real != top and not real.startswith(f"{top}/")
        return Node(path, real, folder.depth + 1, Path(real).is_dir(), is_outside)


def open_file(real: str, limit: int | None = None) -> BufferedReader:
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


def printable_path(path: str) -> str:
    """Return a path with bytes that are not UTF-8 escaped."""
    return os.fsencode(path).decode(errors="backslashreplace")
