"""Tokenizer of exports: words, and every other visible character by itself."""

import re
import unicodedata
from bisect import bisect_left
from typing import Final, NamedTuple

from app.export.document import Span
from app.search.index.analysis import UNSPACED_SCRIPTS

TOKEN: Final = re.compile(r"w[wm]*|[.m]m*")
"""Match a token in the classes of a text's characters: a word, or another character with its combining marks."""


class CharacterClasses(dict[int, str]):
    """Map letters and digits to `w`, combining marks to `m`, white space to a space, any other character to a dot.

    Characters of scripts that put no space between words are dots, so that each is a token of its own.
    """

    def __missing__(self, point: int) -> str:
        character = chr(point)
        category = unicodedata.category(character)[0]
        if category == "M":
            character_class = "m"
        elif category == "Z" or character.isspace():
            character_class = " "
        elif category in "LN" and not UNSPACED_SCRIPTS.match(character):
            character_class = "w"
        else:
            character_class = "."
        self[point] = character_class
        return character_class


CLASSES: Final = CharacterClasses()


class TokenSpan(NamedTuple):
    """A mention by the tokens that it covers."""

    first: int
    end: int
    """Numbers of tokens from 0, end excluded."""
    span: Span


def find_tokens(text: str) -> list[tuple[int, int]]:
    """Return the start and end of each token, in code points."""
    return [match.span() for match in TOKEN.finditer(text.translate(CLASSES))]


def align_spans(tokens: list[tuple[int, int]], spans: list[Span]) -> tuple[list[TokenSpan], list[Span]]:
    """Return the spans that begin and end where tokens do, by their tokens, and the other spans."""
    aligned: list[TokenSpan] = []
    others: list[Span] = []
    starts = [start for start, _ in tokens]
    ends = [end for _, end in tokens]
    for span in spans:
        first, last = bisect_left(starts, span.start), bisect_left(ends, span.end)
        fits = first < len(tokens) and last < len(tokens) and starts[first] == span.start and ends[last] == span.end
        if fits:
            aligned.append(TokenSpan(first, last + 1, span))
        else:
            others.append(span)
    return aligned, others
