"""What an article document is once it is settled, whichever file it came from.

A file holds `ArticleDocument`s, its authors' own words (incoming.py). Settled, each is an `Article`:
paragraphs numbered from 0 (the title), text in NFC, offsets in code points of the stored paragraph.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal, NamedTuple

from app.models import EntityType, Precision, Role


class Finding(NamedTuple):
    """Something to tell the author of a file: a fault (nothing is seeded) or a warning (all is)."""

    file: str
    """The absolute path."""
    line: int
    """Counted from 1; 1 where the whole file is meant."""
    message: str
    """What is wrong and what was expected, in one sentence."""
    severity: Literal["fault", "warning"] = "fault"

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.message}"


@dataclass(frozen=True, slots=True)
class ScannedFile:
    """A file that holds articles, found by a scan."""

    root: str
    """The folder that ids are drawn from: the one that was given; absolute, without symbolic links."""
    path: str
    """Under the root, with `/` between folders."""
    real: str
    """Where its bytes are: its absolute path without symbolic links."""
    size: int
    """In bytes."""
    fingerprint: str
    """Of everything that its articles come from: its bytes and its defaults."""
    defaults: Mapping[str, Any]
    """What the defaults.yaml files above it say: language, source, authors, tags, rights."""

    @property
    def name(self) -> str:
        """The absolute path."""
        return f"{self.root.rstrip('/')}/{self.path}"


@dataclass(frozen=True, slots=True)
class Identity:
    """An entity that a document brings along: known by Wikidata id, or by name and type, else created."""

    name: str
    type: EntityType
    wikidata: str | None = None


class NewMention(NamedTuple):
    """A name in a paragraph: `text[start:end]`, in code points of the stored (NFC) text, end excluded."""

    paragraph: int
    """The paragraph's position; 0 is the title."""
    start: int
    end: int
    entity: str | Identity | None
    """An entity's public id, an identity the document brings along, or None: marked, not identified."""
    type: EntityType
    label: str | None = None
    """The type as the document named it, where that is not one of ours."""
    confidence: float | None = None
    origin: str = "given"
    """`given` by the document, or the name of the annotator."""


class NewParagraph(NamedTuple):
    """A piece of an article, numbered by its place in `Article.paragraphs`."""

    role: Role
    text: str
    """NFC, without surrounding white space, never empty."""
    section: str | None = None
    """The heading it stands under; None before the first one, and for headings themselves."""
    line: int = 1
    """Where in the file it begins."""


@dataclass(frozen=True, slots=True)
class Published:
    """When an article appeared: the first moment (UTC) of what was given, and how exactly it was given."""

    at: datetime
    precision: Precision


@dataclass(frozen=True, slots=True)
class NewArticle:
    """An article as it will be stored, but for what the annotators add."""

    id: str
    title: str
    paragraphs: tuple[NewParagraph, ...]
    language: str
    file: str
    """The absolute path."""
    line: int
    source: str | None = None
    source_url: str | None = None
    authors: tuple[str, ...] = ()
    rights: str | None = None
    published: Published | None = None
    tags: tuple[str, ...] = ()
    """Names or ids of tags, as given."""
    mentions: tuple[NewMention, ...] = ()
    """The given ones."""
    annotate: bool = True
    """Whether annotators shall look at it: true unless the document brought its own mentions."""
    settled: Mapping[str, str | None] = field(default_factory=dict)
    """Names that the author settled by hand: name -> entity id, or None: not a name here."""
    extra: Mapping[str, Any] = field(default_factory=dict)
    """Unknown keys, kept and served as they are."""

    def __reduce__(self) -> tuple[Any, ...]:
        # Between processes plain tuples travel in a tenth of the time that named ones or objects take.
        values = {name: getattr(self, name) for name in self.__slots__}
        values |= {name: [*map(tuple, values[name])] for name in ("paragraphs", "mentions")}
        return unpickle_article, (values,)


def unpickle_article(values: dict[str, Any]) -> NewArticle:
    """An article that came from another process."""
    paragraphs = tuple(map(NewParagraph._make, values["paragraphs"]))
    mentions = tuple(map(NewMention._make, values["mentions"]))
    return NewArticle(**{**values, "paragraphs": paragraphs, "mentions": mentions})
