"""Suggestions for an unknown word or name: the known ones that are meant by it, or spelled most like it."""

from collections.abc import Iterable
from heapq import nlargest
from itertools import islice
from operator import itemgetter
from typing import Final

from rapidfuzz import process
from rapidfuzz.distance import Indel

from app.text import fold_name

MIN_SIMILARITY: Final = 0.76
"""Twice the longest common subsequence of two spellings, as a share of both lengths."""

SUGGESTIONS: Final = 3
"""Suggestions for one unknown word."""

FEW: Final = 5
"""Unknown words of one request that get suggestions; more would delay other requests and help nobody."""

BATCH: Final = 10_000
"""Words compared in one call of rapidfuzz, which holds the interpreter lock for some milliseconds."""


def suggest(word: str, known: Iterable[str], limit: int = 1) -> list[str]:
    """Return the known words that are spelled most like this one, folded, the most similar first."""
    folded, words = fold_name(word), iter(known)
    similar: list[tuple[str, float]] = []
    while batch := [*islice(words, BATCH)]:
        spelled = [*map(fold_name, batch)]
        found = process.extract(
            folded, spelled, scorer=Indel.normalized_similarity, score_cutoff=MIN_SIMILARITY, limit=limit
        )
        similar += [(batch[place], similarity) for _, similarity, place in found]
    return [other for other, _ in nlargest(limit, similar, key=itemgetter(1))]


def suggest_by_words(name: str, known: Iterable[str]) -> list[str]:
    """Return the known names that equal this one when folded, then those with a word like it, then similar ones."""
    names = [*known]
    folded = [*map(fold_name, names)]
    wanted = fold_name(name)
    equal = [other for other, spelled in zip(names, folded, strict=True) if spelled == wanted]
    parts = [other for other, spelled in zip(names, folded, strict=True) if f" {wanted}" in f" {spelled}"]
    return [*dict.fromkeys([*equal, *parts[:SUGGESTIONS], *suggest(name, names, SUGGESTIONS)])][:SUGGESTIONS]
