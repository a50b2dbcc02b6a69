"""Archives: read `.zip` and `.tar` files, compressed or not, as the folders that they hold."""

import errno
import lzma
import os
import re
import stat
import tarfile
import tempfile
import zipfile
import zlib
from collections import defaultdict
from collections.abc import Callable, Iterator
from functools import lru_cache, partial
from io import BufferedReader
from pathlib import Path
from typing import IO, Any, NamedTuple

from app.seeding.files.compression import BoundedReader
from app.seeding.files.regular import BLOCK_BYTES, open_regular_file, too_long_message
from app.seeding.files.streams import MemberReader, SeparateFile
from app.seeding.limits import LEAST_UNPACKED, MOST_MEMBERS, MOST_UNPACKED
from app.seeding.normalize.raw import Fault, shorten

ARCHIVE_SUFFIX = re.compile(r"\.(?:zip|tar(?:\.(?:gz|bz2|xz|zst))?|tgz|tbz2|txz|tzst)(?=/|\Z)", re.IGNORECASE)
TAR_COMPRESSIONS = {"gz": ".gz", "z2": ".bz2", "xz": ".xz", "st": ".zst"}
"""How the suffixes of compressed tar files end, and the suffixes of their compressions."""

DAMAGES = (zipfile.BadZipFile, tarfile.TarError, zlib.error, lzma.LZMAError, EOFError, RuntimeError, ValueError)
"""What the libraries raise for damaged archives, and for those that were packed in ways they don't know."""

LEADS_OUT = "because their paths lead out of the archive"
IS_NESTED = "because they are archives in an archive"
IS_SPECIAL = "because they are links, devices or sparse files"
IS_ENCRYPTED = "because they are encrypted"
HAS_SUCCESSOR = "because another one follows with the same path"


class Member(NamedTuple):
    """A regular file in an archive, or the reason for which it is not read."""

    path: str
    """As the archive has it."""
    size: int
    open: Callable[[], IO[bytes] | None]
    obstacle: str | None = None


class Archive:
    """The files of an archive by path, and the folders that their paths make."""

    def __init__(self, real: str) -> None:
        """List an archive by its real path. What keeps it from being read becomes its `fault`."""
        self.members: dict[str, Member] = {}
        self.folders: defaultdict[str, set[str]] = defaultdict(set)
        """The names of the files and folders in each folder; the outermost has the path ''."""
        self.unread: defaultdict[str, list[str]] = defaultdict(list)
        """The paths of what is not read, by the reason."""
        self.fault: Fault | None = None
        try:
            with open_regular_file(real) as stream:
                size = os.fstat(stream.fileno()).st_size
                self.list_members(list_zip(stream) if real.lower().endswith(".zip") else list_tar(stream, real), size)
        except Fault as fault:
            self.fault = fault
        except OSError as error:
            self.fault = Fault(f"The archive can't be read: {error.strerror or error}.")
        except DAMAGES as error:
            self.fault = Fault(f"The archive is damaged ({shorten(str(error))}); expected a whole one.")
        if self.fault:
            self.members, self.folders = {}, defaultdict(set)

    def list_members(self, members: Iterator[Member], size: int) -> None:
        """List the members of an archive of `size` bytes. Raises `Fault` if they are too many, or too large."""
        unpacked = 0
        for count, member in enumerate(members, start=1):
            unpacked += member.size
            if unpacked > max(LEAST_UNPACKED, MOST_UNPACKED * size):
                raise Fault(f"The archive unpacks to more than {MOST_UNPACKED} times its size; expected articles.")
            if count > MOST_MEMBERS:
                raise Fault(f"The archive holds more than {MOST_MEMBERS:,} files; expected fewer.")
            parts = [part for part in member.path.split("/") if part not in {"", "."}]
            path = "/".join(parts)
            obstacle = LEADS_OUT if member.path.startswith("/") or ".." in parts else member.obstacle
            if obstacle := obstacle or (IS_NESTED if cut_archive_suffix(path) else None):
                self.unread[obstacle].append(member.path)
            elif parts:
                if path in self.members:
                    self.unread[HAS_SUCCESSOR].append(path)
                self.members[path] = member
                for index, part in enumerate(parts):
                    self.folders["/".join(parts[:index])].add(part)

    def contains(self, path: str) -> bool:
        """Tell whether a file or a folder has this path."""
        return path in self.members or path in self.folders

    def open(self, path: str, limit: int | None) -> "BufferedReader[Any]":
        """Open a file of at most `limit` bytes. Raises `Fault`, and OSError if there is none of this path."""
        member = self.members.get(path)
        if member is None:
            if path in self.folders:
                raise Fault("This is a folder; expected a regular file.")
            raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), path)
        if limit is not None and member.size > limit:
            raise Fault(too_long_message(limit))
        try:
            stream = member.open()
        except DAMAGES as error:
            raise Fault(f"The archive is damaged ({shorten(str(error))}); expected a whole one.") from None
        assert stream
        return BufferedReader(MemberReader(stream, member.size, DAMAGES), BLOCK_BYTES)

    def describe_unread(self) -> Iterator[str]:
        """Yield a sentence about what is not read for each of the reasons."""
        for reason, paths in self.unread.items():
            first = shorten(paths[0].encode(errors="backslashreplace").decode())
            files = f"1 file, '{first}'" if len(paths) == 1 else f"{len(paths):,} files, such as '{first}'"
            yield f"Not read, {reason}: {files}."


def list_zip(stream: "BufferedReader[Any]") -> Iterator[Member]:
    """Yield the files of a zip archive."""
    archive = zipfile.ZipFile(BufferedReader(SeparateFile(stream)))
    for info in archive.infolist():
        if info.is_dir():
            continue
        is_link = stat.S_ISLNK(info.external_attr >> 16)
        obstacle = IS_SPECIAL if is_link else IS_ENCRYPTED if info.flag_bits & 1 else None
        # Windows separates folders by backslashes, and some of its programs write them into archives.
        yield Member(info.filename.replace("\\", "/"), info.file_size, partial(archive.open, info), obstacle)


def list_tar(stream: "BufferedReader[Any]", real: str) -> Iterator[Member]:
    """Yield the files of a tar archive. Raises `Fault` and OSError if it can't be unpacked, or ends too early."""
    compression = TAR_COMPRESSIONS.get(real.lower()[-2:])
    file = unpack(stream, compression) if compression else SeparateFile(stream)
    archive = tarfile.TarFile(fileobj=BufferedReader(file))
    for info in archive:
        if not info.isdir():
            obstacle = None if info.isreg() and not info.issparse() else IS_SPECIAL
            yield Member(info.name, info.size, partial(archive.extractfile, info), obstacle)
    # tarfile takes a header that is no header for the end.
    file.seek(archive.offset)
    if file.read(tarfile.BLOCKSIZE).strip(b"\0"):
        raise Fault("The archive is damaged (a header is no header); expected a whole one.")


def unpack(stream: "BufferedReader[Any]", compression: str) -> SeparateFile:
    """Decompress a stream into a file without a name: what is read of it may stand anywhere."""
    bounded = BoundedReader(compression, stream, os.fstat(stream.fileno()).st_size)
    with tempfile.TemporaryFile() as unpacked:
        while block := bounded.read(BLOCK_BYTES):
            unpacked.write(block)
        unpacked.flush()
        return SeparateFile(unpacked)


def cut_archive_suffix(path: str) -> str | None:
    """Return the path of an archive without its suffix; None for a path that is none of an archive."""
    # A name has a character before its suffix.
    match = ARCHIVE_SUFFIX.search(path, path.rfind("/") + 2)
    return path[: match.start()] if match else None


def is_archive(real: str) -> bool:
    """Tell whether there is an archive at a real path that is read as a folder: no folder of its name is beside it."""
    folder = cut_archive_suffix(real)
    return folder is not None and Path(real).is_file() and not Path(folder).is_dir()


def remove_archive_suffixes(path: str) -> str:
    """Return a path as if the archives in it were folders: `a.zip/b.md` becomes `a/b.md`."""
    return ARCHIVE_SUFFIX.sub("", path)


def find_archive(real: str) -> str | None:
    """Return the archive that a path leads into, if it does."""
    ends = (match.end() for match in ARCHIVE_SUFFIX.finditer(real) if match.end() < len(real))
    return next((real[:end] for end in ends if Path(real[:end]).is_file()), None)


def open_archive(real: str) -> Archive:
    """Return the archive at a real path, which stays open for a while, for it may have many files."""
    status = Path(real).stat()
    return load_archive(real, (status.st_ino, status.st_mtime_ns, status.st_size))


@lru_cache(maxsize=4)
def load_archive(real: str, _version: tuple[int, ...]) -> Archive:
    """List an archive; another version of it is another archive."""
    return Archive(real)
