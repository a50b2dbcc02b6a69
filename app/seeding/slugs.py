"""Slugs: derive an id, which is letters of any script and digits with hyphens between them, from a name."""

import re
from unicodedata import category, normalize

MAX_ID_LENGTH = 200
"""In code points."""


def slug(name: str) -> str:
    """Return the id that a name gives: lower case, with a hyphen for every run of other characters.

    Combining marks are kept with their letter, because an Indic word without its vowel signs is another word.
    Returns an empty string if the name has neither a letter nor a digit.
    """
    if name.isascii():
        return re.sub("[^a-z0-9]+", "-", name.lower()).strip("-")
    kept: list[str] = []
    for character in normalize("NFKC", normalize("NFKC", name).lower()):
        if character.isalnum() or (category(character)[0] == "M" and kept and kept[-1] != "-"):
            kept.append(character)
        elif kept and kept[-1] != "-":
            kept.append("-")
    return "".join(kept).rstrip("-")
