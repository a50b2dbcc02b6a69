"""Phrases: where the words of a phrase with slop may stand, the same for searching and highlighting."""

from collections.abc import Sequence
from functools import cache
from itertools import pairwise
from math import comb
from typing import Final

from app.search.index.analysis import MAX_SLOP, UNSPACED_SCRIPTS

MAX_PLACINGS: Final = 64
"""The most placings of one phrase."""


@cache
def max_slop(words: int) -> int:
    """Return the largest slop of a phrase of so many words: the more words, the less."""
    return max(slop for slop in range(MAX_SLOP + 1) if words == 2 or count_placings(words - 1, slop) <= MAX_PLACINGS)


def count_placings(gaps: int, slop: int) -> int:
    """Return in how many ways so many gaps can be widened or narrowed, by `slop` altogether."""
    return sum(2**changed * comb(gaps, changed) * comb(slop, changed) for changed in range(slop + 1))


@cache
def placings(positions: tuple[int, ...], slop: int) -> list[tuple[int, ...]]:
    """Return the positions that the words of a phrase may have, counted from the foremost: no two in one place.

    Each word is moved relative to the one before it, all of them by at most `slop` altogether.
    """
    placed: list[tuple[tuple[int, ...], int]] = [(positions[:1], slop)]
    for before, word in pairwise(positions):
        placed = [
            ((*others, place), left - abs(place - expected))
            for others, left in placed
            for expected in [others[-1] + word - before]
            for place in range(expected - left, expected + left + 1)
            if place not in others
        ]
    return [tuple(place - min(places) for place in places) for places, _ in placed]


def open_ends(words: Sequence[str], place: int) -> tuple[bool, bool]:
    """Tell whether a word may be the second, and the first, character of a bigram: 第 and 章 in 第3章, but not 3."""
    lone = len(words[place]) == 1 and bool(UNSPACED_SCRIPTS.match(words[place]))
    return lone and place == 0, lone and place == len(words) - 1
