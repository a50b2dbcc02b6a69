"""A server changes to a new revision: what is built before it is shown, and what is not built in vain."""

import pytest

from app.search.names.directory import EntityDirectory
from app.seeding.seed import seed
from app.serving import snapshot_loader
from app.system.file_lock import try_lock
from tests.conftest import seed_into, write_documents
from tests.support.documents import document


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "seeds"


def write_revision(folder, title):
    """Write one article with this title."""
    return write_documents(folder, [document("a", title)])


def test_new_revision_is_warmed_up_before_it_is_served(api, folder, monkeypatch):
    built = []

    def serve(snapshot):
        names_are_built = "entity_names" in vars(snapshot.directory)
        built.append((names_are_built, bool(snapshot.counts_cache), bool(snapshot.page_caches)))
        api.service.snapshot = snapshot

    monkeypatch.setattr(api.service, "serve", serve)
    for title in ("First", "Second", "Third"):
        api.seed(write_revision(folder, title), only=True)

    # Nothing is served before the first one, so that requests wait for it.
    assert built == [(False, False, False), (True, True, True), (True, True, True)]


def test_new_revision_is_served_although_warming_it_up_fails(api, folder, monkeypatch):
    api.seed(write_revision(folder, "First"), only=True)
    monkeypatch.setattr(EntityDirectory, "warm_up", lambda directory: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        api.seed(write_revision(folder, "Second"), only=True)

    assert api.service.snapshot.state.revision == 2


def test_entities_are_not_loaded_while_the_index_lacks_the_newest_revision(api, settings, folder, monkeypatch):
    api.seed(write_revision(folder, "First"), only=True)
    loaded = []
    monkeypatch.setattr(
        snapshot_loader, "EntityDirectory", lambda connection: loaded.append(1) or EntityDirectory(connection)
    )
    seed_into(settings, write_revision(folder, "Second"), only=True)
    with try_lock(settings.index) as locked:
        seed(api.service.local.database, [write_revision(folder, "Third")], only=True, rules="off")
        for _ in range(3):
            api.service.refresh()
        loaded_early = len(loaded)
    api.service.refresh()

    assert locked
    assert loaded_early == 0
    assert (len(loaded), api.service.snapshot.state.revision) == (1, 3)
