"""Documents are read on a connection of their own, which ends with them."""

import sqlite3

import pytest
from sqlalchemy import URL

from app.database.document_store import DocumentStore
from app.database.engine import open_database
from app.database.migrations import migrate


def test_connection_is_closed_with_its_document_store(tmp_path) -> None:
    (tmp_path / "articles.db").touch()
    engine = open_database(f"sqlite:///{tmp_path}/articles.db")
    documents = DocumentStore(engine)
    connection = documents.connection
    del documents

    with pytest.raises(sqlite3.ProgrammingError, match="closed"):
        connection.execute("SELECT 1")
    engine.dispose()


@pytest.mark.parametrize("name", ["a b?c#d%41&é.db", "~", "file:x"])
def test_database_file_may_have_any_name(tmp_path, name) -> None:
    engine = open_database(URL.create("sqlite", database=f"{tmp_path}/{name}").render_as_string())
    migrate(engine)
    engine.dispose()

    assert (tmp_path / name).stat().st_size > 0
