"""Raw articles: what readers hand over for normalization, with the line of each value and the findings so far."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from app.seeding.article import Finding

JsonPath = tuple[str | int, ...]
"""The path to a value in a document: `("paragraphs", 3, "role")`."""


class Fault(Exception):
    """A fault because of which a file, or the rest of it, cannot be read; with its line."""

    def __init__(self, message: str, line: int = 1) -> None:
        super().__init__(message)
        self.message = message
        self.line = line


@dataclass
class RawArticle:
    """One article as a reader returns it: a document that has not been validated yet."""

    file: str
    """Absolute path."""
    name: str | None
    """Path without suffix, from which the id is made if the document has none; None: make it from the title."""
    document: dict[str, Any]
    """Values by the keys of an `ArticleDocument`, and by unknown ones."""
    line: int = 1
    lines: Mapping[JsonPath, int] = field(default_factory=dict)
    """Lines of values that do not stand in `line`."""
    findings: list[Finding] = field(default_factory=list)
    fault_count: int = 0

    def line_of(self, *path: str | int) -> int:
        """Return the line of a value, or of the innermost value around it whose line is known."""
        for length in range(len(path), 0, -1):
            if line := self.lines.get(path[:length]):
                return line
        return self.line

    def add_fault(self, message: str, *path: str | int) -> None:
        """Report what is wrong with the value at this path."""
        self.add_fault_in_line(message, self.line_of(*path))

    def add_fault_in_line(self, message: str, line: int) -> None:
        """Report what is wrong in this line."""
        self.findings.append(Finding(self.file, line, message))
        self.fault_count += 1

    def add_warning(self, message: str, *path: str | int) -> None:
        """Report what is strange, but harmless, about the value at this path."""
        self.add_warning_in_line(message, self.line_of(*path))

    def add_warning_in_line(self, message: str, line: int) -> None:
        """Report what is strange, but harmless, in this line."""
        self.findings.append(Finding(self.file, line, message, "warning"))

    def add_findings(self, faults: Iterable[Fault], warnings: Iterable[Fault]) -> None:
        """Report faults and warnings that have lines already."""
        for fault in faults:
            self.add_fault_in_line(fault.message, fault.line)
        for warning in warnings:
            self.add_warning_in_line(warning.message, warning.line)

    def set_paragraphs(self, paragraphs: Iterable[tuple[str, str, int]]) -> None:
        """Set the document's paragraphs: role, text and line of each."""
        rows = list(paragraphs)
        self.document["paragraphs"] = [{"role": role, "text": text} for role, text, _ in rows]
        self.lines = {**self.lines, **{("paragraphs", index): line for index, (_, _, line) in enumerate(rows)}}


def format_path(path: JsonPath) -> str:
    """Format a path as people write it: `mentions[2].start`."""
    return "".join(f"[{step}]" if isinstance(step, int) else f".{shorten(step)}" for step in path).lstrip(".")


def shorten(text: str) -> str:
    """Shorten a text to 60 characters, so that a message can quote it."""
    return text if len(text) <= 60 else f"{text[:60]}..."


def is_deeper(value: Any, limit: int) -> bool:
    """Tell whether lists and mappings are nested deeper than the limit.

    Does not recurse, so the value may have any depth.
    """
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
