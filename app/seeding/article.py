"""Parsed articles: what readers make of files, annotators add to, and a seeding run stores.

A file holds `ArticleDocument`s (document.py). Normalized, each is a `NewArticle`: its paragraphs are numbered from 0
(the title), its text is NFC, and offsets are in code points of the stored paragraph.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal, NamedTuple

from app.dates import format_date
from app.models import EntityType, Precision, Role


class Finding(NamedTuple):
    """A message to the author of a file: a fault (nothing is seeded) or a warning (everything is)."""

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
    """The folder that was scanned, to which `path` is relative: absolute, without symbolic links."""
    path: str
    """Relative to the root, with `/` between folders; ids are derived from it."""
    real: str
    """The absolute path without symbolic links."""
    size: int
    """In bytes."""
    fingerprint: str
    """A hash of its bytes and its defaults."""
    defaults: Mapping[str, Any]
    """From the defaults.yaml files above it: language, source, authors, tags, rights."""
    options: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """From the same files: `types` and `columns`, which say how other programs' labels and columns are read."""
    companion: str | None = None
    """The real path of the file beside it that holds its annotations."""
    encoding: str | None = None
    """From the same files: in which encoding it is if it is not UTF-8, as Python calls it."""

    @property
    def name(self) -> str:
        """Return the absolute path, which may contain symbolic links."""
        return f"{self.root.rstrip('/')}/{self.path}"


@dataclass(frozen=True, slots=True)
class Identity:
    """An entity as a document describes it: matched by Wikidata id, or by name and type, else created."""

    name: str
    type: EntityType
    wikidata: str | None = None
    local: bool = False
    """Whether no document and no catalogue describes it: it was made from a name in the text."""
    id: str | None = None
    """The id that it has in another corpus."""


class NewMention(NamedTuple):
    """A name in a paragraph: `text[start:end]`, in code points of the stored (NFC) text, end excluded."""

    paragraph: int
    """The paragraph's position; 0 is the title."""
    start: int
    end: int
    entity: str | Identity | None
    """An entity's id, an identity, or None: marked, but not identified."""
    type: EntityType
    label: str | None = None
    """The type in the document's words, if that is not an `EntityType`."""
    confidence: float | None = None
    origin: str = "given"
    """`given` by the document, or the name of the annotator."""
    evidence: str | None = None
    """Why the annotator takes it for a name, if it says so."""


class NewDate(NamedTuple):
    """A date that a paragraph talks about: `text[start:end]`, in code points of the stored (NFC) text, end excluded."""

    paragraph: int
    """The paragraph's position; 0 is the title."""
    start: int
    end: int
    value: str
    """In ISO 8601, as exactly as the text says (app/seeding/time_expressions)."""


class NewParagraph(NamedTuple):
    """A paragraph; its position is its index in `NewArticle.paragraphs`."""

    role: Role
    text: str
    """NFC, without surrounding white space, never empty."""
    section: str | None = None
    """The heading above it; None before the first one, and for headings themselves."""
    line: int = 1
    """The line of the file on which it begins."""


@dataclass(frozen=True, slots=True)
class PreciseDate:
    """A date: the first moment (UTC) of the year, month, day or second that is known, and which of them."""

    at: datetime
    precision: Precision
    offset: int | None = None
    """How many minutes east of Greenwich the time was written; None for UTC, and for a date without a time."""


def format_precise_date(date: PreciseDate | None) -> str | None:
    """Return a date as it is served; None if there is none."""
    return None if date is None else format_date(date.at, date.precision, date.offset)


@dataclass(frozen=True, slots=True)
class NewArticle:
    """An article as it will be stored, except for its entities' rows; annotators add mentions."""

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
    published: PreciseDate | None = None
    updated: PreciseDate | None = None
    tags: tuple[str, ...] = ()
    """Names or ids of tags."""
    mentions: tuple[NewMention, ...] = ()
    """From the document, until the annotators add theirs."""
    dates: tuple[NewDate, ...] | None = None
    """The dates that the text talks about; None: the document has none of its own, so they are to be looked for."""
    annotate: bool = True
    """Whether to run the annotators: true unless the document has mentions of its own."""
    entity_overrides: Mapping[str, str | Mapping[int, str | None] | None] = field(default_factory=dict)
    """The author's meaning of names: name -> entity id, or None where it is not a name in this article; or these by
    the position of a paragraph."""
    entity_lines: Mapping[str, int] = field(default_factory=dict)
    """The lines of these names in the file, without those of a defaults.yaml."""
    extra: Mapping[str, Any] = field(default_factory=dict)
    """Unknown keys of the document, served as they are."""
    has_derived_id: bool = False
    """Whether the id was made from the title, so that a number is added to it if another article has it."""

    def settles(self, name: str, paragraph: int) -> bool:
        """Tell whether the author gives the meaning of a name in this paragraph."""
        meaning = self.entity_overrides.get(name, {})
        return not isinstance(meaning, Mapping) or paragraph in meaning

    def __reduce__(self) -> tuple[Any, ...]:
        # Plain tuples are pickled for another process in a tenth of the time that named tuples or objects take.
        values = {name: getattr(self, name) for name in self.__slots__}
        parts = {name: values[name] for name in ("paragraphs", "mentions", "dates") if values[name] is not None}
        values |= {name: [*map(tuple, part)] for name, part in parts.items()}
        return unpickle_article, (values,)


def unpickle_article(values: dict[str, Any]) -> NewArticle:
    """Rebuild an article that was pickled in another process."""
    paragraphs = tuple(map(NewParagraph._make, values["paragraphs"]))
    mentions = tuple(map(NewMention._make, values["mentions"]))
    dates = None if values["dates"] is None else tuple(map(NewDate._make, values["dates"]))
    return NewArticle(**{**values, "paragraphs": paragraphs, "mentions": mentions, "dates": dates})
