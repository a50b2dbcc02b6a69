"""Connections of an engine: each transaction on a SQLite file opens its own, and closes it."""

import sys

import psutil
import pytest
from sqlalchemy import inspect

from app.database.engine import defer_indexes, open_database, read_transaction, write_transaction
from app.database.errors import DatabaseError
from app.database.migrations import migrate
from app.models import Mention
from app.settings import Settings


@pytest.fixture
def database(tmp_path):
    """The URL of an empty database."""
    url = Settings(data=tmp_path).database
    migrate(open_database(url))
    return url


def open_files(folder):
    """Return the files in a folder that this process has open."""
    return [file.path for file in psutil.Process().open_files() if file.path.startswith(str(folder))]


@pytest.mark.parametrize("transaction", [read_transaction, write_transaction])
def test_connection_in_use_is_closed_although_the_engine_was_disposed(database, tmp_path, transaction):
    engine = open_database(database)
    with transaction(engine):
        engine.dispose()
        files_in_use = open_files(tmp_path)

    assert files_in_use
    assert open_files(tmp_path) == []


def test_indexes_are_missing_within_the_block_that_defers_them_and_are_there_after_it(database):
    engine = open_database(database)
    with write_transaction(engine) as connection:
        with defer_indexes(connection, [Mention]):
            within = inspect(connection).get_indexes("mention")
        after = inspect(connection).get_indexes("mention")

    assert within == []
    assert [index["column_names"] for index in after] == [["entity"]]


def test_database_in_memory_outlives_a_transaction():
    engine = open_database("sqlite://")
    migrate(engine)
    with read_transaction(engine) as connection:
        tables = connection.exec_driver_sql("SELECT count(*) FROM sqlite_master WHERE name = 'article'").scalar()
    engine.dispose()

    assert tables == 1


def test_driver_that_is_not_installed_is_named_with_its_extra(monkeypatch):
    monkeypatch.setitem(sys.modules, "psycopg", None)
    monkeypatch.delitem(sys.modules, "app.database.postgresql", raising=False)
    for scheme in ("postgresql", "postgres"):
        with pytest.raises(DatabaseError) as refusal:
            open_database(f"{scheme}://me:secret@host/articles")

        assert str(refusal.value) == (
            f"ARTICLES_DATABASE_URL names '{scheme}', but psycopg is not installed: "
            "install `annotated-articles[postgresql]`."
        )
