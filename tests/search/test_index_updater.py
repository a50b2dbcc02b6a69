"""The index follows the database, whatever was done to it meanwhile."""

import shutil
import threading

import pytest
from sqlalchemy import update
from sqlmodel import col

from app.database.engine import open_database, write_transaction
from app.database.migrations import migrate
from app.models import Revision
from app.search.index import segments, updater
from app.search.index.schema import KINDS
from app.search.index.segments import SEGMENT_BYTES, count_segments
from app.search.index.storage import current_index, open_index
from app.search.index.updater import update_index, verify_or_discard
from app.search.index.version import parse_code
from app.seeding.seed import seed
from app.serving import snapshot_loader
from app.system.file_lock import try_lock
from tests.conftest import Api, every_database, seed_into, write_documents
from tests.search.conftest import FOUND
from tests.support.documents import document


def seed_only(settings, folder):
    """A run that was killed before the index followed."""
    engine = open_database(settings.database)
    migrate(engine)
    seed(engine, [folder])
    engine.dispose()


def test_current_index_is_used_unchanged(settings, index, caplog, find_word):
    caplog.set_level("INFO", "articles")

    assert find_word() == FOUND
    assert "built anew" not in caplog.text
    assert current_index(settings.index) == index


@every_database
def test_index_several_revisions_behind_is_updated(settings, index, folder, find_word):
    for texts in (["Word a.", "Word b, changed."], ["Other.", "Word b, changed.", "Word c."]):
        write_documents(folder, [document(id, text) for id, text in zip("abc", texts, strict=False)])
        seed_only(settings, folder)

    assert find_word() == ({"b", "c"}, 2, 2)
    assert current_index(settings.index) == index


@every_database
def test_index_ahead_of_the_other_is_updated(settings, index, folder, tmp_path, find_word):
    shutil.copytree(index / "paragraphs", tmp_path / "behind")
    write_documents(folder, [document("a", "Word a, changed."), document("d", "Word d.")])
    seed_into(settings, folder)
    shutil.rmtree(index / "paragraphs")
    (tmp_path / "behind").rename(index / "paragraphs")

    assert find_word() == ({"a", "d"}, 2, 2)


def test_leftovers_of_a_killed_writer_are_ignored(settings, index, caplog, find_word):
    (index / "articles" / "0123456789abcdef0123456789abcdef.term").write_bytes(b"half")
    (settings.index / "fedcba9876543210" / "articles").mkdir(parents=True)
    caplog.set_level("INFO", "articles")

    assert find_word() == FOUND
    assert "built anew" not in caplog.text


@pytest.mark.usefixtures("index")
def test_half_built_indexes_are_deleted_by_the_next_rebuild(settings, monkeypatch, find_word):
    (settings.index / "fedcba9876543210" / "articles").mkdir(parents=True)
    monkeypatch.setattr(updater, "index_version", lambda: "another")
    monkeypatch.setattr(snapshot_loader, "index_version", lambda: "another")

    assert find_word() == FOUND
    assert [path for path in settings.index.iterdir() if path.is_dir()] == [current_index(settings.index)]


@pytest.mark.usefixtures("index")
def test_index_of_another_version_is_rebuilt(monkeypatch, caplog, find_word):
    monkeypatch.setattr(updater, "index_version", lambda: "another")
    monkeypatch.setattr(snapshot_loader, "index_version", lambda: "another")
    caplog.set_level("INFO", "articles")

    assert find_word() == FOUND
    assert "built anew: it was made by another version" in caplog.text


@pytest.mark.usefixtures("index")
def test_index_of_another_database_is_rebuilt(settings, folder, caplog, find_word):
    for file in settings.data.glob("articles.db*"):
        file.unlink()
    write_documents(folder, [document("z", "Word z.")])
    seed_only(settings, folder)
    caplog.set_level("INFO", "articles")

    assert find_word() == ({"z"}, 1, 1)
    assert "built anew: it was made from another database" in caplog.text


@pytest.mark.usefixtures("index")
def test_index_older_than_the_last_purge_is_rebuilt(settings, folder, caplog, find_word):
    write_documents(folder, [document("a", "Word a.")])
    seed_only(settings, folder)
    engine = open_database(settings.database)
    with write_transaction(engine) as connection:
        connection.execute(update(Revision).where(col(Revision.number) == 2).values(purged=2))
    engine.dispose()
    caplog.set_level("INFO", "articles")

    assert find_word() == ({"a"}, 1, 1)
    assert "built anew: it is too far behind" in caplog.text


@pytest.mark.usefixtures("index")
def test_texts_in_a_new_language_are_stemmed(settings, folder):
    write_documents(folder, [document("a", "Word a."), document("d", "Viele Häuser.", language="de")])
    api = Api(settings)
    api.seed(folder)

    assert api.json("/articles", q="haus")["total"] == 1
    assert api.json("/articles", q="word")["total"] == 1
    api.close()


@pytest.mark.usefixtures("index")
def test_one_process_writes_while_others_serve_the_old_index(settings, folder):
    api = Api(settings)
    write_documents(folder, [document("d", "Word d.")])
    seed_only(settings, folder)
    with try_lock(settings.index):
        api.service.refresh()

        assert not update_index(api.service.local.engine, settings.index)
        assert not verify_or_discard(settings.index)
        assert api.json("/articles", q="word")["total"] == 3
    api.service.refresh()

    assert [item["id"] for item in api.json("/articles", q="word")["items"]] == ["d"]
    api.close()


@every_database
@pytest.mark.usefixtures("index")
def test_two_servers_that_update_at_once_both_serve_the_newest_revision(settings, folder):
    apis = [Api(settings), Api(settings)]
    write_documents(folder, [document(f"d{number}", "Word d.") for number in range(50)])
    seed_only(settings, folder)
    threads = [threading.Thread(target=api.service.refresh) for api in apis]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for api in apis:
        api.service.refresh()

        assert api.json("/articles", q="word")["total"] == 50
        api.close()


@every_database
def test_server_keeps_serving_while_its_index_is_discarded_and_rebuilt(settings, index, folder):
    api = Api(settings)
    (settings.index / "current").unlink()
    shutil.rmtree(index)
    api.service.refresh()

    assert api.json("/articles", q="word")["total"] == 3
    api.seed(folder)

    assert api.json("/articles", q="word")["total"] == 3
    api.close()


@every_database
@pytest.mark.usefixtures("index")
def test_interrupted_update_leaves_the_index_unchanged(settings, folder, find_word):
    write_documents(folder, [document("d", "Word d.")])
    seed_only(settings, folder)
    api = Api(settings)
    write_documents(folder, [document("e", "Word e.")])
    seed_only(settings, folder)
    api.service.local.sync(lambda done, total: None)

    with pytest.raises(ZeroDivisionError):
        update_index(api.service.local.engine, settings.index, lambda done, total: 1 / 0)
    api.close()

    assert find_word() == ({"e"}, 1, 1)


def test_segments_of_a_large_new_index_are_merged(settings, tmp_path, monkeypatch, find_word):
    monkeypatch.setattr(segments, "SAMPLE", 5)
    monkeypatch.setattr(segments, "SEGMENT_BYTES", 20_000)
    ids = [f"id-{number}" for number in range(60)]
    seed_only(settings, write_documents(tmp_path / "many", [document(id, f"Word {id}.") for id in ids]))
    found = find_word()

    assert (len(found[0]), *found[1:]) == (20, 60, 60)
    for kind in KINDS:
        assert open_index(current_index(settings.index) / kind).searcher().num_segments == 1


@pytest.mark.parametrize(
    ("size", "count"), [(0, 1), (1, 1), (SEGMENT_BYTES, 1), (SEGMENT_BYTES + 1, 8), (8.5 * SEGMENT_BYTES, 16)]
)
def test_an_index_is_divided_into_none_or_a_multiple_of_eight_segments(size, count):
    assert count_segments(size) == count


def test_index_version_depends_on_code_and_not_on_docstrings():
    code = parse_code('"""A module."""\nFIELDS = {"rights": 1}\n')

    assert code == parse_code('FIELDS = {"rights": 1}  # What the index holds.\n"""Fields."""\n')
    assert code != parse_code('FIELDS = {"rights": 2}\n')
