"""Article documents: the input models of JSON files and front matter, and their JSON Schema."""

import re
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints

from app.models import Role, enumerate_values
from app.schemas import OffsetUnit
from app.seeding.limits import LONGEST_NAME, MOST_AUTHORS, MOST_MENTIONS, MOST_PARAGRAPHS, MOST_SETTLED, MOST_TAGS

BETWEEN_TAGS = re.compile(r"[,;،，、；؛]")

Name = Annotated[str, StringConstraints(max_length=LONGEST_NAME)]


def wrap_string(value: Any) -> Any:
    """Return a list of one where a string stands for it."""
    return [value] if isinstance(value, str) else value


def split_tags(value: Any) -> Any:
    """Split a string into tags at commas and semicolons, including Arabic and Chinese ones."""
    if isinstance(value, str):
        return [tag for tag in map(str.strip, BETWEEN_TAGS.split(value)) if tag]
    return value


ROLE_NAMES = {
    **{role: role for role in enumerate_values(Role)},
    **{f"h{level}": "heading" for level in range(1, 7)},
    "p": "body",
    "paragraph": "body",
    "text": "body",
    "header": "heading",
    "subheading": "heading",
    "blockquote": "quote",
    "li": "list",
    "list_item": "list",
    "figcaption": "caption",
}
"""Roles by their names here and in other formats, which call them types."""


def expand_paragraphs(value: Any) -> Any:
    """Replace each string in a list by a paragraph with this text, and a usual type by its role."""
    if not isinstance(value, list):
        return value
    return [{"text": item} if isinstance(item, str) else rename_type(item) for item in value]


def rename_type(paragraph: Any) -> Any:
    """Return a paragraph that has a type for its role with the role."""
    if not isinstance(paragraph, dict) or "role" in paragraph or str(paragraph.get("type")) not in ROLE_NAMES:
        return paragraph
    rest = {key: value for key, value in paragraph.items() if key != "type"}
    return {"role": ROLE_NAMES[paragraph["type"]], **rest}


Position = Annotated[str, StringConstraints(pattern=r"^[0-9]{1,6}$")]


class Document(BaseModel):
    """Base of all models of a file: types are not coerced, and unknown keys are refused."""

    model_config = ConfigDict(extra="forbid", strict=True, use_attribute_docstrings=True)


class EntityDocument(Document):
    """An entity, described; it is created if it is not known yet."""

    name: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=LONGEST_NAME)]
    type: Name
    """As the type of a mention."""
    wikidata: Annotated[str, StringConstraints(pattern=r"^Q[1-9][0-9]{0,18}$")] | None = None
    """The Wikidata id, such as `Q2280`; it takes precedence over the name."""
    id: Name | None = None
    """The id that the entity has elsewhere. It is kept if it is free here, or if the entity of this name and type has
    it."""


class SpanDocument(Document):
    """A piece of a text."""

    start: Annotated[int, Field(ge=0)]
    """The offset of the first character, in `offset_unit`, in the text as it is in this document."""
    end: Annotated[int, Field(ge=0)]
    """The offset after the last character."""
    exact: str | None = None
    """The words between `start` and `end`. If given, they are compared with the text."""


class DateDocument(SpanDocument):
    """A date that a paragraph talks about."""

    value: Annotated[str, StringConstraints(max_length=LONGEST_NAME)]
    """In ISO 8601, as exactly as the text says: `1986`, `1986-04`, `1986-04-26`, an interval such as
    `1986-04/1986-06`, or in EDTF a decade, `198X`, or a century, `19XX`."""


class ParagraphDocument(Document):
    """A paragraph of an article."""

    role: Role = "body"
    text: str
    """The text. White space around it is removed, and the rest is normalized to NFC."""
    dates: Annotated[list[DateDocument], Field(max_length=MOST_MENTIONS)] | None = None
    """The dates that the text talks about. If one paragraph has them, even if empty, none are looked for in the
    article."""


class MentionDocument(SpanDocument):
    """A name in the text. Mentions may be nested and may share a span."""

    paragraph: Annotated[int, Field(ge=0)] | None = None
    """The index of the paragraph in `paragraphs`, from 0. Without it, offsets refer to `text`."""
    type: Name | None = None
    """`person`, `organization`, `place`, `group`, `event`, `product`, `work`, `law` or `other`. Common other names
    (`PER`, `GPE`, `NORP`) are understood; any other word is kept as `label`, with the type `other`.
    It may be left out if `entity` is an object, which has a type, or if `label` is given."""
    entity: Name | EntityDocument | None = None
    """Who or what is mentioned: the id of an entity, an object that describes it, or null if it is not identified."""
    label: Name | None = None
    """The type in your own words."""
    confidence: Annotated[float, Field(ge=0, le=1)] | None = None
    origin: Name | None = None
    """The program that marked it, such as `catalogue`; by default, it is `given`."""
    evidence: Name | None = None
    """Why that program takes it for a name."""


class ArticleDocument(Document):
    """An article in a JSON file or a front matter. Any other key is kept, and served under `extra`.

    Keys may be written in capitals, with `-` instead of `_`, and by other common names: `date`, `published` and
    `pubDate` for `published_at`, `updated`, `modified` and `lastmod` for `updated_at`, `author` and `byline` for
    `authors`, `lang` for `language`, `headline` for `title`, `publisher` for `source`, `url` and `link` for
    `source_url`, `keywords` and `categories` for `tags`, `body` and `content` for `text`, `copyright` and `licence`
    for `rights`. Authors, sources, tags and texts may be objects with a `name` or a `value`.
    """

    model_config = ConfigDict(extra="allow")

    id: str | None = None
    """Lower-case letters of any script and digits with hyphens between them, at most 200 characters. By default, it is
    derived from the file's path, or from the title if the file has many articles."""
    title: str | None = None
    """The title. It may be left out if the first paragraph has the role `title`."""
    source: str | None = None
    """The publisher."""
    source_url: str | None = None
    """Where the article was published: an absolute http or https URL."""
    language: Annotated[str, StringConstraints(pattern=r"^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$")] | None = None
    """A BCP 47 tag, such as `en` or `pt-BR`."""
    authors: (
        Annotated[
            list[str],
            Field(max_length=MOST_AUTHORS),
            BeforeValidator(wrap_string, json_schema_input_type=str | list[str]),
        ]
        | None
    ) = None
    rights: str | None = None
    """The rights holder or the licence."""
    published_at: str | int | None = None
    """`2025`, `2025-12`, `2025-12-18`, `18 December 2025`, an RFC 3339 or RFC 822 time, which is UTC if it has no
    offset, or seconds since 1970."""
    updated_at: str | int | None = None
    """When the article was last updated, in the same forms; what is no date is served under `extra`."""
    tags: (
        Annotated[
            list[Name],
            Field(max_length=MOST_TAGS),
            BeforeValidator(split_tags, json_schema_input_type=str | list[str]),
        ]
        | None
    ) = None
    """Names or ids of tags. A single string is split at commas and semicolons."""
    caption: str | None = None
    """The caption of the picture. It becomes a paragraph after the title."""
    credit: str | None = None
    """The credit of the picture. It becomes a paragraph after the caption."""
    paragraphs: (
        Annotated[
            list[ParagraphDocument],
            Field(max_length=MOST_PARAGRAPHS),
            BeforeValidator(expand_paragraphs, json_schema_input_type=list[ParagraphDocument | str]),
        ]
        | None
    ) = None
    """The paragraphs. A string is short for a paragraph with the role `body`."""
    text: str | None = None
    """The whole text, instead of `paragraphs`: blank lines separate the paragraphs; without any, each line is one.
    HTML is read without its tags, unless there are mentions."""
    mentions: Annotated[list[MentionDocument], Field(max_length=MOST_MENTIONS)] | None = None
    """The names in the text. If given, even if empty, no others are looked for, unless `annotate` is true."""
    offset_unit: OffsetUnit = "codepoint"
    """The unit of the offsets of mentions and dates."""
    draft: bool | None = None
    """Whether it is a draft, which is not served. `published: false` means the same."""
    annotate: bool | None = None
    """Whether to look for names. By default, this is done if `mentions` is not given."""
    entities: (
        Annotated[dict[Name, Name | dict[Position, Name | None] | None], Field(max_length=MOST_SETTLED)] | None
    ) = None
    """The meaning of names in this article: the id of the entity, or null if it is not a name here. An object gives it
    for single paragraphs, by the position under which they are served: `{"Washington": {"3": "washington-state"}}`."""
    extra: dict[str, Any] | None = None
    """Any data, served as it is. Use it for keys that look like one of the above."""


def article_schema() -> dict[str, Any]:
    """Return the JSON Schema of an article document."""
    schema = ArticleDocument.model_json_schema(mode="validation")
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema, "title": "Article document"}
