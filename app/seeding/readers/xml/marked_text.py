"""Marked text in XML: read paragraphs with their roles, and the names that elements mark in them."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from lxml import etree

from app.models import Role
from app.seeding.normalize.raw import JsonPath, RawArticle
from app.seeding.readers.annotated.labels import choose_type
from app.seeding.readers.xml.parsing import Element, local_name


class Mark(NamedTuple):
    """A name that an element marks: `text[start:end]` of its paragraph."""

    start: int
    end: int
    label: str
    entity: dict[str, Any] | None
    line: int


class MarkedParagraph(NamedTuple):
    """A paragraph and the names in it."""

    role: Role
    text: str
    line: int
    marks: list[Mark]


@dataclass
class Vocabulary:
    """What the elements of a format mean, by local name."""

    roles: Mapping[str, Role]
    """Elements that begin a paragraph, or give those in them a role."""
    find_label: Callable[[Element], str | None]
    """Return the label of an element that marks a name; None for any other."""
    find_entity: Callable[[Element], dict[str, Any] | None]
    """Return who or what an element that marks a name means."""
    skipped: frozenset[str] = frozenset()
    breaks: frozenset[str] = frozenset()
    """Elements without content that stand for white space."""


@dataclass
class OpenMark:
    """An element that marks a name and is not complete yet."""

    element: Element
    start: int


@dataclass
class MarkedTextReader:
    """Collect the paragraphs of an element, in a walk through it."""

    vocabulary: Vocabulary
    line: int = 1
    """The line of the file in which the XML begins."""
    paragraphs: list[MarkedParagraph] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.text = ""
        self.roles: list[Role] = ["body"]
        self.open_marks: list[OpenMark] = []
        self.marks: list[tuple[int, int, Element]] = []
        """Start, end and element of the names in the paragraph that is not complete yet."""

    def read(self, root: Element) -> list[MarkedParagraph]:
        """Return the paragraphs of an element."""
        walk = etree.iterwalk(root, events=("start", "end"))
        is_skipped = False
        for event, element in walk:
            name = local_name(element)
            if event == "start":
                if name in self.vocabulary.skipped and element is not root:
                    walk.skip_subtree()
                    is_skipped = True
                else:
                    self.start(element, name)
            else:
                if not is_skipped:
                    self.end(element, name)
                is_skipped = False
                if element is not root:
                    self.add_text(element.tail)
        self.flush(root)
        return self.paragraphs

    def start(self, element: Element, name: str) -> None:
        """Go into an element."""
        if role := self.vocabulary.roles.get(name):
            self.flush(element)
            self.roles.append(self.roles[-1] if role == "body" else role)
        elif name in self.vocabulary.breaks:
            self.add_text(" ")
        elif self.vocabulary.find_label(element):
            self.open_marks.append(OpenMark(element, len(self.text)))
        self.add_text(element.text)

    def end(self, element: Element, name: str) -> None:
        """Go out of an element."""
        if self.open_marks and self.open_marks[-1].element is element:
            start = self.open_marks.pop().start
            self.marks.append((start, len(self.text.rstrip()), element))
        if name in self.vocabulary.roles:
            self.flush(element)
            self.roles.pop()

    def add_text(self, text: str | None) -> None:
        """Add a text, with single spaces in it and none at the beginning of a paragraph."""
        if not text:
            return
        words = " ".join(text.split())
        if text[0].isspace() and self.text and not self.text.endswith(" "):
            self.text += " "
        self.text += words
        if words and text[-1].isspace():
            self.text += " "

    def flush(self, element: Element) -> None:
        """Complete the paragraph before or in an element."""
        if text := self.text.rstrip():
            marks = [self.to_mark(start, end, marking) for start, end, marking in self.marks]
            line = self.line + (element.sourceline or 1) - 1
            kept = sorted((mark for mark in marks if mark.start < mark.end), key=lambda mark: (mark.start, -mark.end))
            self.paragraphs.append(MarkedParagraph(self.roles[-1], text, line, kept))
        self.text = ""
        self.marks = []
        for mark in self.open_marks:
            mark.start = 0

    def to_mark(self, start: int, end: int, element: Element) -> Mark:
        """Return the mark of an element."""
        while start < end and self.text[start] == " ":
            start += 1
        label = self.vocabulary.find_label(element) or ""
        line = self.line + (element.sourceline or 1) - 1
        return Mark(start, end, label, self.vocabulary.find_entity(element), line)


def set_marked_text(raw: RawArticle, paragraphs: list[MarkedParagraph], types: Mapping[str, str]) -> None:
    """Set the paragraphs of an article and, if any name is marked in them, its mentions."""
    raw.set_paragraphs((paragraph.role, paragraph.text, paragraph.line) for paragraph in paragraphs)
    mentions = [*to_mentions(paragraphs, types)]
    if mentions:
        lines: dict[JsonPath, int] = {
            ("mentions", index): line
            for index, line in enumerate(mark.line for item in paragraphs for mark in item.marks)
        }
        raw.document["mentions"] = mentions
        raw.lines = {**raw.lines, **lines}


def to_mentions(paragraphs: list[MarkedParagraph], types: Mapping[str, str]) -> Iterator[dict[str, Any]]:
    """Yield the mentions of the names in paragraphs."""
    for index, paragraph in enumerate(paragraphs):
        for mark in paragraph.marks:
            type = choose_type(mark.label, types)
            mention = {"paragraph": index, "start": mark.start, "end": mark.end, "type": type}
            if mark.label != type:
                mention["label"] = mark.label
            if mark.entity:
                name = paragraph.text[mark.start : mark.end]
                mention["entity"] = {"name": name, "type": type, **mark.entity}
            yield mention
