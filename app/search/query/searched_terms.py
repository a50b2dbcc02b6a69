"""Searched terms: what is searched of `q` in texts of one language, without stop words and at most 64 words."""

from collections.abc import Callable, Collection, Iterable
from functools import lru_cache

from app.search.index.stop_words import has_content_words
from app.search.query.parser import MAX_TERMS
from app.search.query.tree import AllOf, AnyOf, Not, Term, Tree, count_words, has_positive_clause, terms


@lru_cache(maxsize=1_000)
def searched_tree(tree: Tree, stemmer: str) -> Tree:
    """Return the part of a tree that is searched in texts of this stemmer: stop words only if there are no other words.

    Cached, since every page of a list needs it.
    """
    return keep_terms(tree, {*content_terms(tree, stemmer)}) or tree


def limit_terms(tree: Tree, stemmers: Iterable[str], frequency: Callable[[Term, str], int]) -> tuple[Tree, int]:
    """Return a tree with at most `MAX_TERMS` words that it searches for, and how many it has, each counted once.

    The rarest are kept: for questions of 200 words that gives a MAP of .466, the first ones .437 (TIME). Stop words
    don't count; of several languages, the one counts that takes most words for stop words. `frequency` tells in how
    many documents of a stemmer a term is.
    """
    contents = {stemmer: content_terms(tree, stemmer) for stemmer in stemmers}
    counts = {stemmer: sum(map(count_words, terms)) for stemmer, terms in contents.items()}
    stemmer = min(counts, key=counts.__getitem__, default="")
    if counts.get(stemmer, 0) <= MAX_TERMS:
        return tree, counts.get(stemmer, 0)
    frequencies = {term: frequency(term, stemmer) for term in contents[stemmer]}
    kept, words = set(), 0
    # Terms without a hit come last, since they find nothing.
    for term in sorted(frequencies, key=lambda term: (not frequencies[term], frequencies[term])):
        if words + count_words(term) <= MAX_TERMS:
            kept.add(term)
            words += count_words(term)
    return keep_terms(tree, kept) or tree, counts[stemmer]


def content_terms(tree: Tree, stemmer: str) -> list[Term]:
    """Return the terms that a tree searches for, each once, without those that are only stop words of this language.

    If there are no others, all are returned.
    """
    distinct = list(dict.fromkeys(terms(tree)))
    stop_words = find_stop_words(distinct, stemmer)
    return [term for term in distinct if term not in stop_words] or distinct


def find_stop_words(searched: Iterable[Term], stemmer: str) -> Collection[Term]:
    """Return the terms that are only stop words in the language of this stemmer.

    `US` and `WHO` are none, except in a query that is all in capitals. Phrases keep their stop words.
    """
    distinct = {*searched}
    capitals = all(term.text == term.text.upper() for term in distinct)
    return {
        term
        for term in distinct
        if not (term.quoted or term.prefix or term.distance or has_content_words(term.text, stemmer))
        and (capitals or len(term.text) == 1 or not term.text.isupper())
    }


def keep_terms(tree: Tree, kept: Collection[Term]) -> Tree | None:
    """Return a tree with only these of its terms, and all that it excludes; None if nothing is left."""
    match tree:
        case Term():
            return tree if tree in kept else None
        case Not():
            return tree
        case AllOf(parts):
            left = kept_parts(parts, kept)
            return left[0] if len(left) == 1 and len(parts) > 1 else AllOf(left) if left else None
        case AnyOf(parts):
            # Without its words, `the -missile` would match nearly everything.
            left = tuple(part for part in kept_parts(parts, kept) if has_positive_clause(part))
            return left[0] if len(left) == 1 else AnyOf(left) if left else None


def kept_parts(parts: Iterable[Tree], kept: Collection[Term]) -> tuple[Tree, ...]:
    """Return what is left of each part of which anything is left."""
    left = (keep_terms(part, kept) for part in parts)
    return tuple(part for part in left if part is not None)
