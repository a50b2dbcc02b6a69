"""What an id is: letters of any script and digits with hyphens between them; and which one a name gives."""

import re
from unicodedata import category, normalize

MAX_ID_LENGTH = 200


def slug(name: str) -> str:
    """The id that a name gives: lower-case, with a hyphen for everything that is no letter and no digit.

    Marks stay with their letter, for without its vowel signs an Indic word is another word. Empty where the
    name has no letter and no digit.
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
