"""Unread files: count what a scan left out, so that a warning says so."""

from collections import Counter
from collections.abc import Iterator
from pathlib import PurePosixPath

DRAFTS_FOLDER = "_drafts"
MOST_SUFFIXES = 10
"""Suffixes that a warning counts; the rest are others."""


class UnreadFiles:
    """The files of a folder that hold no articles by their name, and drafts."""

    def __init__(self) -> None:
        self.suffixes: Counter[str] = Counter()
        self.draft_count = 0

    def add(self, name: str) -> None:
        """Count a file."""
        # A name may have bytes that are not UTF-8, which could not be printed.
        self.suffixes[PurePosixPath(name).suffix.lower().encode(errors="replace").decode()] += 1

    def sentences(self) -> Iterator[str]:
        """Yield what to say about them."""
        if self.draft_count:
            yield f"{count_files(self.draft_count)} not read: drafts in `{DRAFTS_FOLDER}`."
        if self.suffixes:
            yield f"{count_files(self.suffixes.total())} not read: {', '.join(self.describe_suffixes())}."

    def describe_suffixes(self) -> list[str]:
        """Return how many files have which suffix, the most frequent first: `3 .png`, `1 without suffix`."""
        counts = self.suffixes.most_common()
        described = [f"{number:,} {suffix or 'without suffix'}" for suffix, number in counts[:MOST_SUFFIXES]]
        others = sum(number for _, number in counts[MOST_SUFFIXES:])
        return [*described, f"{others:,} others"] if others else described


def is_draft(path: str) -> bool:
    """Tell whether a path, relative to its root, leads through a folder of drafts."""
    return DRAFTS_FOLDER in path.split("/")[:-1]


def count_files(number: int) -> str:
    """Return the subject and the verb of a sentence about so many files."""
    return f"{number:,} file was" if number == 1 else f"{number:,} files were"
