"""Moved phrases: they are the same documents, with the same scores, whichever way their placings are searched for."""

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.search.query import moved_phrases
from app.search.query.builder import build_selection
from app.search.query.filters import FilterParams
from app.search.query.moved_phrases import MovedPhrase
from app.search.query.phrases import max_slop
from tests.conftest import Api, write_documents
from tests.support.documents import document

WORDS = ("storm", "river", "bridg", "flood", "boat")


@pytest.fixture(scope="module")
def snapshot(fresh, tmp_path_factory):
    """A snapshot of articles of few different words, in several segments."""
    folder, random = tmp_path_factory.mktemp("phrases"), Random(1)
    api = Api(fresh(folder / "data"))
    for batch in range(2):
        texts = (" ".join(random.choices((*WORDS, "other"), k=random.randrange(30))) for _ in range(60))
        documents = [document(f"a{batch}-{number}", f"Text {text}.") for number, text in enumerate(texts)]
        api.seed(write_documents(folder / f"batch-{batch}", documents))
    yield api.service.snapshot
    api.close()


phrases = st.lists(st.sampled_from(WORDS), min_size=2, max_size=5).filter(lambda words: len({*words}) > 1)


@pytest.mark.parametrize("kind", ["articles", "paragraphs"])
@pytest.mark.parametrize("few", [0, 100])
@given(phrases, st.data())
def test_candidates_change_neither_hits_nor_scores(snapshot, monkeypatch, kind, few, words, data):
    slop = data.draw(st.integers(1, max_slop(len(words))))
    phrase = MovedPhrase(snapshot.kinds[kind], "text_english", words, slop)
    monkeypatch.setattr(moved_phrases, "FEW_ARTICLES", few)
    answers = []
    for most in (0, 5_000):
        monkeypatch.setattr(moved_phrases, "MAX_CANDIDATES", most)
        result = snapshot.kinds[kind].searcher.search(phrase.query(), 1_000)
        answers.append((result.count, result.hits))

    assert answers[0] == answers[1]


def test_phrase_is_searched_for_only_where_its_words_are_close(snapshot, monkeypatch):
    searched = []

    def count_articles(phrase, articles):
        searched.append(len(articles))
        return among(phrase, articles)

    among = MovedPhrase.among
    monkeypatch.setattr(MovedPhrase, "among", count_articles)
    articles = snapshot.kinds["articles"]
    phrase = MovedPhrase(articles, "text_english", ("storm", "river", "boat"), 1)
    hits = articles.searcher.search(phrase.query(), 1_000).count

    assert 0 < hits <= max(searched) < articles.searcher.num_docs // 2


def test_phrase_is_searched_for_once_by_a_page_and_its_facets(snapshot, monkeypatch):
    fields = []

    def note_field(phrase):
        fields.append(phrase.field)
        return build_query(phrase)

    build_query = MovedPhrase.query
    monkeypatch.setattr(MovedPhrase, "query", note_field)
    selection, _ = build_selection(FilterParams(q='"storm river boat"~1'), snapshot)
    page = selection.by_relevance(selection.ranking, 0, 5)
    selection.tops(["language", "entity"], 3)

    assert page.keys
    assert sorted(fields) == ["text_english", "title_english"]


def test_phrases_are_found_beside_many_paragraphs_with_their_first_words(fresh, tmp_path, monkeypatch):
    phrase = "A storm river, and a boat."
    documents = [document("a", "\n\n".join(["Storm river."] * 20 + [phrase])), document("b", phrase)]
    api = Api(fresh(tmp_path / "data"))
    api.seed(write_documents(tmp_path / "seeds", documents))
    monkeypatch.setattr(moved_phrases, "MAX_CANDIDATES", 10)
    page = api.json("/paragraphs", q='"storm river boat"~2')
    api.close()

    assert {item["article"]["id"] for item in page["items"]} == {"a", "b"}
