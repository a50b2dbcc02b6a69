"""A corpus in PostgreSQL: the servers come and go, and the answers stay right."""

import shutil
from contextlib import ExitStack
from pathlib import Path

import httpx
import psutil
import pytest
from sqlalchemy import select, text

from app.database import postgresql
from app.database.engine import open_database, read_transaction, write_transaction
from app.database.errors import DatabaseError
from app.database.migrations import migrate
from app.models import Article
from app.seeding.seed import seed
from app.serving.local_database import open_local_database
from app.settings import Settings
from tests.conftest import Api, seed_into, write_documents
from tests.support.documents import document
from tests.support.live import live
from tests.support.marked_corpus import check_marked, write_marked
from tests.support.postgres import Binaries, Server, free_port, scratch
from tests.support.servers import serving
from tests.support.waiting import PATIENCE, wait


@pytest.fixture(scope="module")
def server():
    """A server of its own, which tests may kill."""
    with scratch() as folder:
        server = Server(Binaries(folder), folder)
        yield server
        server.stop()


@pytest.fixture
def settings(server, tmp_path):
    """Settings with an empty database."""
    if not server.is_running():
        server.start()
    server.ask("DROP DATABASE IF EXISTS corpus WITH (FORCE)")
    server.ask("CREATE DATABASE corpus")
    return Settings(data=tmp_path / "data", database_url=server.url("corpus"))


@pytest.fixture
def folder(tmp_path):
    return write_documents(tmp_path / "seeds", [document("a"), document("b")])


def ids(api):
    return {item["id"] for item in api.walk("/articles")}


def test_servers_follow_a_standby_through_failures_and_promotion(commands, tmp_path):
    folders = {mark: write_marked(tmp_path / mark, mark, size) for mark, size in (("alpha", 240), ("beta", 210))}
    with scratch() as folder, ExitStack() as ending:
        binaries = Binaries(folder)
        primary = Server(binaries, folder)
        ending.callback(primary.stop)
        primary.ask("CREATE DATABASE corpus")
        seeded = commands.run("seed", "--only", folders["alpha"], database_url=primary.url("corpus"))

        assert (seeded.status, seeded.err) == (0, "")
        standby = Server(binaries, folder, primary)
        ending.callback(standby.stop)
        urls = {"database_url": primary.url("corpus"), "read_database_url": standby.url("corpus")}
        servers = [
            ending.enter_context(serving(tmp_path / f"{name}.log", data=tmp_path / name, **urls)) for name in "ab"
        ]

        def all_serve(mark, status="ready"):
            for served in servers:
                wait(lambda served=served: served.get("/health/ready").json().get("status") == status)
                wait(lambda served=served: served.json("/corpus")["sources"][0]["value"] == mark)
                assert check_marked(served) == mark

        all_serve("alpha")
        standby.ask("SELECT pg_wal_replay_pause()")
        commands.run("seed", "--only", folders["beta"], database_url=primary.url("corpus"))
        all_serve("alpha")
        standby.ask("SELECT pg_wal_replay_resume()")
        all_serve("beta")
        primary.kill()
        all_serve("beta")
        standby.ask("SELECT pg_promote()")
        seeded = commands.run("seed", "--only", folders["alpha"], database_url=standby.url("corpus"))

        assert (seeded.status, seeded.err) == (0, "")
        all_serve("alpha")
        standby.kill()
        all_serve("alpha", "degraded")
        standby.start()
        all_serve("alpha")


def test_a_server_that_starts_while_no_database_can_be_reached_serves_what_it_had(
    server, settings, variables, folder, tmp_path
):
    seed_into(settings, folder)
    server.stop()
    with serving(tmp_path / "log", **variables) as served:
        wait(lambda: served.get("/health/ready").status_code == 200)
        wait(lambda: served.json("/health/ready")["status"] == "degraded")

        assert ids(served) == {"a", "b"}
        server.start()
        wait(lambda: served.json("/health/ready")["status"] == "ready")
        write_documents(folder, [document("c")])
        seed_into(settings.model_copy(update={"data": tmp_path / "elsewhere"}), folder, only=True)
        wait(lambda: ids(served) == {"c"})


def test_several_processes_on_a_machine_share_one_copy_and_one_index(settings, folder):
    apis = [Api(settings) for _ in range(3)]
    apis[0].seed(folder)
    for api in apis:
        api.service.refresh()

    assert [ids(api) for api in apis] == [{"a", "b"}] * 3
    assert len(list((settings.data / "copies").glob("*.db"))) == 1
    assert len([path for path in settings.index.iterdir() if path.is_dir()]) == 1
    for api in apis:
        api.close()


def test_another_corpus_under_the_same_address_is_followed_without_a_restart(server, settings, folder):
    api = Api(settings)
    api.seed(folder)
    server.ask("DROP DATABASE corpus WITH (FORCE)")
    server.ask("CREATE DATABASE corpus")
    write_documents(folder, [document("z"), document("y"), document("x")])
    seed_into(settings, folder)
    api.service.refresh()

    assert ids(api) == {"x", "y", "z"}
    assert api.json("/articles/z")["id"] == "z"
    api.close()


def test_a_copy_that_is_lost_is_made_anew_without_a_restart(settings, folder):
    api = Api(settings)
    api.seed(folder)
    shutil.rmtree(settings.data)
    before = api.get("/articles").text
    api.service.refresh()

    assert api.get("/articles").text == before
    assert len(list((settings.data / "copies").glob("*.db"))) == 1
    assert api.json("/articles/a")["id"] == "a"
    api.close()


def test_copy_includes_articles_that_are_added_meanwhile(settings, folder, monkeypatch):
    monkeypatch.setattr("app.serving.copying.BATCH", 1)
    seed_into(settings, folder)
    elsewhere = settings.model_copy(update={"data": settings.data / "elsewhere"})
    copy = open_local_database(elsewhere)
    copy.open()

    def meanwhile(done, _total):
        if done == 1:
            write_documents(folder, [document("b", "Another text."), document("c")])
            seed_into(settings, folder, only=True)

    assert copy.sync(meanwhile)
    with read_transaction(copy.engine) as connection:
        live = connection.execute(select(Article.id, Article.until).order_by(Article.id)).all()

    assert [id for id, until in live if until is None] == ["b", "c"]
    copy.close()


def test_interrupted_copy_is_closed_and_completed(settings, tmp_path):
    folder = write_documents(tmp_path / "many", [document(f"a{number}") for number in range(600)])
    seed_into(settings, folder)
    elsewhere = settings.model_copy(update={"data": settings.data / "elsewhere"})
    copy = open_local_database(elsewhere)
    copy.open()
    with pytest.raises(ZeroDivisionError):
        copy.sync(lambda done, total: 1 / 0)
    copy.close()
    open_files = [file.path for file in psutil.Process().open_files() if elsewhere.data in Path(file.path).parents]
    copies = [*elsewhere.data.glob("copies/*.db")]
    api = Api(elsewhere)

    assert len(copies) == 1
    assert open_files == []
    assert len(ids(api)) == 600
    api.close()


def test_two_runs_at_once_wait_for_each_other_or_are_refused(settings, folder, monkeypatch):
    engine = open_database(settings.database)
    migrate(engine)
    with write_transaction(engine):
        monkeypatch.setattr(postgresql, "LOCK_TIMEOUT_SECONDS", 1)
        with pytest.raises(DatabaseError, match="is locked: another run is writing to it"):
            seed_into(settings, folder)
    engine.dispose()
    seed_into(settings, folder)
    api = Api(settings)

    assert ids(api) == {"a", "b"}
    api.close()


@pytest.mark.parametrize(
    ("harm", "sentence"),
    [
        ("CREATE TABLE bookmark (url TEXT)", "The database has the tables of another program: name another one."),
        (
            "CREATE TABLE alembic_version (version_num TEXT); INSERT INTO alembic_version VALUES ('zzzz')",
            "The database was made by a newer version of annotated-articles: update the program.",
        ),
    ],
)
def test_foreign_database_is_left_unchanged(server, settings, commands, folder, harm, sentence):
    server.ask(harm, "corpus")
    ended = commands.run("seed", folder, data=settings.data, database_url=settings.database_url)

    assert (ended.status, ended.err) == (1, f"articles: {sentence}\n")
    assert len(server.ask("SELECT tablename FROM pg_tables WHERE schemaname = 'public'", "corpus")) == 1


def complaint(commands, settings, folder, url):
    """The one sentence about this database, in which no password stands."""
    ended = commands.run("seed", folder, data=settings.data, database_url=url)
    (line,) = ended.err.splitlines()

    assert ended.status == 1
    assert "secret" not in line
    return line.removeprefix("articles: ")


def test_unusable_postgresql_server_is_reported_in_one_sentence(server, settings, commands, folder):
    server.ask("CREATE ROLE guest LOGIN PASSWORD 'secret'")
    server.ask("CREATE DATABASE latin ENCODING 'SQL_ASCII' LOCALE 'C' TEMPLATE template0")
    there, gone, patience = f"127.0.0.1:{server.port}", free_port(), f"connect_timeout={PATIENCE}"

    def explain(url):
        return complaint(commands, settings, folder, url)

    assert explain(f"postgresql://guest:secret@{there}/corpus?{patience}") == (
        "The database 'corpus' at 127.0.0.1 can't be written to: the rights are missing."
    )
    assert explain(f"postgresql://app:secret@{there}/none?{patience}") == (
        "The database 'none' at 127.0.0.1 can't be reached: database \"none\" does not exist."
    )
    assert explain(f"postgresql://nobody:secret@{there}/corpus?{patience}") == (
        "The database 'corpus' at 127.0.0.1 can't be reached: role \"nobody\" does not exist."
    )
    assert explain(f"postgresql://app:secret@127.0.0.1:{gone}/corpus?{patience}") == (
        "The database 'corpus' at 127.0.0.1 can't be reached: Connection refused."
    )
    assert explain(f"postgresql://app:secret@{there}/corpus?pasword=secret") == (
        "ARTICLES_DATABASE_URL is not a URL that postgresql can read."
    )
    assert explain(f"postgresql://app@{there}/latin?{patience}") == (
        "The database holds text in SQL_ASCII; create one with the encoding UTF8."
    )


def test_a_server_that_is_too_old_is_refused(settings, monkeypatch):
    monkeypatch.setattr(postgresql, "MIN_VERSION", 99)
    engine = open_database(settings.database)

    with pytest.raises(DatabaseError, match=r"The database's server is PostgreSQL \d+; it has to be 99 or newer\."):
        migrate(engine)
    engine.dispose()


def test_one_of_several_named_servers_may_be_down(server, settings, folder):
    seed_into(settings, folder)
    hosts = f"127.0.0.1:{free_port()},127.0.0.1:{server.port}"
    url = f"postgresql://app@{hosts}/corpus?connect_timeout={PATIENCE}"
    api = Api(settings.model_copy(update={"read_database_url": url}))

    assert ids(api) == {"a", "b"}
    api.close()


def test_a_replica_is_one_of_a_postgresql_server(tmp_path):
    with pytest.raises(DatabaseError, match="ARTICLES_READ_DATABASE_URL names a SQLite file"):
        open_local_database(Settings(data=tmp_path, read_database_url=f"sqlite:///{tmp_path}/a.db"))


def test_a_replica_is_neither_migrated_nor_seeded(settings):
    copy = open_local_database(settings.model_copy(update={"read_database_url": settings.database_url}))
    copy.open()

    with pytest.raises(DatabaseError, match="run 'articles migrate'"):
        copy.sync(lambda done, total: None)
    copy.close()


@pytest.fixture
def seeded(settings, folder):
    """Settings with two articles in the database, and a copy of them."""
    seed_into(settings, folder)
    return settings


def status(served):
    return served.get("/health/ready").json().get("status")


def test_a_server_that_stalls_is_given_up_and_followed_again_when_it_goes_on(server, seeded, tmp_path):
    url = server.url("corpus", timeout=2)
    with serving(tmp_path / "log", data=seeded.data, database_url=url) as served:
        wait(lambda: status(served) == "ready")
        with server.stalled():
            wait(lambda: status(served) == "degraded")

            assert ids(served) == {"a", "b"}
            assert "can't be reached: " in served.log.read_text()
        wait(lambda: status(served) == "ready")


def test_start_and_stop_do_not_wait_for_a_stalled_server(server, seeded, tmp_path):
    # Longer than the test waits for anything.
    url = server.url("corpus", timeout=10 * PATIENCE)
    variables = {"data": seeded.data, "database_url": server.url("corpus", timeout=2), "read_database_url": url}
    with serving(tmp_path / "before", **variables) as before:
        wait(lambda: status(before) == "ready")
        with server.stalled():
            with serving(tmp_path / "after", **variables) as after:
                wait(lambda: status(after) == "ready")

                assert ids(after) == {"a", "b"}
                assert [served.stop()[0] for served in (before, after)] == [0, 0]
                assert "Traceback" not in before.log.read_text() + after.log.read_text()


@pytest.mark.usefixtures("settings")
def test_reads_are_given_up_where_a_server_is_silent_and_writes_are_not(server):
    # A busy server must respond to what it is asked before and after.
    engine = open_database(server.url("corpus", timeout=5))
    slow = text("SELECT pg_sleep(6)")
    with write_transaction(engine) as connection:
        connection.execute(slow)
    with pytest.raises(DatabaseError, match="can't be reached: its server did not respond for 5 seconds"):
        with read_transaction(engine) as connection:
            connection.execute(slow)
    with read_transaction(engine) as connection:
        assert connection.scalar(text("SELECT 1")) == 1
    engine.dispose()


def test_a_copy_that_is_damaged_is_made_anew_without_a_restart(seeded, caplog):
    (copy,) = (seeded.data / "copies").glob("*.db")
    with live(seeded) as url, httpx.Client(base_url=url, timeout=PATIENCE, verify=False) as client:
        raw = copy.read_bytes()
        with copy.open("r+b") as file:
            file.write(raw[:16_384] + bytes(len(raw) - 16_384))

        assert client.get("/articles/a").status_code in (200, 503)
        wait(lambda: "is damaged" in caplog.text)
        wait(lambda: client.get("/articles/a").status_code == 200)
        wait(lambda: status(client) == "ready")
        assert list((seeded.data / "copies").glob("*.db")) == [copy]


def test_a_server_that_starts_with_a_damaged_copy_makes_it_anew(seeded):
    (copy,) = (seeded.data / "copies").glob("*.db")
    copy.write_bytes(copy.read_bytes()[:16_384] + bytes(100_000))
    with live(seeded) as url, httpx.Client(base_url=url, timeout=PATIENCE, verify=False) as client:
        assert client.get("/articles/a").status_code == 200


def test_another_corpus_of_fewer_revisions_is_followed_by_a_running_server(server, seeded, folder):
    write_documents(folder, [document("a")])
    seed_into(seeded, folder, only=True)
    with live(seeded) as url, httpx.Client(base_url=url, timeout=PATIENCE, verify=False) as client:
        server.ask("DROP DATABASE corpus WITH (FORCE)")
        server.ask("CREATE DATABASE corpus")
        engine = open_database(seeded.database_url)
        migrate(engine)
        seed(engine, [write_documents(folder, [document("z")])])
        engine.dispose()
        wait(lambda: client.get("/articles/z").status_code == 200)
