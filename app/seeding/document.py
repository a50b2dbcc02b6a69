"""An article document as its author gives it, and the JSON Schema that says so."""

import re
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints

from app.models import Role
from app.schemas import OffsetUnit
from app.seeding.limits import LONGEST_NAME, MOST_AUTHORS, MOST_MENTIONS, MOST_PARAGRAPHS, MOST_SETTLED, MOST_TAGS

Name = Annotated[str, StringConstraints(max_length=LONGEST_NAME)]


def listed(value: Any) -> Any:
    """One name stands for a list of one."""
    return [value] if isinstance(value, str) else value


def separated(value: Any) -> Any:
    """Tags may stand in one line, with commas between them."""
    return re.split(r"[,،，、]", value) if isinstance(value, str) else value


def spelled_out(value: Any) -> Any:
    """A string among the paragraphs is a paragraph of the body."""
    if not isinstance(value, list):
        return value
    return [{"text": item} if isinstance(item, str) else item for item in value]


class Document(BaseModel):
    """What the documents of a file have in common: nothing is guessed, and unknown keys are refused."""

    model_config = ConfigDict(extra="forbid", strict=True, use_attribute_docstrings=True)


class EntityDocument(Document):
    """An identity that a document brings along; it is created where it is not known yet."""

    name: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=LONGEST_NAME)]
    type: Name
    """As a mention's."""
    wikidata: Annotated[str, StringConstraints(pattern=r"^Q[1-9][0-9]{0,18}$")] | None = None
    """Its Wikidata id, such as `Q2280`: it says more than the name."""


class ParagraphDocument(Document):
    """A piece of an article."""

    role: Role = "body"
    text: str
    """White space around it is dropped, and the rest is kept, normalised to NFC."""


class MentionDocument(Document):
    """A name in the text. Mentions may nest and may share a span."""

    paragraph: Annotated[int, Field(ge=0)] | None = None
    """The place of its paragraph in `paragraphs`, from 0; without it, offsets are into `text`."""
    start: Annotated[int, Field(ge=0)]
    """Where it begins, counted in `offset_unit` over the text as it is given here."""
    end: Annotated[int, Field(ge=0)]
    """Where it ends, excluded."""
    exact: str | None = None
    """The words it marks; given, they are compared."""
    type: Name | None = None
    """`person`, `organization`, `place`, `group`, `event`, `product`, `work`, `law` or `other`. Usual other names
    (`PER`, `GPE`, `NORP`) are understood; any other word is kept as `label`, under the type `other`.
    It may be left out where `entity` is an object, which has one, or where `label` is given."""
    entity: Name | EntityDocument | None = None
    """Who or what is meant: an entity's id, an object that says it, or null: marked, but not identified."""
    label: Name | None = None
    """The type in your own words."""
    confidence: Annotated[float, Field(ge=0, le=1)] | None = None


class ArticleDocument(Document):
    """An article as a JSON file or a front matter gives it. Any other key is kept, and served under `extra`.

    Keys may be written in capitals, with `-` for `_`, and by their usual other names: `date`, `published` and
    `pubDate` for `published_at`, `author` and `byline` for `authors`, `lang` for `language`, `headline` for
    `title`, `url` and `link` for `source_url`, `keywords` for `tags`, `body` and `content` for `text`,
    `copyright` and `licence` for `rights`.
    """

    model_config = ConfigDict(extra="allow")

    id: str | None = None
    """Lower-case letters of any script and digits with hyphens between them, at most 200. Else the file's path gives
    it, or, in a file of many articles, the title."""
    title: str | None = None
    """May be left out where the first paragraph has the role `title`."""
    source: str | None = None
    """Who published it."""
    source_url: str | None = None
    """Where it was published: an absolute address, by http or https."""
    language: Annotated[str, StringConstraints(pattern=r"^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$")] | None = None
    """A BCP 47 tag, such as `en` or `pt-BR`."""
    authors: (
        Annotated[
            list[str], Field(max_length=MOST_AUTHORS), BeforeValidator(listed, json_schema_input_type=str | list[str])
        ]
        | None
    ) = None
    rights: str | None = None
    """Who holds them, or under which licence it may be used."""
    published_at: str | int | None = None
    """`2025`, `2025-12`, `2025-12-18`, `18 December 2025` or an RFC 3339 time; without an offset it is UTC."""
    tags: (
        Annotated[
            list[Name], Field(max_length=MOST_TAGS), BeforeValidator(separated, json_schema_input_type=str | list[str])
        ]
        | None
    ) = None
    """Names or ids; one string is split at commas."""
    caption: str | None = None
    """Becomes a paragraph after the title."""
    credit: str | None = None
    """Becomes a paragraph after the caption."""
    paragraphs: (
        Annotated[
            list[ParagraphDocument],
            Field(max_length=MOST_PARAGRAPHS),
            BeforeValidator(spelled_out, json_schema_input_type=list[ParagraphDocument | str]),
        ]
        | None
    ) = None
    """The text, piece by piece; a string is short for a piece of the body."""
    text: str | None = None
    """The text in one, instead of `paragraphs`: blank lines separate them."""
    mentions: Annotated[list[MentionDocument], Field(max_length=MOST_MENTIONS)] | None = None
    """The names in it. Given, even empty, they are all there are, unless `annotate` says otherwise."""
    offset_unit: OffsetUnit = "codepoint"
    """What the offsets of the mentions count."""
    annotate: bool | None = None
    """Whether to look for more names; by default, where `mentions` is not given."""
    entities: Annotated[dict[Name, Name | None], Field(max_length=MOST_SETTLED)] | None = None
    """Settles names by hand: the id of the entity that the name means here, or null where it means none."""
    extra: dict[str, Any] | None = None
    """Kept and served as it is: the place for keys that look like one of the above."""


def article_schema() -> dict[str, Any]:
    """The JSON Schema of an article document."""
    schema = ArticleDocument.model_json_schema(mode="validation")
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema, "title": "Article document"}
