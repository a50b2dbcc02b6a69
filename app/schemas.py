"""Response schemas: what the API documents about the JSON that it returns.

Nothing is rendered by these models: an article of 12 paragraphs takes 72 us as plain dicts, and 307 to 460 as models
(app/rendering.py). A test proves that the two agree. A field with a default factory may be absent.
"""

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from app.models import EntityType, Role

OffsetUnit = Literal["codepoint", "utf16", "utf8"]
"""What offsets count: Unicode code points, UTF-16 code units (JavaScript, Java), or UTF-8 bytes (Go, Rust)."""


class Schema(BaseModel):
    """A response schema; the docstrings of its fields are their descriptions."""

    model_config = ConfigDict(use_attribute_docstrings=True)


class TagReference(Schema):
    """A tag, where another resource names it."""

    id: str
    """What filters and addresses call it."""
    name: str
    """What people call it."""


class EntityReference(Schema):
    """An entity, where another resource names it."""

    id: str
    """What filters and addresses call it."""
    name: str
    """What people call it."""
    type: EntityType
    """Somebody or something of which kind it is."""


class CountedEntity(EntityReference):
    """An entity that an article names, and how often."""

    count: int
    """How many times the article mentions it."""


class ArticleReference(Schema):
    """An article, where a paragraph of it stands alone."""

    id: str
    """What filters and addresses call it."""
    title: str
    """Its title."""
    published_at: str | None
    """When it appeared, as exactly as it was given; null where that is not known."""


class Mention(Schema):
    """A name in a paragraph. Mentions may nest and may share a span."""

    start: int
    """Where it begins in the paragraph's text, in the answer's `offset_unit`."""
    end: int
    """Where it ends, excluded: `text[start:end] == exact`."""
    exact: str
    """The name as it stands in the text."""
    type: EntityType
    """What is named."""
    entity: EntityReference | None
    """Who or what is meant; null where that is not known."""
    label: str | None
    """The type in the words of the annotation's author, where that is not one of ours."""
    confidence: float | None
    """Between 0 and 1, where the annotation gave one."""
    origin: str
    """`given` with the article, or the name of the annotator that found it."""
    evidence: str | None
    """Why a rule takes it for a name, such as `title` or `surname`; null for other origins."""


class MatchedText(Schema):
    """A word of the text that `q` found, in the same coordinates as the mentions."""

    start: int
    """Where it begins in the paragraph's text."""
    end: int
    """Where it ends, excluded."""


class Extract(Schema):
    """The piece of an article around the best of what `q` found."""

    position: int
    """The paragraph's place in the article."""
    start: int
    """Where the piece begins in the paragraph's text."""
    end: int
    """Where it ends, excluded."""
    text: str
    """The piece."""
    matches: list[MatchedText] = Field(default_factory=list)
    """Under `highlight=offsets`; their offsets count from the beginning of the paragraph."""
    markup: str = Field(default_factory=str)
    """Under `highlight=markup`: the piece as HTML, what was found in `<mark>`."""


class Paragraph(Schema):
    """A piece of an article, with everything that it mentions."""

    article: ArticleReference
    """The article it stands in."""
    url: str
    """Its address."""
    position: int
    """Its place in the article, from 0, the title."""
    role: Role
    """What it is in its article."""
    section: str | None
    """The heading it stands under; null before the first one, and for a heading."""
    text: str
    """Unicode, normalised to NFC."""
    mentions: list[Mention]
    """The names in it, in the order of the text."""
    matches: list[MatchedText] = Field(default_factory=list)
    """Under `highlight=offsets`: where `q` was found."""
    markup: str = Field(default_factory=str)
    """Under `highlight=markup`: the text as HTML, what `q` found in `<mark>`."""


class ArticleLinks(Schema):
    """Where to go on from an article."""

    similar: str
    """Articles that share most with it."""
    paragraphs: str
    """Its paragraphs, one by one."""


class ArticleSummary(Schema):
    """An article as lists show it."""

    id: str
    """What filters and addresses call it."""
    url: str
    """Its address."""
    title: str
    """Its title."""
    lead: str | None
    """The first paragraph of its body."""
    caption: str | None
    """What stands under its picture, the first line of it."""
    credit: str | None
    """Whose picture it is."""
    source: str | None
    """Who published it."""
    source_url: str | None
    """Where it was published."""
    language: str
    """The language it is in, as a tag such as `en` or `pt-BR`."""
    authors: list[str]
    """Who wrote it."""
    rights: str | None
    """Who may do what with it."""
    published_at: str | None
    """When it appeared, as exactly as it was given: `2025`, `2025-12`, `2025-12-18` or `2025-12-18T09:30:00Z`."""
    word_count: int
    """White-space separated words in all paragraphs, the title's included."""
    tags: list[TagReference]
    """The subjects it stands under."""
    entities: list[CountedEntity]
    """Whom and what it names, the most often named first."""
    offset_unit: OffsetUnit
    """What offsets in it count."""
    links: ArticleLinks
    """Where to go on from it."""
    extract: Extract | None = Field(default_factory=lambda: None)
    """Under `highlight`: the piece around the best of what `q` found."""


class Article(ArticleSummary):
    """An article with all its paragraphs."""

    paragraphs: list[Paragraph]
    """All of it, in order, from the title on."""
    extra: dict[str, Any]
    """What else its file said of it, as it was given."""
