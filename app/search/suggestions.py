"""Suggestions for a word that nobody knows: the known ones that are spelled most like it."""

from collections.abc import Iterable
from heapq import nlargest
from itertools import islice
from operator import itemgetter
from typing import Final

from rapidfuzz import process
from rapidfuzz.distance import Indel

SIMILAR: Final = 0.6
"""How much of two spellings must be the same: twice their longest common subsequence, in parts of both lengths."""

FEW: Final = 5
"""So many wrong words of one question get suggestions; more would hold up others, and help nobody."""

BATCH: Final = 10_000
"""So many words are compared in one call of the library, which keeps the interpreter to itself: some milliseconds."""


def suggest(word: str, known: Iterable[str], limit: int = 1) -> list[str]:
    """Return the known words that are spelled most like this one whatever its case, the most similar first."""
    folded, words = word.casefold(), iter(known)
    similar: list[tuple[str, float]] = []
    while batch := [*islice(words, BATCH)]:
        spelled = [other.casefold() for other in batch]
        found = process.extract(folded, spelled, scorer=Indel.normalized_similarity, score_cutoff=SIMILAR, limit=limit)
        similar += [(batch[place], similarity) for _, similarity, place in found]
    return [other for other, _ in nlargest(limit, similar, key=itemgetter(1))]
