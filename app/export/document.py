"""Documents: an article as one plain text, with its mentions at offsets of that text."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple

from app.rendering import JsonObject

SEPARATOR: Final = "\n\n"
"""Stands between the paragraphs of a document."""


class Span(NamedTuple):
    """A mention in a document's text: `text[start:end]`."""

    start: int
    end: int
    """Code points, end excluded."""
    mention: JsonObject
    """The mention as paragraphs have it; its own offsets count from the beginning of its paragraph."""

    @property
    def type(self) -> str:
        """The type of what is mentioned."""
        return str(self.mention["type"])

    @property
    def entity(self) -> JsonObject | None:
        """The entity that is mentioned, if it is known."""
        entity: JsonObject | None = self.mention["entity"]
        return entity


class Document(NamedTuple):
    """An article as one text."""

    article: JsonObject
    """The whole article, as the API returns it."""
    text: str
    """Its paragraphs, the title first, separated by blank lines."""
    starts: list[int]
    """Where each paragraph begins, in code points."""
    spans: list[Span]
    """Its mentions, in reading order."""

    @property
    def id(self) -> str:
        """The id of the article."""
        return str(self.article["id"])


@dataclass
class Report:
    """Counts of what an export wrote, and of what its format could not hold."""

    documents: int = 0
    """Articles or paragraphs that were read for it."""
    articles: int = 0
    rows: int = 0
    mentions: int = 0
    omitted: Counter[str] = field(default_factory=Counter)
    """Mentions that were left out, by the reason."""


def entities_url(article: JsonObject) -> str:
    """Return the URL of entities, on which an entity's own follows: it begins as the URL of an article does."""
    return str(article["url"]).rpartition("/articles/")[0] + "/entities/"


def join_paragraphs(article: JsonObject) -> Document:
    """Return an article as one text."""
    texts, starts, spans = [], [], []
    position = 0
    for paragraph in article["paragraphs"]:
        text = paragraph["text"]
        texts.append(text)
        starts.append(position)
        spans += [
            Span(position + mention["start"], position + mention["end"], mention) for mention in paragraph["mentions"]
        ]
        position += len(text) + len(SEPARATOR)
    return Document(article, SEPARATOR.join(texts), starts, spans)


def read_documents(articles: Iterable[JsonObject], report: Report) -> Iterator[Document]:
    """Yield each article as one text, and count it with its mentions."""
    for article in articles:
        document = join_paragraphs(article)
        report.articles += 1
        report.mentions += len(document.spans)
        yield document


def nest_spans(spans: Iterable[Span]) -> tuple[list[Span], list[Span]]:
    """Return the spans that form a tree, in the order in which they open, and those that cross one of them.

    Of two spans that begin together the longer one opens first.
    """
    nested: list[Span] = []
    crossing: list[Span] = []
    ends: list[int] = []
    for span in sorted(spans, key=lambda span: (span.start, -span.end)):
        while ends and ends[-1] <= span.start:
            ends.pop()
        if ends and span.end > ends[-1]:
            crossing.append(span)
            continue
        ends.append(span.end)
        nested.append(span)
    return nested, crossing


def take_outermost(spans: Iterable[Span]) -> tuple[list[Span], list[Span]]:
    """Return the spans that overlap no other one that is returned, in order, and the rest. Outer spans win."""
    outermost: list[Span] = []
    rest: list[Span] = []
    for span in sorted(spans, key=lambda span: (span.start, -span.end)):
        (rest if outermost and span.start < outermost[-1].end else outermost).append(span)
    return outermost, rest


NOT_IN_XML: Final = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""Match a character that XML 1.0 cannot hold, not even escaped."""


def escape_xml(text: Any) -> str:
    """Return a text for the content or an attribute of an XML element; what XML cannot hold becomes U+FFFD.

    Line breaks are written as references, since a parser changes others.
    """
    return replace_invalid_xml(str(text)).translate(XML_REFERENCES)


def replace_invalid_xml(text: str) -> str:
    """Return a text of the same length with U+FFFD for every character that XML cannot hold."""
    return NOT_IN_XML.sub("\ufffd", text)


XML_REFERENCES: Final = str.maketrans(
    {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "\t": "&#9;", "\n": "&#10;", "\r": "&#13;"}
)
