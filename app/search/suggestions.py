"""Suggestions for an unknown word: the known words that are spelled most like it."""

from collections.abc import Iterable
from heapq import nlargest
from itertools import islice
from operator import itemgetter
from typing import Final

from rapidfuzz import process
from rapidfuzz.distance import Indel

MIN_SIMILARITY: Final = 0.6
"""Twice the longest common subsequence of two spellings, as a share of both lengths."""

FEW: Final = 5
"""Unknown words of one request that get suggestions; more would delay other requests and help nobody."""

BATCH: Final = 10_000
"""Words compared in one call of rapidfuzz, which holds the interpreter lock for some milliseconds."""


def suggest(word: str, known: Iterable[str], limit: int = 1) -> list[str]:
    """Return the known words that are spelled most like this one, ignoring case, the most similar first."""
    folded, words = word.casefold(), iter(known)
    similar: list[tuple[str, float]] = []
    while batch := [*islice(words, BATCH)]:
        spelled = [other.casefold() for other in batch]
        found = process.extract(
            folded, spelled, scorer=Indel.normalized_similarity, score_cutoff=MIN_SIMILARITY, limit=limit
        )
        similar += [(batch[place], similarity) for _, similarity, place in found]
    return [other for other, _ in nlargest(limit, similar, key=itemgetter(1))]
