"""Whether a paragraph's first word has lost its first letter, as `elarusian` has."""

import re
from collections.abc import Iterable
from functools import lru_cache

from app.seeding.annotators.name_forms import within_word

_WORD = re.compile(r"[^\W\d_]{4,}")
# Words of their own, though a letter would make them a place or a person.
_WORDS = frozenset(
    word
    for line in (
        "able ages ales allies ally alter anger arson ates aught each east ever hall here hill hose ills",
        "lack lair land lands lark long ones other ought ounce oval over rant reading rest rice right rule",
        "ruler urban",
    )
    for word in line.split()
)


class MissingInitialDetector:
    """The names that a first word may have been, by what is left of their first word."""

    def __init__(self, names: Iterable[str]) -> None:
        self._names: dict[str, list[str]] = {}
        for name in names:
            rest = _WORD.match(name, 1)
            if rest and name[0].isupper() and rest[0] not in _WORDS:
                self._names.setdefault(rest[0], []).append(name)
        for beheaded in self._names.values():
            beheaded.sort(key=lambda name: (-len(name), name))

    def warning(self, text: str, article: str) -> str | None:
        """Return what to say of a paragraph, given its article's text too; both levelled."""
        word = text[:1].islower() and _WORD.match(text)
        names = self._names.get(word[0], ()) if word else ()
        if not word or not names or _begins_a_word(article, word[0]):
            return None
        for name in names:
            length = len(name) - 1
            if text.startswith(name[1:]) and not within_word(text[length : length + 1]):
                return (
                    f"the first word '{word[0]}' looks as if it had lost its first letter"
                    f" ('{name[0]}{word[0]}'?); it is kept as it stands"
                )
        return None


@lru_cache(32)
def _begins_a_word(article: str, letters: str) -> bool:
    # Many paragraphs may begin with the same word.
    return f" {letters}" in article
