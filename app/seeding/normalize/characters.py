"""Characters: replace control characters that stand for something else, tell visible text, and find cut words."""

import re
from typing import Final
from unicodedata import category, combining

from app.text import CONTROL_CHARACTERS

WINDOWS_CONTROLS: Final = {
    code: bytes([code]).decode("cp1252") for code in range(0x80, 0xA0) if code not in {0x81, 0x8D, 0x8F, 0x90, 0x9D}
}
"""What the C1 control characters are in Windows-1252, from which they were copied without being converted."""

NEXT_LINE: Final = "\x85"
"""A line end of mainframes; among other C1 control characters it is the ellipsis of Windows-1252."""

OTHER_WINDOWS_CONTROLS: Final = re.compile("[" + "".join(chr(code) for code in WINDOWS_CONTROLS if code != 0x85) + "]")

FORM_FEEDS: Final = {0x0B: " ", 0x0C: " "}
"""Form feeds begin the pages of converted PDFs; vertical tabs are line breaks of word processors."""

FILLERS: Final = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0") | {chr(0xFE00 + n) for n in range(16)}
"""Characters that show nothing, although their category is that of letters, marks or symbols."""


def repair_controls(text: str) -> str:
    """Replace the control characters whose meaning is known, each by one character, so that offsets stay the same."""
    if not CONTROL_CHARACTERS.search(text):
        return text
    if OTHER_WINDOWS_CONTROLS.search(text):
        text = text.translate(WINDOWS_CONTROLS)
    return text.replace(NEXT_LINE, "\n").translate(FORM_FEEDS)


def has_windows_controls(text: str) -> bool:
    """Tell whether `repair_controls` replaces a C1 control character by a letter or sign of Windows-1252."""
    return OTHER_WINDOWS_CONTROLS.search(text) is not None


def find_control(text: str) -> re.Match[str] | None:
    """Return the first control character that stands for nothing in a text, or None."""
    return CONTROL_CHARACTERS.search(text) and CONTROL_CHARACTERS.search(repair_controls(text))


def is_invisible(text: str) -> bool:
    """Tell whether a text has no visible character: only white space, format characters and fillers."""
    return not any(is_visible(character) for character in text)


def is_visible(character: str) -> bool:
    """Tell whether a character shows anything."""
    return not (character.isspace() or character in FILLERS or category(character) in {"Cf", "Cc"})


def cuts_word(text: str, offset: int) -> bool:
    """Tell whether an offset is within a word of a script with capital letters.

    In other scripts particles are written on to names, or no spaces part the words.
    """
    return 0 < offset < len(text) and is_letter(text[offset - 1]) and is_letter(text[offset])


def is_letter(character: str) -> bool:
    """Tell whether a character is a letter of a script with capital letters, or a mark on a letter."""
    return character.islower() or character.isupper() or combining(character) > 0
