"""What leaves: every shape of an answer, and how articles and paragraphs take theirs, once, at seeding."""

from collections.abc import Mapping, Sequence
from typing import Any, Literal, NotRequired, TypeVar

from pydantic import ConfigDict, TypeAdapter, with_config
from typing_extensions import TypedDict, is_typeddict

from app.dates import format_date
from app.models import EntityType, Role

OffsetUnit = Literal["codepoint", "utf16", "utf8"]
"""What offsets count: Unicode code points, UTF-16 code units (JavaScript, Java), or UTF-8 bytes (Go, Rust)."""


def inherit_docstrings(schema: dict[str, Any], shape: type) -> None:
    """Describe the fields that a shape has from another one as they are described there."""
    for base in filter(is_typeddict, getattr(shape, "__orig_bases__", ())):
        for name, field in TypeAdapter(base).json_schema()["properties"].items():
            schema["properties"][name].setdefault("description", field["description"])


SHAPES: dict[str, type] = {}
"""All shapes, by the names that the API's documentation has for them."""

Shape = TypeVar("Shape", bound=type)


def documented(shape: Shape) -> Shape:
    """Make a shape and the docstrings of its fields part of the API's documentation."""
    SHAPES[shape.__name__] = shape
    return with_config(ConfigDict(use_attribute_docstrings=True, json_schema_extra=inherit_docstrings))(shape)


@documented
class TagReference(TypedDict):
    """A tag, where another resource names it."""

    id: str
    """What filters and addresses call it."""
    name: str
    """What people call it."""


@documented
class EntityReference(TypedDict):
    """An entity, where another resource names it."""

    id: str
    """What filters and addresses call it."""
    name: str
    """What people call it."""
    type: EntityType
    """Somebody or something of which kind it is."""


@documented
class CountedEntity(EntityReference):
    """An entity that an article names, and how often."""

    count: int
    """How many times the article mentions it."""


@documented
class ArticleReference(TypedDict):
    """An article, where a paragraph of it stands alone."""

    id: str
    """What filters and addresses call it."""
    title: str
    """Its title."""
    published_at: str | None
    """When it appeared, as exactly as it was given; null where that is not known."""


@documented
class MentionShape(TypedDict):
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


@documented
class MatchShape(TypedDict):
    """A word of the text that `q` found, in the same coordinates as the mentions."""

    start: int
    """Where it begins in the paragraph's text."""
    end: int
    """Where it ends, excluded."""


@documented
class ExtractShape(TypedDict):
    """The piece of an article around the best of what `q` found."""

    position: int
    """The paragraph's place in the article."""
    start: int
    """Where the piece begins in the paragraph's text."""
    end: int
    """Where it ends, excluded."""
    text: str
    """The piece."""
    matches: NotRequired[list[MatchShape]]
    """Under `highlight=offsets`; their offsets count from the beginning of the paragraph."""
    markup: NotRequired[str]
    """Under `highlight=markup`: the piece as HTML, what was found in `<mark>`."""


@documented
class ParagraphShape(TypedDict):
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
    mentions: list[MentionShape]
    """The names in it, in the order of the text."""
    matches: NotRequired[list[MatchShape]]
    """Under `highlight=offsets`: where `q` was found."""
    markup: NotRequired[str]
    """Under `highlight=markup`: the text as HTML, what `q` found in `<mark>`."""


@documented
class ArticleLinks(TypedDict):
    """Where to go on from an article."""

    similar: str
    """Articles that share most with it."""
    paragraphs: str
    """Its paragraphs, one by one."""


@documented
class ArticleShape(TypedDict):
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
    extract: NotRequired[ExtractShape | None]
    """Under `highlight`: the piece around the best of what `q` found."""


@documented
class WholeArticleShape(ArticleShape):
    """An article with all its paragraphs."""

    paragraphs: list[ParagraphShape]
    """All of it, in order, from the title on."""
    extra: dict[str, Any]
    """What else its file said of it, as it was given."""


def paragraph_shape(
    root_path: str, article: ArticleReference, position: int, role: Role, section: str | None, text: str,
    mentions: Sequence[MentionShape],
) -> ParagraphShape:  # fmt: skip
    """A paragraph as it is answered, wherever it is answered."""
    return {
        "article": article,
        "url": f"{root_path}/articles/{article['id']}/paragraphs/{position}",
        "position": position,
        "role": role,
        "section": section,
        "text": text,
        "mentions": list(mentions),
    }


def article_shape(
    root_path: str, article: Mapping[str, Any], paragraphs: Sequence[ParagraphShape],
    tags: Sequence[TagReference],
) -> ArticleShape:  # fmt: skip
    """An article as lists show it. `article` has the columns of its row."""

    def first(role: Role) -> str | None:
        return next((paragraph["text"] for paragraph in paragraphs if paragraph["role"] == role), None)

    url = f"{root_path}/articles/{article['id']}"
    return {
        "id": article["id"],
        "url": url,
        "title": article["title"],
        "lead": first("body"),
        "caption": first("caption"),
        "credit": first("credit"),
        "source": article["source"],
        "source_url": article["source_url"],
        "language": article["language"],
        "authors": article["authors"],
        "rights": article["rights"],
        "published_at": format_date(article["published_at"], article["published_precision"]),
        "word_count": article["word_count"],
        "tags": list(tags),
        "entities": count_entities(paragraphs),
        "offset_unit": "codepoint",
        "links": {
            "similar": f"{url}/similar",
            "paragraphs": f"{root_path}/paragraphs?id={article['id']}&sort=published",
        },
    }


def count_entities(paragraphs: Sequence[ParagraphShape]) -> list[CountedEntity]:
    """Whom and what these paragraphs name, the most often named first, then by id."""
    counts: dict[str, CountedEntity] = {}
    for paragraph in paragraphs:
        for mention in paragraph["mentions"]:
            if entity := mention["entity"]:
                counted = counts.setdefault(entity["id"], {**entity, "count": 0})
                counted["count"] += 1
    return sorted(counts.values(), key=lambda entity: (-entity["count"], entity["id"]))


def whole_article(rendered: bytes, paragraphs: Sequence[bytes], extra: bytes) -> bytes:
    """A whole article's JSON, joined from what is stored of it."""
    return b'%b,"paragraphs":[%b],"extra":%b}' % (rendered[:-1], b",".join(paragraphs), extra)
