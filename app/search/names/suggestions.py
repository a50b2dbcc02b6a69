"""Suggestions for an unknown word or name: the known ones that are meant by it, or spelled most like it."""

from collections.abc import Iterable, Sequence
from heapq import nlargest
from operator import itemgetter
from typing import Final

from app.text import fold_name

MIN_SIMILARITY: Final = 0.7
"""Twice the longest common subsequence of two spellings, as a share of both lengths."""

SUGGESTIONS: Final = 3
"""Suggestions for one unknown word."""

FEW: Final = 5
"""Unknown words of one request that get suggestions; more would delay other requests and help nobody."""

BATCH: Final = 10_000
"""Words compared in one call of rapidfuzz, which holds the interpreter lock for some milliseconds."""


def suggest(word: str, known: Iterable[str], limit: int = 1) -> list[str]:
    """Return the known words that are spelled most like this one, folded, the most similar first."""
    words = [*known]
    return [words[place] for place in find_similar(fold_name(word), [*map(fold_name, words)], limit)]


def find_similar(folded: str, spellings: Sequence[str], limit: int) -> list[int]:
    """Return the places of the folded spellings that are most like this one, the most similar first."""
    # Most servers are asked for no suggestion for a while, and to load all of the library takes 10 ms.
    from rapidfuzz import process  # noqa: PLC0415
    from rapidfuzz.distance import Indel  # noqa: PLC0415

    similar: list[tuple[int, float]] = []
    for start in range(0, len(spellings), BATCH):
        matches = process.extract(
            folded,
            spellings[start : start + BATCH],
            scorer=Indel.normalized_similarity,
            score_cutoff=MIN_SIMILARITY,
            limit=limit,
        )
        similar += [(start + place, similarity) for _, similarity, place in matches]
    return [place for place, _ in nlargest(limit, similar, key=itemgetter(1))]


def suggest_by_words(name: str, known: Iterable[str]) -> list[str]:
    """Return the known names that equal this one when folded, then those with a word like it, then similar ones."""
    names = [*known]
    folded = [*map(fold_name, names)]
    wanted = fold_name(name)
    equal = [other for other, spelled in zip(names, folded, strict=True) if spelled == wanted]
    parts = [other for other, spelled in zip(names, folded, strict=True) if f" {wanted}" in f" {spelled}"]
    similar = [names[place] for place in find_similar(wanted, folded, SUGGESTIONS)]
    return [*dict.fromkeys([*equal, *parts[:SUGGESTIONS], *similar])][:SUGGESTIONS]
