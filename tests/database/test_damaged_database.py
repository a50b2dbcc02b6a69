"""A SQLite database that is damaged, unreadable or replaced while it is served."""

import os
import random
import re
import resource
import shutil
import sqlite3
import subprocess
import sys
import textwrap
import threading
from contextlib import contextmanager, suppress

import httpx
import pytest

from app.database.document_store import DocumentStore
from app.database.engine import open_database, translate_error
from app.database.errors import DamagedDatabaseError, DatabaseError
from app.database.migrations import migrate
from app.settings import Settings
from tests.conftest import seed_into, write_documents
from tests.support.live import live
from tests.support.servers import serving
from tests.support.waiting import PATIENCE, wait

PAGE = 16_384


def document(id, text="A text."):
    # Long enough for pages of their own, and for values that go on over several of them.
    return {"id": id, "title": f"Title of {id}", "text": text * 400, "mentions": [], "remark": "More. " * 6_000}


@pytest.fixture(scope="module")
def seeded(tmp_path_factory):
    """A folder of data with a database and its index; tests work on copies."""
    folder = tmp_path_factory.mktemp("damage")
    write_documents(folder / "seeds", [document(f"a{number}") for number in range(6)])
    seed_into(Settings(data=folder / "data"), folder / "seeds")
    return folder


@pytest.fixture
def settings(seeded, tmp_path):
    shutil.copytree(seeded / "data", tmp_path / "data")
    return Settings(data=tmp_path / "data")


def database(settings):
    return settings.data / "articles.db"


def zeroed(raw, page):
    return raw[: page * PAGE] + bytes(PAGE) + raw[(page + 1) * PAGE :]


def garbled(raw, page):
    return raw[: page * PAGE] + random.Random(page).randbytes(PAGE) + raw[(page + 1) * PAGE :]


PAGE_HARMS = pytest.mark.parametrize("harm", [zeroed, garbled], ids=["zeroed", "garbled"])


READS = (
    lambda store, key: store.read_items([key]),
    lambda store, key: store.read_article(f"a{key - 1}", 1),
    lambda store, key: store.read_articles([key]),
    lambda store, key: store.read_languages([key]),
    lambda store, key: store.read_paragraphs([(key, 0), (key, 1)]),
    lambda store, key: store.read_paragraph(key, 1),
    lambda store, key: store.find_key(f"a{key - 1}", 1),
)


def read_everything(settings):
    """What can be read of every document, by key and by id; None where it is refused."""
    engine = open_database(settings.database)
    try:
        documents = DocumentStore(engine)
    except DatabaseError:
        return [None] * 6 * len(READS)
    values = []
    for key in range(1, 7):
        for read in READS:
            try:
                values.append(read(documents, key))
            except DatabaseError:
                values.append(None)
    documents.close()
    engine.dispose()
    return values


@PAGE_HARMS
def test_documents_of_any_damaged_page_are_right_or_refused(settings, harm):
    raw = database(settings).read_bytes()
    sound, refused = read_everything(settings), 0
    for page in range(len(raw) // PAGE):
        database(settings).write_bytes(harm(raw, page))
        read = read_everything(settings)
        refused += read.count(None)

        assert all(value is None or value == expected for value, expected in zip(read, sound, strict=True)), page
    assert None not in sound
    assert refused > len(raw) // PAGE


@PAGE_HARMS
def test_seeding_over_any_damaged_page_succeeds_or_says_so(settings, harm, tmp_path):
    raw = database(settings).read_bytes()
    folder = write_documents(tmp_path / "seeds", [document("b")])
    for page in range(0, len(raw) // PAGE, 5):
        for file in settings.data.glob("articles.db*"):
            file.unlink()
        database(settings).write_bytes(harm(raw, page))
        with suppress(DatabaseError):
            seed_into(settings, folder, only=True)


def harm_pages(harm):
    def harm_all(file):
        raw = file.read_bytes()
        for page in range(2, len(raw) // PAGE):
            raw = harm(raw, page)
        with file.open("r+b") as stream:
            stream.write(raw)

    return harm_all


HARMS = {
    "zeroed": harm_pages(zeroed),
    "garbled": harm_pages(garbled),
    "cut to one page": lambda file: os.truncate(file, PAGE),
    "cut within the first page": lambda file: os.truncate(file, 1_000),
    "cut to nothing": lambda file: os.truncate(file, 0),
}

ADDRESSES = (
    "/articles",
    "/articles?include=paragraphs",
    "/articles?highlight=offsets&q=text",
    "/articles/a1",
    "/articles/a1/paragraphs/1",
    "/articles/a1/similar",
    "/paragraphs",
    "/paragraphs?highlight=markup&q=text",
)


@contextmanager
def asking(settings):
    """A client of a server over these settings."""
    with live(settings) as url, httpx.Client(base_url=url, timeout=PATIENCE, verify=False) as client:
        yield client


def health(client):
    answer = client.get("/health/ready")
    return answer.status_code, answer.json()["status"]


@pytest.mark.parametrize("harm", HARMS.values(), ids=HARMS)
def test_damage_under_a_running_server_is_reported_until_it_is_repaired(settings, harm, caplog):
    raw = database(settings).read_bytes()
    with asking(settings) as client:
        assert health(client) == (200, "ready")
        harm(database(settings))
        answers = [client.get(address) for address in ADDRESSES]

        assert {answer.status_code for answer in answers} == {503}
        for answer in answers:
            assert re.fullmatch(
                r"The database is .*damaged; the log of the service says more\.", answer.json()["detail"]
            )
            assert answer.headers["Content-Type"] == "application/problem+json"
        assert health(client) == (200, "degraded")
        assert client.get("/corpus").json()["articles"] == 6
        assert f"The database {database(settings)} is " in caplog.text
        assert "restore a backup" in caplog.text

        database(settings).write_bytes(raw)
        wait(lambda: health(client) == (200, "ready"))
        assert {client.get(address).status_code for address in ADDRESSES} == {200}


def test_a_damaged_database_is_built_anew_under_a_running_server(settings, tmp_path):
    folder = write_documents(tmp_path / "other", [document("z")])
    with asking(settings) as client:
        HARMS["zeroed"](database(settings))

        assert client.get("/articles").status_code == 503
        for file in settings.data.glob("articles.db*"):
            file.unlink()
        wait(lambda: health(client) == (200, "degraded"))
        assert not database(settings).exists()
        seed_into(settings, folder)
        wait(lambda: client.get("/articles/z").status_code == 200)
        assert [item["id"] for item in client.get("/articles").json()["items"]] == ["z"]
        wait(lambda: health(client) == (200, "ready"))


def test_a_backup_that_is_moved_into_place_is_followed(settings, tmp_path):
    shutil.copy(database(settings), tmp_path / "backup")
    with asking(settings) as client:
        HARMS["garbled"](database(settings))

        assert client.get("/articles/a1").status_code == 503
        (tmp_path / "backup").rename(database(settings))
        wait(lambda: health(client) == (200, "ready"))
        assert client.get("/articles/a1").status_code == 200


def test_a_server_that_starts_over_a_damaged_database_says_so(settings, tmp_path):
    raw = database(settings).read_bytes()
    HARMS["zeroed"](database(settings))
    with serving(tmp_path / "log", command=("-m", "uvicorn", "app.main:app", "--port"), data=settings.data) as server:
        wait(lambda: "damaged" in server.get("/health/ready").text)

        assert server.get("/articles").json()["detail"] == "The database is damaged; the log of the service says more."
        assert str(database(settings)) in server.log.read_text()
        database(settings).write_bytes(raw)
        wait(lambda: server.get("/health/ready").json()["status"] == "ready")


def explained(file, code):
    """What is said of an error with this result code."""
    error = sqlite3.OperationalError("some error")
    error.sqlite_errorcode = code
    return translate_error(open_database(f"sqlite:///{file}"), error)


CODES = {name: getattr(sqlite3, name) for name in dir(sqlite3) if re.match("SQLITE_[A-Z_]+$", name)}


@pytest.mark.parametrize(
    "family", ["IOERR", "FULL", "READONLY", "BUSY", "LOCKED", "PROTOCOL", "CANTOPEN", "NOMEM", "PERM"]
)
def test_only_damage_is_called_damage(family, tmp_path):
    codes = {name: code for name, code in CODES.items() if re.match(f"SQLITE_{family}(_|$)", name)}

    assert codes
    for code in codes.values():
        error = explained(tmp_path / "none.db", code)

        assert not isinstance(error, DamagedDatabaseError)
        assert not re.search("delete|damaged|failed", str(error))


def test_damage_is_reported_with_a_remedy(tmp_path):
    for name in ("SQLITE_CORRUPT", "SQLITE_CORRUPT_INDEX", "SQLITE_CORRUPT_VTAB", "SQLITE_NOTADB", "SQLITE_MISMATCH"):
        error = explained(tmp_path / "none.db", CODES[name])

        assert isinstance(error, DamagedDatabaseError)
        assert "restore a backup" in str(error)
        assert str(tmp_path) not in error.summary


def refusal(settings):
    with pytest.raises(DatabaseError) as raised:
        migrate(open_database(settings.database))
    return str(raised.value).removeprefix(f"The database {database(settings)} ")


def test_file_that_cannot_be_opened_is_reported_with_the_reason_of_the_system(settings):
    most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (3, most[1]))
    try:
        message = refusal(settings)
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, most)

    assert message == "can't be opened: Too many open files."
    database(settings).with_name("articles.db-wal").mkdir()
    assert refusal(settings) == "can't be opened: its folder must exist and be writable."
    database(settings).unlink()
    database(settings).mkdir()
    assert refusal(settings) == "can't be opened: Is a directory."


FAILING_DISK = """
    #define _GNU_SOURCE
    #include <dlfcn.h>
    #include <errno.h>
    #include <stdio.h>
    #include <stdlib.h>
    #include <string.h>
    #include <unistd.h>
    ssize_t pread64(int file, void *buffer, size_t count, off64_t offset) {
        char link[64], name[4096];
        snprintf(link, sizeof link, "/proc/self/fd/%d", file);
        ssize_t length = readlink(link, name, sizeof name - 1);
        if (length > 0 && access(getenv("FAILING_DISK"), F_OK) == 0) {
            name[length] = 0;
            if (strstr(name, "articles.db")) { errno = EIO; return -1; }
        }
        return ((ssize_t (*)(int, void *, size_t, off64_t)) dlsym(RTLD_NEXT, "pread64"))(file, buffer, count, offset);
    }
"""


@pytest.mark.skipif(not shutil.which("gcc"), reason="A disk that fails is made with gcc.")
def test_failing_disk_is_reported_until_it_works_again(settings, tmp_path, monkeypatch):
    source, library, switch = tmp_path / "disk.c", tmp_path / "disk.so", tmp_path / "fails"
    source.write_text(textwrap.dedent(FAILING_DISK))
    subprocess.run(["gcc", "-shared", "-fPIC", "-o", library, source, "-ldl"], check=True)
    monkeypatch.setenv("LD_PRELOAD", str(library))
    monkeypatch.setenv("FAILING_DISK", str(switch))
    command = ("-m", "app", "serve", "--port")
    with serving(tmp_path / "log", command=command, data=settings.data) as server:
        wait(lambda: server.get("/health/ready").status_code == 200)
        switch.touch()
        answer = server.get("/articles/a1")

        assert (answer.status_code, answer.json()["detail"]) == (
            503,
            "The database can't be read or written at the moment; the log of the service says more.",
        )
        assert server.get("/health/ready").json()["status"] == "degraded"
        log = server.log.read_text()
        assert "its disk reports an input/output error" in log
        assert not re.search("damaged|delete", log)
        switch.unlink()
        wait(lambda: server.get("/health/ready").json()["status"] == "ready")
        assert server.get("/articles/a1").status_code == 200


MAKING = """
import os, sys
import alembic.command, alembic.config, app.database.sqlite, sqlalchemy.dialects.sqlite
from app.database.engine import open_database
from app.database.migrations import migrate
end, start = os.pipe()
processes = []
for _ in range(5):
    if (process := os.fork()) == 0:
        os.close(start)
        os.read(end, 1)  # Until all are there.
        migrate(open_database(sys.argv[1]))
        sys.exit(0)
    processes.append(process)
os.close(start)
print([os.waitpid(process, 0)[1] for process in processes])
"""


def test_many_processes_make_one_new_database_at_once(tmp_path):
    command = [sys.executable, "-c", MAKING, f"sqlite:///{tmp_path}/articles.db?timeout={PATIENCE}"]
    ended = subprocess.run(command, capture_output=True, text=True, check=False)

    assert (ended.stdout, ended.stderr) == (f"{[0] * 5}\n", "")


def test_a_database_that_another_process_is_just_making_is_waited_for(tmp_path):
    other = sqlite3.connect(tmp_path / "articles.db", isolation_level=None, check_same_thread=False)
    other.execute("CREATE TABLE making (step INTEGER)")
    other.execute("BEGIN IMMEDIATE")
    opened = open_database(f"sqlite:///{tmp_path}/articles.db")
    timer = threading.Timer(0.3, lambda: other.execute("COMMIT"))
    timer.start()
    with opened.connect() as connection:
        mode = connection.exec_driver_sql("PRAGMA journal_mode").scalar()
    timer.join()
    other.close()
    opened.dispose()

    assert mode == "wal"
