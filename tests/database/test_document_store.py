"""Documents are read on a connection of their own, which ends with them."""

import sqlite3

import pytest

from app.database.document_store import DocumentStore
from app.database.engine import open_database


def test_connection_is_closed_with_its_document_store(tmp_path) -> None:
    (tmp_path / "articles.db").touch()
    engine = open_database(f"sqlite:///{tmp_path}/articles.db")
    documents = DocumentStore(engine)
    connection = documents.connection
    del documents

    with pytest.raises(sqlite3.ProgrammingError, match="closed"):
        connection.execute("SELECT 1")
    engine.dispose()
