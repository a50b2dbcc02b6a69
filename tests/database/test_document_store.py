"""Documents are read on connections of their own, one for each thread that reads, which end with them."""

import sqlite3
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from sqlalchemy import URL

from app.database.document_store import DocumentStore
from app.database.engine import open_database
from app.database.errors import DatabaseError
from app.database.migrations import migrate
from app.settings import Settings
from tests.conftest import seed_into, write_documents
from tests.support.documents import document

ARTICLES = 40


@pytest.fixture
def engine(tmp_path):
    settings = Settings(data=tmp_path / "data")
    documents = [document(f"a{number}", f"Text {number}.") for number in range(ARTICLES)]
    seed_into(settings, write_documents(tmp_path / "seeds", documents))
    engine = open_database(f"sqlite:///{tmp_path}/data/articles.db")
    yield engine
    engine.dispose()


def test_threads_that_read_at_once_get_what_each_asked_for(engine) -> None:
    documents = DocumentStore(engine)
    keys = {f"a{number}": documents.find_key(f"a{number}", 1) for number in range(ARTICLES)}
    start = Barrier(4)

    def read_again_and_again(offset: int) -> list[str]:
        ids = [f"a{(offset + number) % ARTICLES}" for number in range(3_000)]
        start.wait()
        return [id for id in ids if documents.find_key(id, 1) != keys[id]]

    with ThreadPoolExecutor(4) as threads:
        wrong = list(threads.map(read_again_and_again, range(0, ARTICLES, 10)))

    assert wrong == [[], [], [], []]


def test_a_read_that_begins_during_another_has_a_connection_of_its_own(engine) -> None:
    documents = DocumentStore(engine)
    expected = {id: documents.find_key(id, 1) for id in ("a0", "a1")}
    read_meanwhile = {}

    def read() -> None:
        if not read_meanwhile:
            read_meanwhile["a1"] = None
            read_meanwhile["a1"] = documents.find_key("a1", 1)

    documents.connections[0].set_progress_handler(read, 1)
    key = documents.find_key("a0", 1)

    assert {"a0": key, **read_meanwhile} == expected
    assert len(documents.connections) == 2


def test_all_connections_of_a_store_read_the_same_file(engine, tmp_path) -> None:
    documents = DocumentStore(engine)
    first = documents.take_connection()
    file = tmp_path / "data" / "articles.db"
    copy = file.with_name("copy.db")
    copy.write_bytes(file.read_bytes())
    copy.replace(file)

    with pytest.raises(DatabaseError, match="was replaced while it was in use"):
        documents.find_key("a0", 1)

    documents.idle.append(first)
    assert documents.find_key("a0", 1) is not None


def test_connections_are_closed_with_their_document_store(tmp_path) -> None:
    (tmp_path / "articles.db").touch()
    engine = open_database(f"sqlite:///{tmp_path}/articles.db")
    documents = DocumentStore(engine)
    connections = documents.take_connection(), documents.take_connection()
    del documents

    for connection in connections:
        with pytest.raises(sqlite3.ProgrammingError, match="closed"):
            connection.execute("SELECT 1")
    engine.dispose()


@pytest.mark.parametrize("name", ["a b?c#d%41&é.db", "~", "file:x"])
def test_database_file_may_have_any_name(tmp_path, name) -> None:
    engine = open_database(URL.create("sqlite", database=f"{tmp_path}/{name}").render_as_string())
    migrate(engine)
    engine.dispose()

    assert (tmp_path / name).stat().st_size > 0
