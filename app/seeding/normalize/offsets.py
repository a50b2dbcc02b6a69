"""Offsets: convert them from the author's unit to code points, and on to the stored text (trimmed, NFC)."""

import re
from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from functools import cached_property
from itertools import accumulate
from unicodedata import combining, is_normalized, normalize

from app.schemas import OffsetUnit


class OffsetConverter:
    """Convert offsets into a text from a unit to code points."""

    def __init__(self, text: str, unit: OffsetUnit) -> None:
        self.unit = unit
        self.starts: array[int] | range
        """Where each character begins, counted in the unit; last of all, where the text ends."""
        if unit == "codepoint" or text.isascii():
            self.starts = range(len(text) + 1)
        else:
            width = utf16_width if unit == "utf16" else utf8_width
            self.starts = array("L", accumulate(map(width, text), initial=0))

    def to_code_points(self, offset: int) -> int:
        """Convert an offset to code points. Raises ValueError with what is wrong, as the end of a sentence."""
        if offset > self.starts[-1]:
            raise ValueError(f"is outside its text, which has a length of {self.starts[-1]} ({self.unit})")
        index = bisect_left(self.starts, offset)
        if self.starts[index] != offset:
            raise ValueError(f"splits a character, counted in {self.unit}")
        return index


def utf16_width(character: str) -> int:
    """Return the number of UTF-16 code units of a character."""
    return 2 if character > "\uffff" else 1


def utf8_width(character: str) -> int:
    """Return the number of UTF-8 bytes of a character."""
    return len(character.encode())


LONGEST_SEGMENT = 100
"""Code points. Longer segments are split, because each offset in a segment normalizes it anew."""


def split_at_boundaries(text: str) -> Iterator[str]:
    """Split a text at NFC boundaries: normalising the parts gives the same as normalising the whole."""
    start = 0
    for offset in range(1, len(text)):
        before, character = text[start:offset], text[offset]
        is_starter = not combining(character) and not combining(normalize("NFD", character)[0])
        if is_starter and normalize("NFC", before + character) == normalize("NFC", before) + normalize(
            "NFC", character
        ):
            yield before
            start = offset
    yield text[start:]


class NormalizedText:
    """A text as it is stored (trimmed, in NFC), with the way from offsets into the author's text to its own."""

    def __init__(self, original: str) -> None:
        self.trimmed = original.strip()
        self.leading_space = len(original) - len(original.lstrip())
        """Code points of white space before the trimmed text."""
        self.is_unchanged = is_normalized("NFC", self.trimmed)
        """Whether the trimmed text is in NFC already."""
        self.text = self.trimmed if self.is_unchanged else normalize("NFC", self.trimmed)

    @cached_property
    def segments(self) -> tuple[list[str], list[int], list[int]]:
        """Segments that normalize independently, and where each begins in the trimmed and in the stored text.

        A segment begins at every ASCII character, because none of them joins what stands before it, and a long one
        is split at further boundaries.
        """
        segments = [
            segment
            for run in re.findall(r"[\x00-\x7f][^\x00-\x7f]*|[^\x00-\x7f]+", self.trimmed)
            for segment in (split_at_boundaries(run) if len(run) > LONGEST_SEGMENT else (run,))
        ]
        trimmed_starts = accumulate(map(len, segments), initial=0)
        stored_starts = accumulate((len(normalize("NFC", segment)) for segment in segments), initial=0)
        return segments, list(trimmed_starts), list(stored_starts)

    def map_offset(self, offset: int) -> int | None:
        """Map an offset in the trimmed text to the stored text; None if NFC joins the characters around it."""
        if self.is_unchanged or offset >= len(self.trimmed):
            return len(self.text) if offset >= len(self.trimmed) else offset
        segments, trimmed_starts, stored_starts = self.segments
        index = bisect_right(trimmed_starts, offset) - 1
        segment, inside = segments[index], offset - trimmed_starts[index]
        before, after = normalize("NFC", segment[:inside]), normalize("NFC", segment[inside:])
        if before + after != normalize("NFC", segment):
            return None
        return stored_starts[index] + len(before)

    def map_span(self, start: int, end: int) -> tuple[int, int, str | None]:
        """Map the span `[start:end]` of the author's text to the stored text, in code points.

        Returns its start, its end, and what had to change about it, if anything. The span is empty if it held
        nothing but white space around the text.
        """
        first = min(max(start - self.leading_space, 0), len(self.trimmed))
        last = min(max(end - self.leading_space, 0), len(self.trimmed))
        if first >= last:
            return 0, 0, None
        change = "reaches into the white space around its paragraph and was cut" if last - first < end - start else None
        if self.map_offset(first) is None or self.map_offset(last) is None:
            change = "cuts a character that NFC joins and was widened to the whole of it"
        while (stored_start := self.map_offset(first)) is None:
            first -= 1
        while (stored_end := self.map_offset(last)) is None:
            last += 1
        return stored_start, stored_end, change
