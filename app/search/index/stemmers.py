"""Stemmers: which one reduces the words of a language to their stems, and by which library.

To add a language, write a line in `LANGUAGES` for a stemmer of tantivy or of PyStemmer, or one in `LIGHT_STEMMERS`.
"""

from collections.abc import Callable
from functools import lru_cache
from typing import Final

from Stemmer import Stemmer

from app.search.index.languages import primary_language
from app.search.index.light_stemmers import LIGHT_STEMMERS

LANGUAGES: Final = """
    bs=serbian ca=catalan da=danish de=german el=greek en=english eo=esperanto es=spanish et=estonian eu=basque
    fa=persian fi=finnish fr=french ga=irish hi=hindi hr=serbian hu=hungarian hy=armenian id=indonesian it=italian
    lt=lithuanian nb=norwegian ne=nepali nl=dutch nn=norwegian no=norwegian pt=portuguese ro=romanian
    ru=russian sh=serbian sr=serbian st=sesotho sv=swedish ta=tamil tr=turkish yi=yiddish
"""
"""The Snowball stemmer of a language, by its code of ISO 639-1."""

TANTIVY: Final = """
    danish dutch english finnish french german greek hungarian italian norwegian portuguese romanian russian spanish
    swedish tamil turkish
"""

TANTIVY_STEMMERS: Final = frozenset(TANTIVY.split())
"""The Snowball stemmers that tantivy has; PyStemmer has the others."""

STEMMERS: Final[dict[str, str]] = dict(pair.split("=") for pair in LANGUAGES.split()) | {
    language: stemmer.name for language, stemmer in LIGHT_STEMMERS.items()
}
"""The name of the stemmer of a language, by its code of ISO 639-1."""

PLAIN: Final = "plain"
"""Stands for the stemmer of languages that have none."""

Stem = Callable[[str], str]
"""Returns the stem of a folded word."""

WORD_STEMMERS: Final[dict[str, Stem]] = {stemmer.name: stemmer.stem for stemmer in LIGHT_STEMMERS.values()} | {
    # Threads may share them: PyStemmer holds the interpreter lock. A cache of our own is three times as fast as its.
    name: lru_cache(maxsize=100_000)(Stemmer(name, 0).stemWord)
    for name in STEMMERS.values()
    if name not in TANTIVY_STEMMERS and not name.startswith("light_")
}
"""The stemmers that take a word at a time, by name."""


def stemmer_for(language: str) -> str:
    """Return the name of the stemmer for a language tag such as `en-GB`."""
    return STEMMERS.get(primary_language(language), PLAIN)


def stem_words(folded: str, name: str) -> str:
    """Return folded words as a stemmer that takes a word at a time leaves them; for any other stemmer, as they are."""
    stem = WORD_STEMMERS.get(name)
    return folded if stem is None else " ".join(map(stem, folded.split()))
