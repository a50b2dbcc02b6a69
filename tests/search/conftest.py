"""A seeded corpus of three articles, with its index."""

import shutil

import pytest

from app.search.index.storage import current_index
from app.settings import Settings
from tests.conftest import Api, seed_into, write_documents
from tests.support.documents import document


def write_word_documents(folder):
    """Write three articles that `word` finds."""
    return write_documents(folder, [document(id, f"Word {id}.") for id in "abc"])


@pytest.fixture(scope="session")
def word_corpus(tmp_path_factory):
    """A folder with `seeds`, and the `data` made of them, to be copied: seeding takes 100 ms, copying 2."""
    corpus = tmp_path_factory.mktemp("words")
    seed_into(Settings(data=corpus / "data"), write_word_documents(corpus / "seeds"))
    return corpus


@pytest.fixture
def folder(word_corpus):
    """The folder that the corpus is seeded from, as it was before other tests changed it."""
    return write_word_documents(word_corpus / "seeds")


@pytest.fixture
def index(settings, word_corpus, folder):
    """The folder of the index of the seeded corpus."""
    if settings.database_url:
        seed_into(settings, folder)
    else:
        shutil.copytree(word_corpus / "data", settings.data)
    return current_index(settings.index)


FOUND = ({"a", "b", "c"}, 3, 3)
"""What `find_word` returns for this corpus."""


@pytest.fixture
def find_word(settings):
    """Return a function that starts a server anew; it returns the ids and number of articles and paragraphs found."""

    def find():
        api = Api(settings)
        try:
            page = api.json("/articles", q="word")
            return {item["id"] for item in page["items"]}, page["total"], api.json("/paragraphs", q="word")["total"]
        finally:
            api.close()

    return find
