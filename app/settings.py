"""What may be told from outside: the ARTICLES_* environment variables."""

from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, StringConstraints
from pydantic_settings import BaseSettings, SettingsConfigDict
from sqlalchemy import URL

Rules = Literal["off", "sure", "likely", "all"]
"""Which names that no catalogue knows are marked by rules: none, the surest, also likely ones, or all."""

SERVER_ID = "ARTICLES_SERVER_ID"
"""The variable by which `articles serve` names itself to its workers, so that a replaced one does not seed again."""


class Settings(BaseSettings):
    """Each field is a variable: `data` is `ARTICLES_DATA`, and so on."""

    model_config = SettingsConfigDict(env_prefix="ARTICLES_")

    data: Path = Path("data")
    """The folder that holds the database and the index; made if it is missing."""
    database_url: str = ""
    """Where the database is, in SQLite or PostgreSQL; empty: `articles.db` in the data folder, by SQLite."""
    read_database_url: str = ""
    """Replicas of a PostgreSQL database, to be followed in its place; what is seeded goes to the database itself."""
    seeds: Path | None = None
    """A folder of articles: the corpus is made exactly that whenever a server starts."""
    follow_links: bool = False
    """Whether symbolic links that lead out of a folder of articles are followed."""
    language: Annotated[str, StringConstraints(pattern=r"^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$")] = "en"
    """The language of articles that don't say theirs."""
    rules: Rules = "likely"
    """Which names that no catalogue knows are marked by rules."""
    root_path: Annotated[str, StringConstraints(pattern=r"^(/[A-Za-z0-9._~-]+)*$")] = ""
    """The path prefix under which a proxy shows the service; every address in an answer begins with it."""
    cache: Annotated[int, Field(ge=0, le=65536)] = 64
    """How many MiB of answers a process holds in memory; 0: none."""
    refresh: Annotated[float, Field(gt=0, le=60)] = 0.2
    """How often, in seconds, a server looks for a new revision."""

    @property
    def database(self) -> str:
        """The database's URL."""
        path = str(self.data.resolve() / "articles.db")
        return self.database_url or URL.create("sqlite", database=path).render_as_string()

    @property
    def index(self) -> Path:
        """The folder of the index."""
        return self.data.resolve() / "index"
