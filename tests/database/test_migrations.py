"""Migrations: they create the tables of the models, and upgrade an earlier database."""

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import inspect
from sqlmodel import SQLModel

import app.models  # noqa: F401  (the tables register themselves)
from app.database.engine import open_database, read_transaction, write_transaction
from app.database.errors import DatabaseError
from app.database.migrations import MIGRATIONS, migrate
from tests.conftest import every_database

pytestmark = every_database


@pytest.fixture
def url(fresh, tmp_path):
    """The URL of an empty database."""
    return empty(fresh(tmp_path / "some" / "folder").database)


@pytest.fixture
def engine(url):
    engine = open_database(url)
    yield engine
    engine.dispose()


def empty(url):
    """Empty the database of a URL, and return the URL."""
    engine = open_database(url)
    if engine.dialect.name == "postgresql":
        with write_transaction(engine) as connection:
            connection.exec_driver_sql("DROP SCHEMA public CASCADE")
            connection.exec_driver_sql("CREATE SCHEMA public")
    engine.dispose()
    return url


def alembic(engine, name, *arguments):
    """Run a command of Alembic on this database."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    with write_transaction(engine) as connection:
        config.attributes["connection"] = connection
        getattr(command, name)(config, *arguments)


def tables(engine):
    """Every table with its columns, keys and indexes."""
    with read_transaction(engine) as connection:
        inspector = inspect(connection)
        return {
            name: (
                [(column["name"], str(column["type"]), column["nullable"]) for column in inspector.get_columns(name)],
                inspector.get_pk_constraint(name),
                inspector.get_unique_constraints(name),
                sorted(index["name"] for index in inspector.get_indexes(name)),
                sorted((key["name"], *key["options"].items()) for key in inspector.get_foreign_keys(name)),
            )
            for name in inspector.get_table_names()
            if name != "alembic_version"
        }


def test_migrate_creates_all_tables_and_alembic_check_passes(engine):
    migrate(engine)
    alembic(engine, "check")

    assert set(tables(engine)) == set(SQLModel.metadata.tables)


def test_migrated_tables_equal_those_of_the_models(engine, fresh, tmp_path):
    migrate(engine)
    (tmp_path / "articles.db").touch()
    other = open_database(empty(fresh(tmp_path).database))
    with write_transaction(other) as connection:
        SQLModel.metadata.create_all(connection)

    assert tables(engine) == tables(other)
    other.dispose()


def test_downgrade_to_nothing_and_upgrade_again(engine):
    migrate(engine)
    before = tables(engine)
    alembic(engine, "downgrade", "base")

    assert tables(engine) == {}
    migrate(engine)
    assert tables(engine) == before


def test_migrate_does_not_write_to_an_up_to_date_database(engine):
    migrate(engine)
    with write_transaction(engine):
        migrate(engine)


def test_alembic_commands_work_without_the_program(engine, url, monkeypatch):
    monkeypatch.setenv("ARTICLES_DATABASE_URL", url)
    migrate(engine)
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    command.downgrade(config, "base")
    command.upgrade(config, "head")

    assert set(tables(engine)) == set(SQLModel.metadata.tables)


def test_foreign_keys_are_enforced(engine):
    migrate(engine)
    with pytest.raises(DatabaseError), write_transaction(engine) as connection:
        connection.exec_driver_sql("INSERT INTO article_tag VALUES (1, 1)")


def test_database_of_another_program_is_refused(engine, tmp_path):
    (tmp_path / "some" / "folder").mkdir(parents=True)
    (tmp_path / "some" / "folder" / "articles.db").touch()
    with write_transaction(engine) as connection:
        connection.exec_driver_sql("CREATE TABLE bookmark (url TEXT)")
    with pytest.raises(DatabaseError, match="another program"):
        migrate(engine)

    assert set(tables(engine)) == {"bookmark"}
