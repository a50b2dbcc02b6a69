"""Slugs: derive an id, which is letters of any script and digits with hyphens between them, from a name."""

import re
from unicodedata import category, name, normalize

MAX_ID_LENGTH = 200
"""In code points."""

RESERVED_ENTITY_IDS = ("graph",)
"""What stands at `/entities/{id}` and is no entity."""

SYMBOL_WORDS = {"+": "plus", "#": "sharp"}
"""Symbols that tell names apart after a letter or a digit: C, C++ and C#."""
SYMBOLS = re.compile(r"(?<=\w)(?:\++|#+)(?!\w)")


ASCII_SLUGS = bytes(ord(chr(byte).lower()) if chr(byte).isalnum() else ord(" ") for byte in range(128)).ljust(256)
"""Turns the bytes of ASCII into small letters, digits and spaces."""


def slug_symbols(tag: str) -> str:
    """Return the id that a tag gives: a slug in which symbols are words where the tag is another one without them.

    `C++` gives `c-plus-plus`, but `#talks` gives `talks`; a tag of symbols only gives their names in Unicode.
    """
    spelled = SYMBOLS.sub(lambda match: "".join(f"-{SYMBOL_WORDS[symbol]}" for symbol in match[0]), tag)
    return slug(spelled) or slug(" ".join(name(symbol, f"u{ord(symbol):x}") for symbol in tag if not symbol.isspace()))


def slug(text: str) -> str:
    """Return the id that a name gives: lower case, with a hyphen for every run of other characters.

    Combining marks are kept with their letter, because an Indic word without its vowel signs is another word.
    Returns an empty string if the name has neither a letter nor a digit.
    """
    if text.isascii():
        # A table of bytes takes a third of the time of a regular expression.
        return "-".join(text.encode().translate(ASCII_SLUGS).decode().split())
    kept: list[str] = []
    # The capital İ has a small letter of two characters, whose dot nobody can type.
    for character in normalize("NFKC", normalize("NFKC", text).lower().replace("i\u0307", "i")):
        if character.isalnum() or (category(character)[0] == "M" and kept and kept[-1] != "-"):
            kept.append(character)
        elif kept and kept[-1] != "-":
            kept.append("-")
    return "".join(kept).rstrip("-")
