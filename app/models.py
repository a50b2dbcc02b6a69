"""The tables, and the three vocabularies that their columns speak."""

from datetime import datetime
from typing import Literal

from sqlalchemy import JSON, MetaData
from sqlmodel import Field, SQLModel

Role = Literal["title", "dateline", "caption", "credit", "heading", "quote", "list", "body"]
"""What a paragraph is in its article."""

EntityType = Literal["person", "organization", "place", "group", "event", "product", "work", "law", "other"]
"""What an entity is. A group is a people, a faith or a party; a product a weapon, a vehicle, software."""

Precision = Literal["year", "month", "day", "second"]
"""How exactly a date was given."""

SQLModel.metadata = MetaData(
    naming_convention={
        "ix": "ix_%(column_0_N_label)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)


class Revision(SQLModel, table=True):
    """One state of the whole corpus, made by one seeding run in one transaction."""

    number: int = Field(primary_key=True)
    id: str = Field(unique=True)
    at: datetime
    root_path: str
    """The path prefix that the addresses in rendered answers begin with."""
    articles: int
    paragraphs: int
    mentions: int
    purged: int
    """The newest revision whose retired articles are gone: an older index must be built anew."""


class SourceFile(SQLModel, table=True):
    """A file that articles came from."""

    __tablename__ = "source_file"

    path: str = Field(primary_key=True)
    """Absolute."""
    fingerprint: str
    """Of everything its articles were derived from: its bytes, its defaults, and the build."""


class Catalogue(SQLModel, table=True):
    """The catalogue of the last run: where its files are the same, they need not be read again."""

    fingerprint: str = Field(primary_key=True)
    """Of these files."""
    entries: bytes
    """Its entities and tags: JSON."""


class Article(SQLModel, table=True):
    """An article in one of its versions: rows are added and retired, never updated."""

    key: int = Field(primary_key=True)
    id: str = Field(index=True)
    title: str
    source: str | None
    source_url: str | None
    language: str
    authors: list[str] = Field(sa_type=JSON)
    rights: str | None
    published_at: datetime | None
    """The first moment of what was given; null where that is unknown."""
    published_precision: str | None
    word_count: int
    extra: bytes
    """What else its file said of it: JSON."""
    file: str = Field(index=True)
    line: int
    fingerprint: str
    since: int = Field(index=True, foreign_key="revision.number")
    """The revision that brought it."""
    until: int | None = Field(default=None, index=True, foreign_key="revision.number")
    """The revision that retired it; null while it is live."""
    rendered: bytes
    """What a list shows of it: JSON."""


class Paragraph(SQLModel, table=True):
    """A piece of an article's text; position 0 is the title."""

    article: int = Field(primary_key=True, foreign_key="article.key", ondelete="CASCADE")
    position: int = Field(primary_key=True)
    role: str
    section: str | None
    text: str
    rendered: bytes
    """The paragraph with its mentions, as it is answered: JSON."""


class Entity(SQLModel, table=True):
    """Somebody or something that texts speak of, with what the newest revision knows of it."""

    key: int = Field(primary_key=True)
    id: str = Field(unique=True)
    name: str
    type: str
    description: str | None
    wikidata: str | None = Field(unique=True)
    aliases: list[str] = Field(sa_type=JSON)
    formerly: list[str] = Field(sa_type=JSON)
    """Ids that it had once."""
    articles: int = 0
    mentions: int = 0
    first: datetime | None = None
    last: datetime | None = None


class Mention(SQLModel, table=True):
    """A name in a paragraph: `text[start:end]`, in code points."""

    article: int = Field(primary_key=True, foreign_key="article.key", ondelete="CASCADE")
    number: int = Field(primary_key=True)
    """Its place in reading order, from 0."""
    position: int
    """The paragraph's."""
    start: int
    end: int
    entity: int | None = Field(default=None, index=True, foreign_key="entity.key")
    type: str
    label: str | None
    confidence: float | None
    origin: str


class Tag(SQLModel, table=True):
    """A subject that articles stand under."""

    key: int = Field(primary_key=True)
    id: str = Field(unique=True)
    name: str
    description: str | None
    iptc: str | None


class ArticleTag(SQLModel, table=True):
    """An article stands under a tag."""

    __tablename__ = "article_tag"

    article: int = Field(primary_key=True, foreign_key="article.key", ondelete="CASCADE")
    tag: int = Field(primary_key=True, index=True, foreign_key="tag.key")
