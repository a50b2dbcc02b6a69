"""Text: fold letters and names for comparison, find control characters, and count offsets in other units.

The same folding serves the words of `q`, names, prefixes of names, suggestions and the order of titles, so that what
one of them finds, the others find.
"""

import re
from collections.abc import Sequence
from itertools import accumulate
from typing import Final, Literal
from unicodedata import category, name, normalize

CONTROL_CHARACTERS: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
"""Match one of the C0 and C1 control characters, except tab, line feed and carriage return."""

ACCENTS: Final = re.compile(
    "[\u0300-\u036f\u0483-\u0487\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f"  # Latin, Greek, Cyrillic
    "\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7"  # Hebrew points and cantillation
    "\u0610-\u061a\u0640\u064b-\u065f\u0670\u06d6-\u06dc\u06df-\u06e4\u06e7\u06e8\u06ea-\u06ed"  # Arabic vowels
    "\u093c\u180b-\u180f\ufe00-\ufe0f]"  # Devanagari nukta, variation selectors
)
"""Match a mark that may be left out in writing. Vowel signs, as those of Devanagari and Thai, may not."""

CYRILLIC: Final = re.compile("[\u0400-\u052f]")
"""Match a letter of which a mark makes another letter of the alphabet: й, ї and ў are not и, і and у."""

LATIN_WITH_STROKE: Final = re.compile("LATIN SMALL LETTER ([A-Z]{1,2}) WITH ")
"""Match the Unicode name of a Latin letter that is another with a stroke, hook or tail: ł, ø, đ."""

EQUIVALENTS: Final = {
    **dict.fromkeys("'’‘‛′ʹʻʼʽʾʿˈ`´՚ꞌ", "'"),
    **dict.fromkeys("-‐‑‒–—―−⁃", "-"),
    "ı": "i",
    "ð": "d",
    "þ": "th",
    "æ": "ae",
    "œ": "oe",
    "ŋ": "n",
    "ə": "a",
    "ё": "е",
    "ѐ": "е",
    "ѝ": "и",
    "ى": "ي",
    "ی": "ي",
    "ک": "ك",
    "ة": "ه",
    "ٱ": "ا",
    "ँ": "ं",
}
"""Characters that Unicode does not relate and searchers don't tell apart: apostrophes, hyphens and some letters."""


def fold_character(character: str) -> str:
    """Return what is compared of a character: its letters in lower case, without compatibility forms and accents.

    Nothing is left of an accent, and of an invisible character such as a soft hyphen or a zero-width space.
    """
    kind = category(character)
    if kind == "Cf":
        return ""
    if kind == "So":
        # "™" is compatible with "TM", but no letters of a word.
        return character
    if CYRILLIC.match(character):
        lower = character.lower()
        return EQUIVALENTS.get(lower, ACCENTS.sub("", lower))
    letters = normalize("NFD", normalize("NFKC", normalize("NFKC", character).casefold()))
    return normalize("NFC", "".join(map(fold_letter, ACCENTS.sub("", letters))))


def fold_letter(letter: str) -> str:
    """Return what is compared of a lower-case letter without accents, or of another character."""
    if letter in EQUIVALENTS:
        return EQUIVALENTS[letter]
    latin = None if letter.isascii() else LATIN_WITH_STROKE.match(name(letter, ""))
    return latin[1].lower() if latin else letter


class Folding(dict[int, str]):
    """Translates each character to what is compared of it, for `str.translate`."""

    def __missing__(self, point: int) -> str:
        folded = self[point] = fold_character(chr(point))
        return folded


FOLDING: Final = Folding()


def fold_name(text: str) -> str:
    """Return a name without differences of case, accents, invisible characters, kinds of apostrophe and white space."""
    if text.isascii():
        folded = text.lower().replace("`", "'")
    else:
        folded = normalize("NFC", normalize("NFC", text).translate(FOLDING))
    return " ".join(folded.split())


def offset_table(text: str, unit: Literal["codepoint", "utf16", "utf8"]) -> Sequence[int]:
    """Return where each code point of a text begins in this unit, and where the last one ends."""
    if unit == "codepoint" or text.isascii():
        return range(len(text) + 1)
    if unit == "utf16":
        return [0, *accumulate(1 + (character > "\uffff") for character in text)]
    return [0, *accumulate(len(character.encode()) for character in text)]
