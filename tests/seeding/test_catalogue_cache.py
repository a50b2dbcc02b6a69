"""A catalogue whose files are the same is not read again, and says the same."""

import pytest

from app.database.engine import migrate, open_database, write_transaction
from app.seeding.catalogue import cache, reading
from app.seeding.catalogue.cache import load_catalogue

MINSK = "- {name: Minsk, type: place, wikidata: Q2280, aliases: [Мінск], formerly: [mensk], description: A capital}\n"


@pytest.fixture
def engine(fresh, tmp_path):
    engine = open_database(fresh(tmp_path / "data").database)
    migrate(engine)
    yield engine
    engine.dispose()


@pytest.fixture(name="seeds")
def a_folder_of_seeds(tmp_path):
    folder = tmp_path / "seeds"
    folder.mkdir()
    (folder / "entities.yaml").write_text(MINSK)
    (folder / "tags.yaml").write_text("- {name: Peace, iptc: 20000053}\n")
    return folder


@pytest.fixture(name="known")
def what_a_run_knows(engine, seeds):
    def known():
        with write_transaction(engine) as connection:
            return load_catalogue(connection, [seeds])

    return known


@pytest.fixture
def sealed(monkeypatch):
    """After this, no file of a catalogue can be read any more."""

    def seal():
        monkeypatch.setattr(cache, "read_catalogue", lambda roots, **_: pytest.fail(f"{roots} are read again"))

    return seal


def test_it_says_what_the_files_said(known, sealed):
    read = known()
    sealed()
    again = known()

    assert again == read
    assert again.catalogue.digest == read.catalogue.digest
    assert again.catalogue.find_entity("mensk") is again.catalogue.entities["minsk"]


@pytest.mark.parametrize("name", ["entities.yaml", "inner/entities.yaml"])
def test_a_file_that_changes_or_comes_is_read(known, seeds, name):
    known()
    (seeds / name).parent.mkdir(exist_ok=True)
    (seeds / name).write_text(MINSK.replace("Minsk", "Miensk") + "- {name: Riga, type: place}\n")

    assert {"miensk", "riga"} <= known().catalogue.entities.keys()


def test_a_file_that_goes_says_nothing_any_more(known, seeds):
    known()
    (seeds / "entities.yaml").write_text("- {name: Riga, type: place}\n")
    known()
    (seeds / "entities.yaml").unlink()

    assert "riga" not in known().catalogue.entities


def test_what_comes_with_the_project_is_read_when_it_changes(known, tmp_path, monkeypatch):
    known()
    (tmp_path / "entities.yaml").write_text("- {name: Vilnius, type: place}\n")
    (tmp_path / "tags.yaml").write_text("")
    monkeypatch.setattr(reading, "BUILT_IN", tmp_path)

    assert {*known().catalogue.entities} == {"minsk", "vilnius"}


def test_faults_are_told_at_every_run(known, seeds):
    (seeds / "entities.yaml").write_text("- {name: Minsk, type: city}\n")
    first, second = known(), known()

    assert len(first.findings) == 1
    assert first.findings == second.findings


def test_a_file_that_can_not_be_read_is_told_at_every_run(known, seeds):
    (seeds / "tags.yaml").unlink()
    (seeds / "tags.yaml").symlink_to("nowhere.yaml")
    first, second = known(), known()

    assert [finding.file for finding in first.findings] == [str(seeds / "tags.yaml")]
    assert first.findings == second.findings
