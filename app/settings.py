"""The settings: the ARTICLES_* environment variables."""

from pathlib import Path
from typing import Annotated, Final, Literal

from pydantic import Field, StringConstraints
from pydantic_settings import BaseSettings, SettingsConfigDict
from sqlalchemy import URL

Rules = Literal["off", "sure", "likely", "all"]
"""Which names that no catalogue knows are marked by rules: none, the surest, also likely ones, or all."""

DEFAULT_RULES: Final[Rules] = "likely"

SERVER_ID = "ARTICLES_SERVER_ID"
"""The variable that identifies a server to its workers, so that a replaced worker does not seed again."""


class Settings(BaseSettings):
    """Settings of a process. Each field is an environment variable: `data` is `ARTICLES_DATA`."""

    model_config = SettingsConfigDict(env_prefix="ARTICLES_")

    data: Path = Path("data")
    """The folder of the database and the index; created if it is missing."""
    database_url: str = ""
    """The URL of the database, in SQLite or PostgreSQL; if empty, the SQLite file `articles.db` in the data folder."""
    read_database_url: str = ""
    """The URL of replicas of a PostgreSQL database, from which servers read. Seeding writes to `database_url`."""
    seeds: Path | None = None
    """A folder of articles: whenever a server starts, it makes the corpus exactly these."""
    strict: bool = False
    """Load none of the articles of `seeds` if a file is bad; otherwise all others are loaded."""
    watch: bool = False
    """Seed `seeds` again whenever its files change."""
    follow_links: bool = False
    """Whether to follow symbolic links that lead out of a folder of articles."""
    language: Annotated[str, StringConstraints(pattern=r"^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$")] = "en"
    """The language of articles that don't name theirs."""
    rules: Rules = DEFAULT_RULES
    """Which names that no catalogue has are marked by rules."""
    ner: bool = False
    """Whether models find names that rules leave, in English and Russian; they come with the extra `ner`."""
    root_path: Annotated[str, StringConstraints(pattern=r"^(/[A-Za-z0-9._~-]+)*$")] = ""
    """The path prefix under which a proxy publishes the service; all URLs in responses begin with it."""
    origins: Annotated[str, StringConstraints(pattern=r"^(\*|https?://[^\s/]+( https?://[^\s/]+)*)$")] = "*"
    """The origins of the web pages that may read responses (CORS), separated by spaces; `*` for all."""
    reader: bool = True
    """Whether to serve pages for people (`on`), or the API alone (`off`)."""
    cache: Annotated[int, Field(ge=0, le=65536)] = 64
    """The size of the response cache of a process, in MiB; 0 switches it off."""
    refresh: Annotated[float, Field(gt=0, le=60)] = 0.2
    """The seconds between two checks for a new revision."""

    @property
    def database(self) -> str:
        """Return the URL of the database."""
        path = str(self.data.resolve() / "articles.db")
        return self.database_url or URL.create("sqlite", database=path).render_as_string()

    @property
    def index(self) -> Path:
        """Return the folder of the index."""
        return self.data.resolve() / "index"
