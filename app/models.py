"""Database tables, and the enumerations of their columns."""

from datetime import datetime
from typing import Annotated, Any, Literal, get_args

from sqlalchemy import JSON, MetaData
from sqlmodel import Field, SQLModel
from typing_extensions import TypeAliasType

Role = TypeAliasType(
    "Role",
    Annotated[
        Literal["title", "dateline", "caption", "credit", "heading", "quote", "list", "body"],
        Field(description="Role of a paragraph in its article."),
    ],
)

EntityType = TypeAliasType(
    "EntityType",
    Annotated[
        Literal["person", "organization", "place", "group", "event", "product", "work", "law", "other"],
        Field(
            description="Type of an entity. "
            "A group is a people, a religion or a party; a product is a weapon, a vehicle or software."
        ),
    ],
)


def enumerate_values(alias: TypeAliasType) -> tuple[Any, ...]:
    """Return the values of an enumeration such as `Role`, which the OpenAPI document describes once by its name."""
    literal, _description = get_args(alias.__value__)
    return get_args(literal)


Precision = Literal["year", "month", "day", "second"]
"""How precisely a date is known."""

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
    """The path prefix of the URLs in rendered JSON."""
    articles: int
    paragraphs: int
    mentions: int
    purged: int
    """The newest revision whose retired articles are deleted: an index that is older must be rebuilt."""
    refused: dict[str, Any] = Field(sa_type=JSON, sa_column_kwargs={"server_default": '{"files": 0, "reasons": []}'})
    """The number of files that have faults, and the reasons, each with its number."""
    changes: dict[str, Any] = Field(sa_type=JSON, sa_column_kwargs={"server_default": "{}"})
    """What the run changed, as `seeding.revision.changes` summarizes it; empty for a revision of an older program."""


class SourceFile(SQLModel, table=True):
    """A file that articles came from."""

    __tablename__ = "source_file"

    path: str = Field(primary_key=True)
    """The absolute path."""
    fingerprint: str
    """A hash of everything that its articles were derived from: its bytes, its defaults, catalogue and settings."""
    fault: str | None = None
    """The first fault because of which it, or an article of it, was refused."""


class Catalogue(SQLModel, table=True):
    """A cache of the last run's catalogue: while its files are the same, they are not read again."""

    fingerprint: str = Field(primary_key=True)
    """A hash of the files."""
    entries: bytes
    """The entities and tags: JSON."""


class Article(SQLModel, table=True):
    """One version of an article: rows are added and retired, and only `file` and `until` are ever updated."""

    key: int = Field(primary_key=True)
    id: str = Field(index=True)
    title: str
    source: str | None
    source_url: str | None
    language: str
    authors: list[str] = Field(sa_type=JSON)
    rights: str | None
    published_at: datetime | None
    """The first moment of the period that `published_precision` names; null if unknown."""
    published_precision: str | None
    word_count: int
    extra: bytes
    """Other keys of its document: JSON."""
    file: str = Field(index=True)
    line: int
    fingerprint: str
    since: int = Field(index=True, foreign_key="revision.number")
    """The revision that added it."""
    until: int | None = Field(default=None, index=True, foreign_key="revision.number")
    """The revision that retired it; null while it is live."""
    rendered: bytes
    """The article as lists return it: JSON."""
    published_offset: int | None
    """How many minutes east of Greenwich the time was written; null for UTC, and for a date without a time."""
    updated_at: datetime | None
    """The first moment of the period that `updated_precision` names; null if unknown."""
    updated_precision: str | None
    updated_offset: int | None


class Paragraph(SQLModel, table=True):
    """A paragraph of an article; position 0 is the title."""

    article: int = Field(primary_key=True, foreign_key="article.key", ondelete="CASCADE")
    position: int = Field(primary_key=True)
    role: str
    section: str | None
    text: str
    rendered: bytes
    """The paragraph with its mentions, as it is returned: JSON."""


class Entity(SQLModel, table=True):
    """An entity that articles mention, with its counts in the newest revision."""

    key: int = Field(primary_key=True)
    id: str = Field(unique=True)
    name: str
    type: str
    description: str | None
    wikidata: str | None = Field(unique=True)
    aliases: list[str] = Field(sa_type=JSON)
    formerly: list[str] = Field(sa_type=JSON)
    """Former ids, which still lead to it."""
    articles: int = 0
    mentions: int = 0
    first: datetime | None = None
    last: datetime | None = None
    local: bool = False
    """Whether it was made from a name in the articles, and no document and no catalogue describes it."""


class Mention(SQLModel, table=True):
    """A name in a paragraph: `text[start:end]`, in code points."""

    article: int = Field(primary_key=True, foreign_key="article.key", ondelete="CASCADE")
    number: int = Field(primary_key=True)
    """The index in reading order, from 0."""
    position: int
    """The position of its paragraph."""
    start: int
    end: int
    entity: int | None = Field(default=None, index=True, foreign_key="entity.key")
    type: str
    label: str | None
    confidence: float | None
    origin: str
    evidence: str | None = None


class Tag(SQLModel, table=True):
    """A subject of articles."""

    key: int = Field(primary_key=True)
    id: str = Field(unique=True)
    name: str
    description: str | None
    iptc: str | None


class ArticleTag(SQLModel, table=True):
    """The assignment of a tag to an article."""

    __tablename__ = "article_tag"

    article: int = Field(primary_key=True, foreign_key="article.key", ondelete="CASCADE")
    tag: int = Field(primary_key=True, index=True, foreign_key="tag.key")
