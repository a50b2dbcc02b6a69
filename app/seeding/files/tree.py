"""Trees: walk folders, and archives as folders, without following symbolic links out of the folder."""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from app.seeding.article import Finding
from app.seeding.files.archives import is_archive, open_archive
from app.seeding.limits import DEEPEST_FOLDER

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
    archive: str | None = None
    """The real path of the archive that it is, or is in."""

    @property
    def name(self) -> str:
        """Return the last part of the path."""
        return self.path.rpartition("/")[2]


class Tree:
    """A folder and everything in it; symbolic links that lead out of it are followed only with `follow_links`."""

    def __init__(self, root: str, *, follow_links: bool) -> None:
        self.root = Node(root, root, 0, is_folder=True, archive=root if is_archive(root) else None)
        self.follow_links = follow_links

    def walk(self, seen: set[str]) -> Iterator[Node | Finding]:
        """Yield the root and everything under it, sorted by name, a folder before its contents.

        Folders whose real path is in `seen` are skipped, and entered ones are added to it, so that links that form a
        circle end. Names that begin with a dot are skipped, too. A folder outside is yielded, but not entered.
        A folder that can't be read, as a whole or in part, is followed by findings.
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
                findings = [*report_archive(node)]
                waiting += reversed(self.children(node))
            except OSError as error:
                findings = [Finding(printable_path(node.path), 1, f"The folder can't be read: {error.strerror}.")]
            yield from findings

    def children(self, folder: Node) -> list[Node]:
        """Return the files and folders in a folder, sorted by name."""
        if folder.archive:
            names = open_archive(folder.archive).folders.get(folder.real[len(folder.archive) + 1 :], ())
            return [self.child(folder, name) for name in sorted(names) if name[0] != "."]
        with os.scandir(folder.real) as entries:
            visible = sorted((entry for entry in entries if entry.name[0] != "."), key=lambda entry: entry.name)
            return [self.child(folder, entry.name, entry) for entry in visible]

    def child(self, folder: Node, name: str, entry: os.DirEntry[str] | None = None) -> Node:
        """Return the file or folder of this name in a folder, whether or not it exists."""
        path, real = (f"{parent.rstrip('/')}/{name}" for parent in (folder.path, folder.real))
        if folder.archive:
            is_folder = real[len(folder.archive) + 1 :] in open_archive(folder.archive).folders
            return Node(path, real, folder.depth + 1, is_folder, archive=folder.archive)
        if not (entry.is_symlink() if entry else Path(real).is_symlink()):
            is_folder = entry.is_dir(follow_symlinks=False) if entry else Path(real).is_dir()
            return create_node(path, real, folder.depth + 1, is_folder=is_folder)
        real = os.path.realpath(real)
        top = self.root.real.rstrip("/")
        is_outside = not self.follow_links and real != top and not real.startswith(f"{top}/")
        return create_node(path, real, folder.depth + 1, is_folder=Path(real).is_dir(), is_outside=is_outside)


def create_node(path: str, real: str, depth: int, *, is_folder: bool, is_outside: bool = False) -> Node:
    """Return the node of a file or folder on disk; an archive is a folder."""
    archive = real if not is_folder and is_archive(real) else None
    return Node(path, real, depth, is_folder or archive is not None, is_outside, archive)


def report_archive(node: Node) -> Iterator[Finding]:
    """Yield the findings about an archive: its fault, or what in it is not read."""
    if node.archive == node.real:
        archive = open_archive(node.archive)
        if archive.fault:
            yield Finding(printable_path(node.path), 1, archive.fault.message)
        for sentence in archive.describe_unread():
            yield Finding(printable_path(node.path), 1, sentence, "warning")


def printable_path(path: str) -> str:
    """Return a path with bytes that are not UTF-8 escaped."""
    return os.fsencode(path).decode(errors="backslashreplace")
