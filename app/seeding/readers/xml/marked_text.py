"""Marked text in XML: read paragraphs with their roles, and the names and dates that elements mark in them."""

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


class MarkedDate(NamedTuple):
    """A date that an element marks: `text[start:end]` of its paragraph."""

    start: int
    end: int
    value: str
    """As the dates of documents have it."""


class MarkedParagraph(NamedTuple):
    """A paragraph, and the names and dates in it."""

    role: Role
    text: str
    line: int
    marks: list[Mark]
    dates: list[MarkedDate]


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
    find_date: Callable[[Element], str | None] = lambda element: None
    """Return the value of an element that marks a date, which is then no name; None for any other."""


@dataclass
class OpenMark:
    """An element that marks a name or a date, and is not complete yet."""

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
        self.marks: list[Mark] = []
        """The names in the paragraph that is not complete yet."""
        self.dates: list[MarkedDate] = []
        """The dates in it."""

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
        elif self.vocabulary.find_label(element) or self.vocabulary.find_date(element):
            self.open_marks.append(OpenMark(element, len(self.text)))
        self.add_text(element.text)

    def end(self, element: Element, name: str) -> None:
        """Go out of an element."""
        if self.open_marks and self.open_marks[-1].element is element:
            self.add_mark(self.open_marks.pop())
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
            marks = sorted(self.marks, key=lambda mark: (mark.start, -mark.end))
            self.paragraphs.append(MarkedParagraph(self.roles[-1], text, self.line_of(element), marks, self.dates))
        self.text, self.marks, self.dates = "", [], []
        for mark in self.open_marks:
            mark.start = 0

    def add_mark(self, mark: OpenMark) -> None:
        """Add the name or the date of an element that is complete, unless there is no text in it."""
        element, text = mark.element, self.text[mark.start :].strip()
        if not text:
            return
        end = len(self.text.rstrip())
        start = end - len(text)
        if value := self.vocabulary.find_date(element):
            self.dates.append(MarkedDate(start, end, value))
            return
        label, entity = self.vocabulary.find_label(element) or "", self.vocabulary.find_entity(element)
        self.marks.append(Mark(start, end, label, entity, self.line_of(element)))

    def line_of(self, element: Element) -> int:
        """Return the line of the file in which an element begins."""
        line: int = element.sourceline or 1
        return self.line + line - 1


def set_marked_text(raw: RawArticle, paragraphs: list[MarkedParagraph], types: Mapping[str, str]) -> None:
    """Set the paragraphs of an article and, if any name or date is marked in them, its mentions and dates."""
    raw.set_paragraphs((paragraph.role, paragraph.text, paragraph.line) for paragraph in paragraphs)
    # A dateline says when an article was written, and alone it leaves open what dates the text talks about.
    if any(paragraph.dates for paragraph in paragraphs if paragraph.role != "dateline"):
        for document, paragraph in zip(raw.document["paragraphs"], paragraphs, strict=True):
            document["dates"] = [date._asdict() for date in paragraph.dates]
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
