"""An article on its way from file to `Article`: its keys, where each stands, and what is to be said of them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from app.seeding.article import Finding

JsonPath = tuple[str | int, ...]
"""The way to a value in a document: `("paragraphs", 3, "role")`."""


class Fault(Exception):
    """What is wrong with a file as a whole, and in which line."""

    def __init__(self, message: str, line: int = 1) -> None:
        super().__init__(message)
        self.message = message
        self.line = line


@dataclass
class RawArticle:
    """What a reader makes of one article: a document by the keys that an `ArticleDocument` knows."""

    file: str
    """The absolute path."""
    name: str | None
    """What gives the id where the document has none: the path without suffix; None: the title."""
    keys: dict[str, Any]
    line: int = 1
    lines: Mapping[JsonPath, int] = field(default_factory=dict)
    """Where values stand that don't stand in `line`."""
    findings: list[Finding] = field(default_factory=list)
    faults: int = 0

    def line_of(self, *place: str | int) -> int:
        """Where this value begins, or the nearest one around it whose line is known."""
        for length in range(len(place), 0, -1):
            if line := self.lines.get(place[:length]):
                return line
        return self.line

    def fault(self, message: str, *place: str | int) -> None:
        """Take down what is wrong at this place."""
        self.findings.append(Finding(self.file, self.line_of(*place), message))
        self.faults += 1

    def fault_in_line(self, fault: Fault) -> None:
        """Take down a fault that knows its line."""
        self.findings.append(Finding(self.file, fault.line, fault.message))
        self.faults += 1

    def warn_in_line(self, message: str, line: int) -> None:
        """Take down what is strange in this line."""
        self.findings.append(Finding(self.file, line, message, "warning"))

    def put_paragraphs(self, paragraphs: Iterable[tuple[str, str, int]]) -> None:
        """Give the draft its paragraphs: role, text and line of each."""
        several = list(paragraphs)
        self.keys["paragraphs"] = [{"role": role, "text": text} for role, text, _ in several]
        self.lines = {**self.lines, **{("paragraphs", n): line for n, (_, _, line) in enumerate(several)}}

    def warn(self, message: str, *place: str | int) -> None:
        """Take down what is strange at this place, though it does no harm."""
        self.findings.append(Finding(self.file, self.line_of(*place), message, "warning"))


def format_path(place: JsonPath) -> str:
    """A place as people write it: `mentions[2].start`."""
    return "".join(f"[{step}]" if isinstance(step, int) else f".{shortened(step)}" for step in place).lstrip(".")


def shortened(words: str) -> str:
    """Words as a sentence can quote them."""
    return words if len(words) <= 60 else f"{words[:60]}..."


def is_deeper(value: Any, limit: int) -> bool:
    """Whether lists and mappings are nested deeper than this. It does not recurse, so it may be any depth."""
    level = [value] if isinstance(value, (list, dict)) else []
    for _ in range(limit):
        level = [
            inner
            for outer in level
            for inner in (outer.values() if isinstance(outer, dict) else outer)
            if isinstance(inner, (list, dict))
        ]
        if not level:
            return False
    return True
