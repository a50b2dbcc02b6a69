"""More like this: find articles that share entities, tags and characteristic words with one."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from tantivy import Occur, Query

from app.search.index.analysis import analyze, find_spans
from app.search.index.stemmers import stemmer_for
from app.search.index.stop_words import has_content_words
from app.search.paging import Pager
from app.search.snapshot import Snapshot

MAX_WORDS = 25
"""Words of an article that are compared."""

MIN_LETTERS = 3
"""Shorter words are not compared."""


class SimilarityProfile(NamedTuple):
    """The features by which an article is compared."""

    entities: Sequence[str]
    tags: Sequence[str]
    words: Mapping[str, str]
    """Stems, each with the word as the article writes it; the most characteristic first."""
    stemmer: str


def build_profile(
    snapshot: Snapshot, texts: Sequence[str], language: str, entities: Sequence[str], tags: Sequence[str]
) -> SimilarityProfile:
    """Return the features of an article of these texts.

    Its most characteristic words are those that it uses most and other articles least (tf-idf).
    """
    name = stemmer_for(language)
    articles = snapshot.kinds["articles"]
    counts: Counter[str] = Counter()
    written: dict[str, str] = {}
    for text in texts:
        for stem, (start, end) in zip(analyze(text, name), find_spans(text), strict=True):
            word = text[start:end]
            if len(stem) >= MIN_LETTERS and not stem.isdecimal() and has_content_words(word, name):
                counts[stem] += 1
                written.setdefault(stem, word)
    weights = {}
    for stem, count in counts.items():
        others = articles.searcher.doc_freq(f"text_{name}", stem)
        if others > 1:
            weights[stem] = count / others
    best = sorted(weights, key=lambda stem: (-weights[stem], stem))[:MAX_WORDS]
    return SimilarityProfile(entities, tags, {stem: written[stem] for stem in best}, name)


def find_similar(snapshot: Snapshot, id: str, profile: SimilarityProfile, limit: int) -> list[int]:
    """Return the keys of the articles that share most with the article of this id, the most similar first."""
    schema = snapshot.kinds["articles"].schema
    text = f"text_{profile.stemmer}"
    shared = [
        *(Query.term_query(schema, "entity", entity) for entity in profile.entities),
        *(Query.term_query(schema, "tag", tag) for tag in profile.tags),
        *(Query.boost_query(Query.term_query(schema, text, word, "freq"), 0.5) for word in profile.words),
    ]
    if not shared:
        return []
    itself = Query.term_query(schema, "id", id)
    query = Query.boolean_query([(Occur.Should, clause) for clause in shared] + [(Occur.MustNot, itself)])
    return [article for article, _ in Pager(snapshot.kinds["articles"], "articles", query).by_relevance(0, limit).keys]
