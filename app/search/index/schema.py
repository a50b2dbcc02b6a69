"""Index schema: the fields of the two indexes, and which values of an article its keyword fields hold.

Articles and paragraphs have an index each, so that words are weighed among their like. Both carry the same
filters, so that a query can select either; one more document records which revision the index holds.
"""

from collections.abc import Callable, Iterable, Sequence
from typing import Any, Final, Literal, cast, get_args

import tantivy

from app.dates import format_date
from app.models import Precision, Role, enumerate_values
from app.search.index.calendar_units import list_intervals, list_units
from app.search.index.loader import IndexSource, SourceParagraph
from app.search.index.mention_terms import COUNT_FIELDS, EQUAL_FIELDS, MENTION_FIELDS
from app.search.index.stemmers import PLAIN

Kind = Literal["articles", "paragraphs"]
"""What a query selects, and what an index holds."""

KINDS: Final[tuple[Kind, ...]] = get_args(Kind)

ROLES: Final[tuple[Role, ...]] = enumerate_values(Role)
UNSEARCHED: Final = ("credit",)
SEARCHED: Final = tuple(role for role in ROLES if role not in UNSEARCHED)
"""The roles whose paragraphs are searched unless the query names others."""

TEXTS: Final[dict[Kind, tuple[str, ...]]] = {"articles": ("text", *ROLES), "paragraphs": ("text",)}
"""The fields of words: all that is searched by default, and, in articles, each role by itself."""


def date_prefix(source: IndexSource, length: int) -> str | None:
    """Return the first characters of the publication date: 4 of them are the year; None if it is less exact."""
    precision = cast("Precision | None", source.article.published_precision)
    date = format_date(source.article.published_at, precision)
    return date[:length] if date and len(date) >= length else None


FILLED_FIELDS: Final[dict[str, Callable[[IndexSource], Any]]] = {
    "lead": lambda source: has_role(source, "body"),
    "caption": lambda source: has_role(source, "caption"),
    "credit": lambda source: has_role(source, "credit"),
    "source": lambda source: source.article.source,
    "source_url": lambda source: source.article.source_url,
    "authors": lambda source: source.article.authors,
    "rights": lambda source: source.article.rights,
    "published_at": lambda source: source.article.published_at,
    "updated_at": lambda source: source.article.updated_at,
    "tags": lambda source: source.tags,
    "entities": lambda source: any(mention.entity for each in source.paragraphs for mention in each.mentions),
}
"""The fields of an article's JSON that may be null or empty: each with a function whose value is true if it is not."""


def has_role(source: IndexSource, role: Role) -> bool:
    """Return whether an article has a paragraph of this role."""
    return any(paragraph.role == role for paragraph in source.paragraphs)


KEYWORD_FIELDS: Final[dict[str, Callable[[IndexSource], str | Sequence[str] | None]]] = {
    "tag": lambda source: source.tags,
    "source": lambda source: source.article.source,
    "language": lambda source: source.article.language,
    "author": lambda source: source.article.authors,
    "year": lambda source: date_prefix(source, 4),
    "month": lambda source: date_prefix(source, 7),
    "day": lambda source: date_prefix(source, 10),
    "has": lambda source: [name for name, is_filled in FILLED_FIELDS.items() if is_filled(source)],
    "id": lambda source: source.article.id,
}
"""The fields of whole values of an article, which its paragraphs share: one value, several, or None.

A `FilterParams` parameter of the same name filters by it.
"""

PARAGRAPH_KEYWORD_FIELDS: Final[dict[str, Callable[[SourceParagraph], set[str]]]] = {
    "entity": lambda paragraph: {mention.entity for mention in paragraph.mentions if mention.entity is not None},
    "entity_type": lambda paragraph: {mention.type for mention in paragraph.mentions},
    "origin": lambda paragraph: {mention.origin for mention in paragraph.mentions},
    "role": lambda paragraph: {paragraph.role},
    "about": lambda paragraph: {unit for value in paragraph.dates for unit in list_units(value)},
    "about_interval": lambda paragraph: {interval for value in paragraph.dates for interval in list_intervals(value)},
}
"""The fields of whole values of a paragraph; an article has those of all its paragraphs."""

KEYWORDS: Final = (*PARAGRAPH_KEYWORD_FIELDS, *KEYWORD_FIELDS)
"""The names of both."""

FACETS: Final = tuple(name for name in KEYWORDS if name not in ("id", "day", "about", "about_interval"))
"""The fields whose values can be counted beside a list: an article's id counts nothing, and dates in texts and days are
the timeline's."""

DATES: Final = ("published", "updated")
"""The dates of an article: its columns with `_at`, and fields of moments."""

NUMBER_ORDERS: Final = (
    *("newest_order", "oldest_order", "longest_order", "shortest_order"),
    *("newest_update_order", "oldest_update_order"),
)
TEXT_ORDERS: Final = ("title_order", "name_order")
"""The sort keys, all ascending: numbers, and texts; `name_order` breaks the ties of the others."""


def tiebreak_key(id: str, position: int | None) -> str:
    """Return the value of `name_order`: from an article's id, or that and a paragraph's position.

    It is hexadecimal, which tantivy's range queries accept as it is; it sorts as the code points do.
    """
    key = id.encode().hex()
    return key if position is None else f"{key}00{position:08x}"


def build_schema(kind: Kind, stemmers: Iterable[str]) -> tantivy.Schema:
    """Build the schema of an index over texts that need these stemmers."""
    builder = tantivy.SchemaBuilder()
    builder.add_text_field("state", stored=True, tokenizer_name="raw", index_option="basic")
    builder.add_text_field("kind", tokenizer_name="raw", index_option="basic")
    builder.add_text_field("stemmer", tokenizer_name="raw", index_option="basic")
    builder.add_text_field("row", tokenizer_name="raw", index_option="basic")
    builder.add_unsigned_field("article", indexed=True, fast=True)
    builder.add_unsigned_field("position", fast=True)
    for name in DATES:
        builder.add_integer_field(name, indexed=True, fast=True)
    for name in KEYWORDS:
        builder.add_text_field(name, stored=name == "id", fast=True, tokenizer_name="raw", index_option="basic")
    for name in (*MENTION_FIELDS, *COUNT_FIELDS, *EQUAL_FIELDS):
        builder.add_text_field(name, tokenizer_name="raw", index_option="basic")
    for name in NUMBER_ORDERS:
        builder.add_unsigned_field(name, indexed=True, fast=True)
    for name in TEXT_ORDERS:
        builder.add_text_field(name, fast=True, tokenizer_name="raw", index_option="basic")
    for field in TEXTS[kind]:
        builder.add_text_field(f"{field}_written", tokenizer_name=PLAIN, index_option="basic")
        for stemmer in stemmers:
            builder.add_text_field(f"{field}_{stemmer}", tokenizer_name=stemmer, index_option="position")
    return builder.build()
