"""The catalogue cache: a catalogue whose files are the same is not read again."""

import pytest

from app.database.engine import open_database, write_transaction
from app.database.migrations import migrate
from app.seeding.catalogue import cache, reading
from app.seeding.catalogue.cache import load_catalogue
from tests.conftest import every_database

pytestmark = every_database

MINSK = "- {name: Minsk, type: place, wikidata: Q2280, aliases: [Мінск], formerly: [mensk], description: A capital}\n"


@pytest.fixture
def engine(fresh, tmp_path):
    engine = open_database(fresh(tmp_path / "data").database)
    migrate(engine)
    yield engine
    engine.dispose()


@pytest.fixture(name="seeds")
def make_seeds(tmp_path):
    folder = tmp_path / "seeds"
    folder.mkdir()
    (folder / "entities.yaml").write_text(MINSK)
    (folder / "tags.yaml").write_text("- {name: Peace, iptc: 20000053}\n")
    return folder


@pytest.fixture(name="load")
def make_load(engine, seeds):
    def load():
        with write_transaction(engine) as connection:
            return load_catalogue(connection, [seeds])

    return load


@pytest.fixture
def forbid_reading(monkeypatch):
    """Return a function after which reading the catalogue's files fails the test."""

    def forbid():
        monkeypatch.setattr(cache, "read_catalogue", lambda roots, **_: pytest.fail(f"{roots} are read again"))

    return forbid


def test_cached_catalogue_equals_the_one_that_was_read(load, forbid_reading):
    read = load()
    forbid_reading()
    again = load()

    assert again == read
    assert again.catalogue.digest == read.catalogue.digest
    assert again.catalogue.find_entity("mensk") is again.catalogue.entities["minsk"]


@pytest.mark.parametrize("name", ["entities.yaml", "inner/entities.yaml"])
def test_changed_or_new_file_is_read(load, seeds, name):
    load()
    (seeds / name).parent.mkdir(exist_ok=True)
    (seeds / name).write_text(MINSK.replace("Minsk", "Miensk") + "- {name: Riga, type: place}\n")

    assert {"miensk", "riga"} <= load().catalogue.entities.keys()


def test_entries_of_a_deleted_file_are_gone(load, seeds):
    load()
    (seeds / "entities.yaml").write_text("- {name: Riga, type: place}\n")
    load()
    (seeds / "entities.yaml").unlink()

    assert "riga" not in load().catalogue.entities


def test_changed_built_in_file_is_read(load, tmp_path, monkeypatch):
    load()
    (tmp_path / "entities.yaml").write_text("- {name: Vilnius, type: place}\n")
    (tmp_path / "tags.yaml").write_text("")
    monkeypatch.setattr(reading, "BUILT_IN", tmp_path)

    assert {*load().catalogue.entities} == {"minsk", "vilnius"}


def test_faults_are_reported_at_every_run(load, seeds):
    (seeds / "entities.yaml").write_text("- {name: Minsk, type: city}\n")
    first, second = load(), load()

    assert len(first.findings) == 1
    assert first.findings == second.findings


def test_unreadable_file_is_reported_at_every_run(load, seeds):
    (seeds / "tags.yaml").unlink()
    (seeds / "tags.yaml").symlink_to("nowhere.yaml")
    first, second = load(), load()

    assert [finding.file for finding in first.findings] == [str(seeds / "tags.yaml")]
    assert first.findings == second.findings
