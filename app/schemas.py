"""Response schemas: what the API documents about the JSON that it returns.

These models only document what app/rendering.py renders as plain dicts, since an article of 12 paragraphs takes 72 us
as dicts and 307 to 460 as models. A test proves that both agree. A field with a default factory may be absent.
"""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field
from typing_extensions import TypeAliasType

from app.models import EntityType, Role

OffsetUnit = TypeAliasType(
    "OffsetUnit",
    Annotated[
        Literal["codepoint", "utf16", "utf8"],
        Field(
            description="Unit of offsets: "
            "Unicode code points, UTF-16 code units (JavaScript, Java), or UTF-8 bytes (Go, Rust)."
        ),
    ],
)


class Schema(BaseModel):
    """A response schema. The docstrings of its fields are their descriptions (app/api/docs/descriptions.py)."""

    # Only the OpenAPI document needs the validators, as articles are rendered without (app/rendering.py): to build them
    # took a tenth of the time in which the application is loaded.
    model_config = ConfigDict(defer_build=True)


class TagReference(Schema):
    """A tag in another resource."""

    id: str
    """Identifier, as used in filters and URLs."""
    name: str
    """Display name."""


class EntityReference(Schema):
    """An entity in another resource."""

    id: str
    """Identifier, as used in filters and URLs."""
    name: str
    """Display name."""
    type: EntityType
    """Type of the entity."""


class CountedEntity(EntityReference):
    """An entity that an article mentions, with its count."""

    wikidata: str | None
    """Identifier in Wikidata."""
    local: bool
    """Whether the entity comes from names in the articles, and neither a document nor a catalogue describes it."""
    count: int
    """Number of mentions in the article."""


class ArticleReference(Schema):
    """The article of a paragraph."""

    id: str
    """Identifier, as used in filters and URLs."""
    title: str
    """Title."""
    published_at: str | None
    """Date of publication, as precise as known; null if unknown."""


class Mention(Schema):
    """A name in a paragraph. Mentions may be nested, and may have the same span."""

    start: int
    """Start offset in the text of the paragraph, in the `offset_unit` of the response."""
    end: int
    """End offset, exclusive: `text[start:end] == exact`."""
    exact: str
    """The name, as written in the text."""
    type: EntityType
    """Type of what is mentioned."""
    entity: EntityReference | None
    """The entity; null if unknown."""
    label: str | None
    """Type in the terms of the annotation's author, if it has no equivalent here."""
    confidence: float | None
    """Confidence between 0 and 1; null if the annotation has none."""
    origin: str
    """`given` if it comes with the article, or else the name of the annotator."""
    evidence: str | None
    """Why a rule takes it for a name, such as `title` or `surname`; null for other origins."""


class DateMention(Schema):
    """A date that a paragraph talks about."""

    start: int
    """Start offset in the text of the paragraph, in the `offset_unit` of the response."""
    end: int
    """End offset, exclusive: `text[start:end] == exact`."""
    exact: str
    """The expression, as written in the text, such as `last Friday`."""
    value: str
    """The date, as exactly as the text says, in ISO 8601: `1986`, `1986-04`, `1986-04-26`, or an interval such as
    `1986-04/1986-06`; decades and centuries in EDTF: `198X`, `19XX`. Relative ones are reckoned from `published_at`."""


class MatchedText(Schema):
    """A match of `q`, in the same coordinates as the mentions."""

    start: int
    """Start offset in the text of the paragraph."""
    end: int
    """End offset, exclusive."""


class Extract(Schema):
    """The excerpt of an article around the best match of `q`."""

    position: int
    """Position of the paragraph in the article."""
    start: int
    """Start offset of the excerpt in the text of the paragraph."""
    end: int
    """End offset, exclusive."""
    text: str
    """Text of the excerpt."""
    matches: list[MatchedText] = Field(default_factory=list)
    """Only with `highlight=offsets`: matches of `q`, with offsets in the text of the paragraph."""
    markup: str = Field(default_factory=str)
    """Only with `highlight=markup`: the excerpt as HTML, with matches in `<mark>`."""


class Paragraph(Schema):
    """A paragraph of an article, with its mentions."""

    article: ArticleReference
    """Article of the paragraph."""
    url: str
    """URL of this resource."""
    position: int
    """Position in the article; 0 is the title."""
    role: Role
    """Role in the article."""
    section: str | None
    """Heading of the section; null before the first heading, and for headings."""
    text: str
    """Text, in Unicode normalisation form C."""
    mentions: list[Mention]
    """Mentions, in the order of the text."""
    dates: list[DateMention]
    """Dates that the text talks about, in its order."""
    matches: list[MatchedText] = Field(default_factory=list)
    """Only with `highlight=offsets`: matches of `q`."""
    markup: str = Field(default_factory=str)
    """Only with `highlight=markup`: the text as HTML, with matches of `q` in `<mark>`."""
    html: str = Field(default_factory=str)
    """Only with `markup=mentions`: the text as HTML, with each mention in a `<span>`, nested ones within one another. A
    mention that begins within another one and ends after it is divided there."""


class ArticleLinks(Schema):
    """URLs of resources that are related to an article."""

    similar: str
    """Similar articles."""
    paragraphs: str
    """Its paragraphs."""


class ArticleSummary(Schema):
    """An article without its paragraphs."""

    id: str
    """Identifier, as used in filters and URLs."""
    url: str
    """URL of this resource."""
    title: str
    """Title."""
    lead: str | None
    """First paragraph of the body."""
    caption: str | None
    """First caption of a picture."""
    credit: str | None
    """First credit of a picture."""
    source: str | None
    """Publisher."""
    source_url: str | None
    """URL of the original publication."""
    language: str
    """Language tag, such as `en` or `pt-BR`."""
    authors: list[str]
    """Names of the authors."""
    rights: str | None
    """Licence or rights statement."""
    published_at: str | None
    """Date of publication, as precise as known: `2025`, `2025-12`, `2025-12-18` or a time with the offset of its file,
    such as `2025-12-18T09:30:00+01:00`. Filters and the timeline take its day in UTC."""
    updated_at: str | None
    """Date of the last update, in the same forms; null if the file of the article has none."""
    word_count: int
    """Number of words, separated by white space, in all paragraphs including the title."""
    tags: list[TagReference]
    """Tags of the article."""
    entities: list[CountedEntity]
    """Entities that the article mentions, the most frequent first."""
    offset_unit: OffsetUnit
    """Unit of offsets."""
    links: ArticleLinks
    """URLs of related resources."""
    extract: Extract | None = Field(default_factory=lambda: None)
    """Only with `highlight`: the excerpt around the best match of `q`; null without a match."""


class Article(ArticleSummary):
    """An article with all its paragraphs."""

    paragraphs: list[Paragraph]
    """All paragraphs in order, the title first."""
    extra: dict[str, Any]
    """Further fields of the article's file, unchanged."""
