"""Text: fold names for comparison, find control characters, and count offsets in other units."""

import re
import unicodedata
from collections.abc import Sequence
from itertools import accumulate
from typing import Final, Literal

CONTROL_CHARACTERS: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
"""Match one of the C0 and C1 control characters, except tab, line feed and carriage return."""


def fold_name(name: str) -> str:
    """Return a name without differences of case, combining marks (accents) and white space."""
    folded = name.casefold()
    if not folded.isascii():
        decomposed = unicodedata.normalize("NFKD", folded)
        folded = "".join(letter for letter in decomposed if not unicodedata.combining(letter))
    return " ".join(folded.split())


def offset_table(text: str, unit: Literal["codepoint", "utf16", "utf8"]) -> Sequence[int]:
    """Return where each code point of a text begins in this unit, and where the last one ends."""
    if unit == "codepoint" or text.isascii():
        return range(len(text) + 1)
    if unit == "utf16":
        return [0, *accumulate(1 + (character > "\uffff") for character in text)]
    return [0, *accumulate(len(character.encode()) for character in text)]
