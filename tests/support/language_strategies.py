"""Articles in three languages, and queries for their words, with an oracle that reads every text."""

from collections.abc import Callable
from functools import cache
from itertools import pairwise, product
from typing import NamedTuple

from hypothesis import strategies as st

from app.search.index.analysis import tokenize
from app.search.index.stemmers import PLAIN, stemmer_for
from app.search.index.stop_words import has_content_words

WORDS = {
    "en": ("missile", "missiles", "treaty", "Treaties", "the", "Zoë", "hauser", "missile-free"),
    "de": ("Häuser", "haus", "Straße", "STRASSEN", "the", "der", "zoe", "Missiles"),
    "zh": ("北京大学", "大学", "京大", "北", "第3章", "missiles"),
}
SOME = sorted({word for words in WORDS.values() for word in words} | {"strasse", "ZOE", "京", "学", "在第3", "章"})
SHORT = [word for word in SOME if len(tokenize(word, PLAIN)) == 1]
ROLES = ("heading", "credit", "body", "body")


def articles(language):
    text = st.lists(st.sampled_from(WORDS[language]), min_size=1, max_size=6).map(" ".join)
    paragraph = st.fixed_dictionaries({"role": st.sampled_from(ROLES), "text": text})
    paragraphs = st.lists(paragraph, max_size=3)
    return st.fixed_dictionaries({"language": st.just(language), "title": text, "paragraphs": paragraphs})


corpora = st.lists(st.sampled_from([*WORDS]).flatmap(articles), min_size=4, max_size=8).map(
    lambda several: [{**article, "id": f"a{number}"} for number, article in enumerate(several)]
)


def located_words(text, language):
    """Return the words of a text, each with its position."""
    return [(token.text, token.position) for token in tokenize(text, stemmer_for(language))]


def written(text):
    """Return the words of a text without stemming, folded."""
    return [token.text for token in tokenize(text, PLAIN)]


def stands(term, text, language, slop=0):
    """Tell whether words are in a text, displaced against their neighbours by `slop` in total."""
    wanted = located_words(term, language)
    last = len(wanted) - 1
    fitting = [
        [at for other, at in located_words(text, language) if fits(word, other, first=place == 0, last=place == last)]
        for word, place in wanted
    ]
    return any(
        len({*places}) == len(places) and sum(abs(b - a - 1) for a, b in pairwise(places)) <= slop
        for places in product(*fitting)
    )


def fits(word, other, *, first, last):
    """Tell whether words are the same, or a character at the edge of the phrase is in a pair."""
    in_pair = "\u4e00" <= word <= "\u9fff" and (len(word), len(other)) == (1, 2)
    return word == other or (in_pair and ((first and other[1] == word) or (last and other[0] == word)))


@cache
def differ(one, other):
    """Return the edit distance of words; two swapped letters count once."""
    if not one or not other:
        return len(one) + len(other)
    ways = [differ(one[1:], other) + 1, differ(one, other[1:]) + 1, differ(one[1:], other[1:]) + (one[0] != other[0])]
    if len(one) > 1 and len(other) > 1 and one[:2] == other[1::-1]:
        ways.append(differ(one[2:], other[2:]) + 1)
    return min(ways)


class Part(NamedTuple):
    """A part of a question: what it says of texts of one language, or None where it has only ignored words."""

    text: str
    terms: tuple[str, ...]
    """The words that it searches for."""
    holds: Callable[[list, frozenset], bool | None]
    requires: Callable[[frozenset], bool] = lambda ignored: True
    """Whether it searches for anything, and does not only exclude."""

    def among(self, texts):
        """Whether texts match the question, in which stop words are ignored if there are other words."""
        if not texts:
            return False
        stops = frozenset(term for term in self.terms if not has_content_words(term, stemmer_for(texts[0][1])))
        return bool(self.holds(texts, frozenset() if stops >= {*self.terms} else stops))

    def __repr__(self):
        return self.text


def single(text, among):
    """A part that is never ignored: it counts as a word with content."""
    return Part(text, ("missile",), lambda texts, ignored: among(texts))


def word(letters):
    def holds(texts, ignored):
        return None if letters in ignored else any(stands(letters, *text) for text in texts)

    return Part(letters, (letters,), holds, lambda ignored: letters not in ignored)


def phrase(several, slop):
    words = " ".join(several)
    return single(f'"{words}"~{slop}', lambda texts: any(stands(words, *text, slop) for text in texts))


def prefix(word):
    (folded,) = written(word)
    return single(f"{word}*", lambda texts: any(item.startswith(folded) for text, _ in texts for item in written(text)))


def fuzzy(word, distance):
    return single(
        f"{word}~{distance}",
        lambda texts: any(differ(word, item) <= distance for text, _ in texts for item in written(text)),
    )


def together(one, other):
    def holds(texts, ignored):
        left = [item for item in (one.holds(texts, ignored), other.holds(texts, ignored)) if item is not None]
        return all(left) if left else None

    return Part(
        f"({one.text} {other.text})", one.terms + other.terms, holds,
        lambda ignored: one.requires(ignored) or other.requires(ignored),
    )  # fmt: skip


def either(one, other):
    def holds(texts, ignored):
        left = [item.holds(texts, ignored) for item in (one, other) if item.requires(ignored)]
        return any(left) if left else None

    return Part(
        f"({one.text} OR {other.text})", one.terms + other.terms, holds,
        lambda ignored: one.requires(ignored) or other.requires(ignored),
    )  # fmt: skip


def without(one, other):
    def holds(texts, ignored):
        return one.holds(texts, ignored) is not False and not other.holds(texts, frozenset())

    return Part(f"({one.text} -{other.text})", one.terms, holds, one.requires)


phrases = st.builds(phrase, st.lists(st.sampled_from(SHORT), min_size=2, max_size=3), st.integers(0, 2)) | st.builds(
    phrase, st.lists(st.sampled_from(SOME), min_size=2, max_size=3), st.integers(0, 1)
)
prefixes = st.sampled_from(["miss", "missiles", "STRA", "zö", "häus", "trea", "北京", "mis"]).map(prefix)
fuzzies = st.builds(fuzzy, st.sampled_from(["misile", "zeo", "hsau", "treatys", "北大"]), st.integers(1, 2))
terms = st.sampled_from(SOME).map(word) | phrases | prefixes | fuzzies
combined = (together, either, without)
trees = st.recursive(terms, lambda part: st.one_of(*(st.builds(how, part, part) for how in combined)), max_leaves=4)


def natural(several):
    """Make a query in natural language: one of the words is enough, but no stop word."""

    def among(texts):
        words = [word for part in several for word in apart(part)]
        telling = [word for word in words if has_content_words(word, stemmer_for(texts[0][1]))] if texts else []
        return any(stands(item, *text) for item in telling or words for text in texts)

    return single(" ".join(several), among)


def apart(term):
    return [term[token.start : token.end] for token in tokenize(term, PLAIN)]


naturals = st.lists(st.sampled_from(SOME), min_size=1, max_size=4).map(natural)
questions = trees.map(lambda q: (q, {"q": q.text})) | naturals.map(lambda q: (q, {"q": q.text, "match": "any"}))
"""Queries, each with its parameters."""
several = st.lists(questions, min_size=10, max_size=10)


def paragraphs(article):
    """Return the paragraphs that are searched: position, text and language."""
    listed = enumerate([{"role": "title", "text": article["title"]}, *article["paragraphs"]])
    return [
        (position, paragraph["text"], article["language"])
        for position, paragraph in listed
        if paragraph["role"] != "credit"
    ]


def selected_articles(corpus, q):
    return {
        article["id"] for article in corpus if q.among([(text, language) for _, text, language in paragraphs(article)])
    }


def selected_paragraphs(corpus, q):
    return {
        (article["id"], position)
        for article in corpus
        for position, text, language in paragraphs(article)
        if q.among([(text, language)])
    }
