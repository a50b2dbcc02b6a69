"""Find and open the files of a seeding run: regular files only, none that a link brings in from outside its folder."""

import os
import stat
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from io import BufferedReader
from pathlib import Path

from app.seeding.article import Finding
from app.seeding.limits import DEEPEST_FOLDER
from app.seeding.normalize.raw import Fault

KINDS = {
    stat.S_IFDIR: "a folder",
    stat.S_IFIFO: "a named pipe",
    stat.S_IFSOCK: "a socket",
    stat.S_IFCHR: "a device",
    stat.S_IFBLK: "a device",
    stat.S_IFLNK: "a symbolic link",
}
HANDLE: int = getattr(os, "O_PATH", os.O_RDONLY)
"""Where the system can, folders are passed through without being opened for reading."""

LINK_OUT = (
    "This symbolic link leads out of the folder, so what it leads to was not read; with --follow-links it would be."
)


@dataclass(frozen=True, slots=True)
class Node:
    """A file or folder in a tree."""

    path: str
    """The absolute path by which it was come across."""
    real: str
    """The same without symbolic links."""
    depth: int
    is_folder: bool
    is_outside: bool = False
    """Whether a symbolic link leads out of the tree here."""

    @property
    def name(self) -> str:
        """The last part of its path."""
        return self.path.rpartition("/")[2]


class Tree:
    """A folder and all that stands in it. Symbolic links out of it are not followed unless that is asked for."""

    def __init__(self, root: str, *, follow_links: bool) -> None:
        """Take the root by its real path."""
        self.root = Node(root, root, 0, is_folder=True)
        self.follow_links = follow_links

    def walk(self, seen: set[str]) -> Iterator[Node | Finding]:
        """Yield the root and all under it, by name, a folder before what it holds; and what could not be looked into.

        Folders in `seen`, by their real paths, are left out, and what is entered is added, so that no link leads in a
        circle. What has a name that begins with a dot is left out, too. A folder outside is yielded, but not entered.
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
        """Return what stands in a folder, by name."""
        with os.scandir(folder.real) as entries:
            shown = sorted((entry for entry in entries if entry.name[0] != "."), key=lambda entry: entry.name)
            return [self.child(folder, entry.name, entry) for entry in shown]

    def child(self, folder: Node, name: str, entry: os.DirEntry[str] | None = None) -> Node:
        """Return what has this name in a folder, whether or not there is such a thing."""
        path, real = (f"{parent.rstrip('/')}/{name}" for parent in (folder.path, folder.real))
        if not (entry.is_symlink() if entry else Path(real).is_symlink()):
            is_folder = entry.is_dir(follow_symlinks=False) if entry else Path(real).is_dir()
            return Node(path, real, folder.depth + 1, is_folder)
        real = os.path.realpath(real)
        top = self.root.real.rstrip("/")
        is_outside = not self.follow_links and real != top and not real.startswith(f"{top}/")
        return Node(path, real, folder.depth + 1, Path(real).is_dir(), is_outside)


def open_file(real: str, limit: int | None = None) -> BufferedReader:
    """Open a regular file of at most so many bytes by its real path, in which no part may be a symbolic link by now.

    Raises `Fault` for anything that is not such a file, and OSError where it can't be read.
    """
    descriptor = open_beneath_folders(real)
    try:
        status = os.fstat(descriptor)
        require_regular(status)
        if limit is not None and status.st_size > limit:
            raise Fault(too_long(limit))
        refuse_hole(descriptor, status.st_size)
        return os.fdopen(descriptor, "rb")
    except BaseException:
        os.close(descriptor)
        raise


def open_beneath_folders(real: str) -> int:
    """Go from folder to folder, so that nobody can put a link in the way, and open the file in the last of them."""
    *folders, name = real.lstrip("/").split("/")
    folder = os.open("/", HANDLE | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        for inner in folders:
            entered = os.open(inner, HANDLE | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC, dir_fd=folder)
            os.close(folder)
            folder = entered
        # To open some devices has an effect, and a socket can't be opened.
        require_regular(os.stat(name, dir_fd=folder, follow_symlinks=False))
        return os.open(name, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC, dir_fd=folder)
    finally:
        os.close(folder)


def require_regular(status: os.stat_result) -> None:
    """Raise `Fault` for anything but a regular file."""
    kind = stat.S_IFMT(status.st_mode)
    if kind != stat.S_IFREG:
        raise Fault(f"This is {KINDS.get(kind, 'something else')}; expected a regular file.")


def refuse_hole(descriptor: int, size: int) -> None:
    """Raise `Fault` for a file in which bytes were never written: gigabytes of nothing take no place on a disk."""
    with suppress(OSError):  # Not every file system knows.
        hole = os.lseek(descriptor, 0, os.SEEK_HOLE)
        os.lseek(descriptor, 0, os.SEEK_SET)
        if hole < size:
            raise Fault(f"From byte {hole} on nothing was ever written into this file; expected a whole one.")


def too_long(limit: int) -> str:
    """Say of a file that it has more bytes than it may."""
    return f"The file is longer than {limit // 1_000_000} MB; expected less (only JSON Lines may be of any size)."


def printable_path(path: str) -> str:
    """Return a path as it can be printed, whatever bytes it holds."""
    return os.fsencode(path).decode(errors="backslashreplace")
