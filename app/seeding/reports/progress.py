"""Progress of a run: how much of the files has been read, in parts of the size of a chunk."""

from collections.abc import Callable, Iterable

from app.seeding.article import ScannedFile
from app.seeding.readers import CHUNK_BYTES, Chunk

Progress = Callable[[int, int], None]
"""Takes the number of parts that are done, and of all."""


class ReadProgress:
    """Reports the parts of files that were read; a small file is one part, a large one has one for each chunk.

    Nobody knows how many chunks a compressed file has before it is read, so its parts are an estimate: no more than
    that are counted, and once the next file begins, no fewer.
    """

    def __init__(self, files: Iterable[ScannedFile], report: Progress) -> None:
        self.parts = {file.name: max(1, Chunk(file).size // CHUNK_BYTES) for file in files}
        self.total = sum(self.parts.values())
        self.report = report
        self.done = 0
        """The parts of the files before the present one."""
        self.file = ""
        """The path of the present file."""
        self.chunks = 0
        """The chunks of it that were read."""

    def add_chunk(self, file: ScannedFile) -> None:
        """Report that a chunk of a file was read; the chunks of a file follow one another."""
        if file.name != self.file:
            self.done += self.parts.get(self.file, 0)
            self.file, self.chunks = file.name, 0
        self.chunks += 1
        self.report(self.done + min(self.chunks, self.parts[file.name]), self.total)

    def finish(self) -> None:
        """Report that all files were read."""
        if self.file and self.done + min(self.chunks, self.parts[self.file]) < self.total:
            self.report(self.total, self.total)
