"""Which articles are like one: by the entities, tags and telling words that they share."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from tantivy import Occur, Query

from app.search.index.analysis import stemmer_for, tokenize
from app.search.index.stop_words import has_content_words
from app.search.paging import Pager
from app.search.snapshot import Snapshot

WORDS = 25
"""How many of an article's words are compared."""

LEAST = 3
"""A word of fewer letters tells nothing."""


class SimilarityProfile(NamedTuple):
    """What an article is compared by."""

    entities: Sequence[str]
    tags: Sequence[str]
    words: Mapping[str, str]
    """Stems, each with the word as the article writes it; the most telling first."""
    stemmer: str


def build_profile(
    snapshot: Snapshot, texts: Sequence[str], language: str, entities: Sequence[str], tags: Sequence[str]
) -> SimilarityProfile:
    """What an article of these texts is compared by.

    Its most telling words are those that it uses most and other articles least (tf-idf).
    """
    name = stemmer_for(language)
    articles = snapshot.kinds["articles"]
    counts: Counter[str] = Counter()
    written: dict[str, str] = {}
    for text in texts:
        for token in tokenize(text, name):
            word = text[token.start : token.end]
            if len(token.text) >= LEAST and not token.text.isdecimal() and has_content_words(word, name):
                counts[token.text] += 1
                written.setdefault(token.text, word)
    weights = {}
    for stem, count in counts.items():
        others = articles.searcher.doc_freq(f"text_{name}", stem)
        if others > 1:
            weights[stem] = count / others
    telling = sorted(weights, key=lambda stem: (-weights[stem], stem))[:WORDS]
    return SimilarityProfile(entities, tags, {stem: written[stem] for stem in telling}, name)


def find_similar(snapshot: Snapshot, id: str, like: SimilarityProfile, limit: int) -> list[int]:
    """The keys of the articles that share most with the article of this id, the most similar first."""
    schema = snapshot.kinds["articles"].schema
    shared = [
        *(Query.term_query(schema, "entity", it) for it in like.entities),
        *(Query.term_query(schema, "tag", it) for it in like.tags),
        *(Query.boost_query(Query.term_query(schema, f"text_{like.stemmer}", it, "freq"), 0.5) for it in like.words),
    ]
    if not shared:
        return []
    itself = Query.term_query(schema, "id", id)
    query = Query.boolean_query([(Occur.Should, it) for it in shared] + [(Occur.MustNot, itself)])
    return [article for article, _ in Pager(snapshot.kinds["articles"], "articles", query).ranked(0, limit).places]
