"""Tables: the columns of flat rows, and the rows of articles, paragraphs and mentions."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from operator import itemgetter
from typing import Any, Final, Literal, NamedTuple

from app.export.document import Report
from app.rendering import JsonObject
from app.schemas import OffsetUnit
from app.text import offset_table

Row = Sequence[Any]
"""A value for each column, and one tuple for each group of columns."""
Batch = Sequence[Row]
"""Rows that are written together."""


class Column(NamedTuple):
    """A column of a table. Any of its values may be None."""

    name: str
    type: Literal["string", "integer", "number", "boolean", "strings"] = "string"


class ColumnGroup(NamedTuple):
    """Adjacent columns whose values many rows share: they are one tuple, so that each is formatted once."""

    columns: tuple[Column, ...]


Layout = Sequence[Column | ColumnGroup]
"""The columns of a table, as its rows have them."""


def flatten_layout(layout: Layout) -> tuple[Column, ...]:
    """Return all columns, also those in groups."""
    return tuple(column for each in layout for column in (each.columns if isinstance(each, ColumnGroup) else [each]))


def flatten_columns(layout: Layout, rows: Batch) -> Iterator[Sequence[Any]]:
    """Yield the values of each column, also of those in groups; there must be rows."""
    for each, values in zip(layout, zip(*rows, strict=True), strict=True):
        if isinstance(each, ColumnGroup):
            yield from zip(*values, strict=True)
        else:
            yield values


def flatten_rows(layout: Layout, rows: Batch) -> Iterator[Row]:
    """Yield the rows with a value for each column."""
    return zip(*flatten_columns(layout, rows), strict=True) if rows else iter(())


def name_columns(names: str, types: Mapping[str, Any]) -> tuple[Column, ...]:
    """Return columns of these names; those without a type are strings."""
    return tuple(Column(name, types.get(name, "string")) for name in names.split())


ARTICLE_COLUMNS: Final = name_columns(
    "id url title published_at updated_at source source_url language authors rights word_count tags entities lead "
    "caption credit",
    {"authors": "strings", "word_count": "integer", "tags": "strings", "entities": "strings"},
)
PARAGRAPH_COLUMNS: Final = name_columns(
    "article title published_at url position role section text entities mentions",
    {"position": "integer", "entities": "strings", "mentions": "integer"},
)
MENTION_COLUMNS: Final = name_columns(
    "article title published_at source tags position role start end exact type entity name wikidata local label origin "
    "confidence evidence",
    {
        "tags": "strings",
        "position": "integer",
        "start": "integer",
        "end": "integer",
        "local": "boolean",
        "confidence": "number",
    },
)
MENTION_LAYOUT: Final[tuple[Column | ColumnGroup, ...]] = (
    ColumnGroup(MENTION_COLUMNS[:5]),  # The article.
    *MENTION_COLUMNS[5:11],
    ColumnGroup(MENTION_COLUMNS[11:15]),  # The entity.
    *MENTION_COLUMNS[15:],
)
START: Final = MENTION_LAYOUT.index(Column("start", "integer"))
END: Final = START + 1
NO_ENTITY: Final = (None, None, None, None)
MENTION_VALUES: Final = itemgetter("start", "end", "exact", "type", "entity", "label", "origin", "confidence")

CONTEXT_COLUMNS: Final = name_columns("before after", {})
"""Follow the columns of mentions if their context is asked for."""

ENTITY_COLUMNS: Final = name_columns(
    "id url name type description wikidata local aliases count mentions first last association",
    {"local": "boolean", "aliases": "strings", "count": "integer", "mentions": "integer", "association": "number"},
)
TAG_COLUMNS: Final = name_columns(
    "id url name description iptc count association", {"count": "integer", "association": "number"}
)
TIMELINE_COLUMNS: Final = name_columns("start count total", {"count": "integer", "total": "integer"})


def article_row(article: JsonObject) -> Row:
    """Return the row of an article, from what lists show of it; tags and entities by their ids."""
    ids = {name: [reference["id"] for reference in article[name]] for name in ("tags", "entities")}
    # An article that an older program stored has no `updated_at`.
    return [ids[column.name] if column.name in ids else article.get(column.name) for column in ARTICLE_COLUMNS]


def paragraph_row(paragraph: JsonObject) -> Row:
    """Return the row of a paragraph."""
    article, mentions = paragraph["article"], paragraph["mentions"]
    entities = dict.fromkeys(mention["entity"]["id"] for mention in mentions if mention["entity"])
    return [
        article["id"],
        article["title"],
        article["published_at"],
        paragraph["url"],
        paragraph["position"],
        paragraph["role"],
        paragraph["section"],
        paragraph["text"],
        [*entities],
        len(mentions),
    ]


def object_row(columns: Sequence[Column], values: JsonObject) -> Row:
    """Return the row of an object with a value for each column."""
    return [values[column.name] for column in columns]


class ArticleValues(NamedTuple):
    """What the rows of mentions show of their article."""

    id: str
    title: str
    published_at: str | None
    source: str | None
    tags: list[str]
    """Ids."""

    @classmethod
    def of(cls, article: JsonObject) -> "ArticleValues":
        """Return the values of an article, from what lists show of it."""
        tags = [tag["id"] for tag in article["tags"]]
        return cls(article["id"], article["title"], article["published_at"], article["source"], tags)


class MentionRows(NamedTuple):
    """Makes the rows of mentions."""

    describe_entity: Callable[[str, str], Row]
    """Returns the values of an entity from its id and name: these, its Wikidata id, and whether it is local."""
    keep: Callable[[JsonObject], bool] | None = None
    """Tells which mentions to list; None for all."""
    context: int = 0
    """Characters (code points) of text before and after a mention; 0 leaves both columns out."""
    unit: OffsetUnit = "codepoint"
    literals: Sequence[bytes] = ()
    """Stored paragraphs without any of these bytes have no mentions to list; empty if any paragraph may have some."""

    def may_list(self, stored: bytes) -> bool:
        """Return whether a stored paragraph may have mentions to list, without parsing it."""
        return not self.literals or any(literal in stored for literal in self.literals)

    @property
    def layout(self) -> Layout:
        """The columns of the rows."""
        return (*MENTION_LAYOUT, *CONTEXT_COLUMNS) if self.context else MENTION_LAYOUT

    def numbers(self, paragraph: JsonObject) -> Sequence[int]:
        """Return which of a paragraph's mentions are listed."""
        mentions, keep = paragraph["mentions"], self.keep
        if keep is None:
            return range(len(mentions))
        return [number for number, mention in enumerate(mentions) if keep(mention)]

    def rows(self, article: ArticleValues, paragraph: JsonObject) -> list[Row]:
        """Return the rows of a paragraph's mentions that are listed, in reading order."""
        describe_entity, mentions = self.describe_entity, paragraph["mentions"]
        if self.keep is not None:
            mentions = [mention for mention in mentions if self.keep(mention)]
        if not mentions:
            return []
        position, role = paragraph["position"], paragraph["role"]
        rows: list[Row] = []
        for mention in mentions:
            start, end, exact, type_, entity, label, origin, confidence = MENTION_VALUES(mention)
            # A mention that an older program stored has no `evidence`.
            evidence = mention.get("evidence")
            about = describe_entity(entity["id"], entity["name"]) if entity else NO_ENTITY
            rows.append((article, position, role, start, end, exact, type_, about, label, origin, confidence, evidence))
        if self.context:
            text = paragraph["text"]
            rows = [(*row, *cut_context(text, row[START], row[END], self.context)) for row in rows]
        if self.unit != "codepoint":
            offsets = offset_table(paragraph["text"], self.unit)
            rows = [(*row[:START], offsets[row[START]], offsets[row[END]], *row[END + 1 :]) for row in rows]
        return rows


def cut_context(text: str, start: int, end: int, size: int) -> tuple[str, str]:
    """Return at most `size` characters before and after a mention, without the part of a word at their outer ends."""
    before, after = text[max(0, start - size) : start], text[end : end + size]
    if start > size and not text[start - size - 1].isspace():
        before = before[find_space(before) :]
    if end + size < len(text) and not text[end + size].isspace():
        after = after[: len(after) - find_space(after[::-1])]
    return before, after


def find_space(text: str) -> int:
    """Return where the first white space stands; 0 if there is none, as in a script without spaces."""
    return next((place for place, character in enumerate(text) if character.isspace()), 0)


def divide_rows(rows: Iterable[Row], size: int = 1000) -> Iterator[Batch]:
    """Yield the rows in batches."""
    batch: list[Row] = []
    for row in rows:
        batch.append(row)
        if len(batch) == size:
            yield batch
            batch = []
    if batch:
        yield batch


def count_rows(batches: Iterable[Batch], report: Report) -> Iterator[Batch]:
    """Yield the batches, and count their rows."""
    for batch in batches:
        report.rows += len(batch)
        yield batch
