"""What an id is: letters of any script and digits with hyphens between them; and which one a name gives."""

import re
from collections.abc import Iterable
from unicodedata import category, normalize

from app.seeding.documents import Article, Finding

LONGEST = 200


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


def collisions(articles: Iterable[Article]) -> list[Finding]:
    """A fault for every article that has the id of an earlier one, naming both."""
    first: dict[str, Article] = {}
    return [
        Finding(
            article.file,
            article.line,
            f"The id '{article.id}' is already that of {earlier.file}:{earlier.line}; give one of them another `id`.",
        )
        for article in articles
        if (earlier := first.setdefault(article.id, article)) is not article
    ]
