"""Text: fold names for comparison, and find control characters."""

import re
import unicodedata
from typing import Final

CONTROL_CHARACTERS: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
"""Match one of the C0 and C1 control characters, except tab, line feed and carriage return."""


def fold_name(name: str) -> str:
    """Return a name without differences of case, combining marks (accents) and white space."""
    folded = name.casefold()
    if not folded.isascii():
        decomposed = unicodedata.normalize("NFKD", folded)
        folded = "".join(letter for letter in decomposed if not unicodedata.combining(letter))
    return " ".join(folded.split())
