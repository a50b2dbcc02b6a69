"""Missing initials: detect paragraphs whose first word has lost its first letter, such as `elarusian`."""

import re
from collections.abc import Iterable
from functools import lru_cache

from app.seeding.annotators.name_forms import is_word_character

WORD = re.compile(r"[^\W\d_]{4,}")
# English words that one more letter would turn into a place or a person.
ENGLISH_WORDS = frozenset(
    word
    for line in (
        "able ages ales allies ally alter anger arson ates aught each east ever hall here hill hose ills",
        "lack lair land lands lark long ones other ought ounce oval over rant reading rest rice right rule",
        "ruler urban",
    )
    for word in line.split()
)


class MissingInitialDetector:
    """Recognize the beginning of a known name without its first letter."""

    def __init__(self, names: Iterable[str]) -> None:
        self.names: dict[str, list[str]] = {}
        """Names by their first word without its first letter, the longest first."""
        for name in names:
            rest = WORD.match(name, 1)
            if rest and name[0].isupper() and rest[0] not in ENGLISH_WORDS:
                self.names.setdefault(rest[0], []).append(name)
        for similar in self.names.values():
            similar.sort(key=lambda name: (-len(name), name))

    def check_paragraph(self, text: str, article_text: str) -> str | None:
        """Return a warning about a paragraph, or None. Both texts have normalized punctuation."""
        word = text[:1].islower() and WORD.match(text)
        names = self.names.get(word[0], ()) if word else ()
        if not word or not names or has_word_start(article_text, word[0]):
            return None
        for name in names:
            length = len(name) - 1
            if text.startswith(name[1:]) and not is_word_character(text[length : length + 1]):
                return (
                    f"the first word '{word[0]}' looks as if it had lost its first letter"
                    f" ('{name[0]}{word[0]}'?); it is kept as it stands"
                )
        return None


@lru_cache(32)  # Many paragraphs of an article may begin with the same word.
def has_word_start(article_text: str, letters: str) -> bool:
    """Tell whether a word inside a paragraph begins with these letters."""
    return f" {letters}" in article_text
