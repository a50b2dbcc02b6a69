"""The way of an offset: from the author's unit to code points, and on into the text as it is stored."""

import re
from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from functools import cached_property
from itertools import accumulate
from unicodedata import combining, is_normalized, normalize

from app.schemas import OffsetUnit


class OffsetConverter:
    """Reads offsets into a text that count in some unit."""

    def __init__(self, text: str, unit: OffsetUnit) -> None:
        self.unit = unit
        self.marks: array[int] | range
        """Where each character begins, counted in the unit; last of all, where the text ends."""
        if unit == "codepoint" or text.isascii():
            self.marks = range(len(text) + 1)
        else:
            width = wide_in_utf16 if unit == "utf16" else wide_in_utf8
            self.marks = array("L", accumulate(map(width, text), initial=0))

    def codepoint(self, offset: int) -> int:
        """The same place, counted in code points. Raises ValueError with what was expected."""
        if offset > self.marks[-1]:
            raise ValueError(f"is outside its text, which has a length of {self.marks[-1]} ({self.unit})")
        place = bisect_left(self.marks, offset)
        if self.marks[place] != offset:
            raise ValueError(f"splits a character, counted in {self.unit}")
        return place


def wide_in_utf16(character: str) -> int:
    """How many UTF-16 code units a character takes."""
    return 2 if character > "\uffff" else 1


def wide_in_utf8(character: str) -> int:
    """How many bytes a character takes in UTF-8."""
    return len(character.encode())


LONGEST_PIECE = 100
"""Longer pieces are split, for each offset in one normalises it anew."""


def split_apart(text: str) -> Iterator[str]:
    """Split a text where what follows does not join what stands before it in NFC."""
    start = 0
    for place in range(1, len(text)):
        before, character = text[start:place], text[place]
        begins = not combining(character) and not combining(normalize("NFD", character)[0])
        if begins and normalize("NFC", before + character) == normalize("NFC", before) + normalize("NFC", character):
            yield before
            start = place
    yield text[start:]


class NormalizedText:
    """A text as it is stored, trimmed and in NFC, and where the places of the given text went."""

    def __init__(self, given: str) -> None:
        self.trimmed = given.strip()
        self.lead = len(given) - len(given.lstrip())
        self.same = is_normalized("NFC", self.trimmed)
        self.text = self.trimmed if self.same else normalize("NFC", self.trimmed)

    @cached_property
    def pieces(self) -> tuple[list[str], list[int], list[int]]:
        """Pieces that are normalised alone, and where each begins: as given, and as stored.

        An ASCII character never joins what stands before it, so a piece begins with each of them; and with others that
        are seen not to join it.
        """
        pieces = [
            short
            for piece in re.findall(r"[\x00-\x7f][^\x00-\x7f]*|[^\x00-\x7f]+", self.trimmed)
            for short in (split_apart(piece) if len(piece) > LONGEST_PIECE else (piece,))
        ]
        given = accumulate(map(len, pieces), initial=0)
        stored = accumulate((len(normalize("NFC", piece)) for piece in pieces), initial=0)
        return pieces, list(given), list(stored)

    def place(self, offset: int) -> int | None:
        """The same place in the stored text; None: NFC joins what stands before it with what follows."""
        if self.same or offset >= len(self.trimmed):
            return len(self.text) if offset >= len(self.trimmed) else offset
        pieces, given, stored = self.pieces
        piece = bisect_right(given, offset) - 1
        inside = offset - given[piece]
        before, after = normalize("NFC", pieces[piece][:inside]), normalize("NFC", pieces[piece][inside:])
        if before + after != normalize("NFC", pieces[piece]):
            return None
        return stored[piece] + len(before)

    def span(self, start: int, end: int) -> tuple[int, int, str | None]:
        """Where `given[start:end]` is stored, and what had to change about it, if anything.

        Both offsets are in code points. The span is empty where nothing of it is stored.
        """
        first = min(max(start - self.lead, 0), len(self.trimmed))
        last = min(max(end - self.lead, 0), len(self.trimmed))
        if first >= last:
            return 0, 0, None
        change = "reaches into the white space around its paragraph and was cut" if last - first < end - start else None
        if self.place(first) is None or self.place(last) is None:
            change = "cuts a character that NFC joins and was widened to the whole of it"
        while (begin := self.place(first)) is None:
            first -= 1
        while (finish := self.place(last)) is None:
            last += 1
        return begin, finish, change
