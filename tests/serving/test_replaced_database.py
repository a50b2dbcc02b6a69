"""A SQLite database whose file is replaced or deleted at the moment at which it is read."""

from contextlib import suppress

import pytest

from app.database.document_store import identify
from app.database.errors import DatabaseError
from app.serving import service
from app.settings import Settings
from tests.conftest import Api, seed_into, write_documents
from tests.support.documents import document


@pytest.fixture
def settings(tmp_path):
    """The settings of two corpora, of which the old one is served: keys and ids are the same, the words differ."""

    def seed_word(word):
        settings = Settings(data=tmp_path / word)
        seed_into(settings, write_documents(tmp_path / f"{word} seeds", [document("a", f"An {word} text.")]))
        return settings

    return {word: seed_word(word) for word in ("old", "new")}


@pytest.fixture
def api(settings):
    api = Api(settings["old"])
    yield api
    api.close()


def leads(api):
    """Return the first words of the article that each word finds."""
    pages = [api.get("/articles", params={"q": word, "limit": 1}) for word in ("old", "new")]
    assert {page.status_code for page in pages} == {200}
    return [item["lead"] for page in pages for item in page.json()["items"]]


def test_file_replaced_during_a_refresh_is_served_with_its_own_documents(api, settings, monkeypatch):
    old_file, new_file = (settings[word].data / "articles.db" for word in ("old", "new"))

    def identify_replaced(engine):
        if new_file.exists():
            new_file.replace(old_file)
        return identify(engine)

    monkeypatch.setattr(service, "identify", identify_replaced)
    for _ in range(3):
        api.service.refresh()

        assert leads(api) in (["An old text."], ["An new text."])
    assert leads(api) == ["An new text."]


def test_file_deleted_during_a_refresh_is_not_created(api, settings, monkeypatch):
    file = settings["old"].data / "articles.db"

    def identify_deleted(engine):
        identity = identify(engine)
        file.unlink()
        return identity

    monkeypatch.setattr(service, "identify", identify_deleted)
    api.service.local.recover(OSError())
    with suppress(DatabaseError):
        api.service.refresh()

    assert not file.exists()
    assert leads(api) == ["An old text."]
