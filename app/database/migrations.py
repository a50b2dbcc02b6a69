"""Migrations: create or upgrade the tables of a database by Alembic, and check which version they have."""

from pathlib import Path

from sqlalchemy import Connection, Engine, column, inspect, select, table

from app.database.dialect import dialect_of
from app.database.engine import read_transaction, write_transaction
from app.database.errors import DatabaseError

MIGRATIONS = Path(__file__).parent.parent.parent / "migrations"

VERSIONS = sorted(file.name.partition("_")[0] for file in (MIGRATIONS / "versions").glob("[0-9]*.py"))
"""The revision ids of all migrations, the newest last."""

ALEMBIC_VERSION = table("alembic_version", column("version_num"))
"""The table in which Alembic keeps the revision id of a database."""


def migrate(engine: Engine) -> None:
    """Create the database, or upgrade its tables to this version; leave one that has them alone.

    If nothing is to be done, this waits for no writer. Raises `DatabaseError`, also for a database of a newer version
    and for one of another program.
    """
    dialect_of(engine).prepare(engine)
    if is_migrated(engine):
        return
    with write_transaction(engine) as connection:
        # Another process may have been faster.
        if read_version(connection) != VERSIONS[-1]:
            upgrade(connection)


def is_migrated(engine: Engine) -> bool:
    """Return whether the database has this version's tables. Raises `DatabaseError` as `migrate` does."""
    with read_transaction(engine) as connection:
        return read_version(connection) == VERSIONS[-1]


def read_version(connection: Connection) -> str | None:
    """Return the revision id of the database; None if it is empty.

    Raises `DatabaseError` for a database of a newer version, and for one of another program.
    """
    tables = set(inspect(connection).get_table_names())
    current = connection.scalar(select(ALEMBIC_VERSION.c.version_num)) if ALEMBIC_VERSION.name in tables else None
    if current is None:
        if tables - {ALEMBIC_VERSION.name}:
            raise DatabaseError("The database has the tables of another program: name another one.")
    elif current not in VERSIONS:
        raise DatabaseError("The database was made by a newer version of annotated-articles: update the program.")
    return current


def upgrade(connection: Connection) -> None:
    """Run the migrations that the database lacks."""
    # Alembic takes .4 s of CPU to load, and most commands find nothing to upgrade.
    from alembic import command  # noqa: PLC0415
    from alembic.config import Config  # noqa: PLC0415

    config = Config(attributes={"connection": connection})
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    command.upgrade(config, "head")
