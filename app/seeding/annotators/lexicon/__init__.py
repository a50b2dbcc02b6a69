"""Lexicons: what is known of a language's words and names, as data.

To add a language, make a folder named by its tag (`de`) beside `en`, with the same files: `words.txt` (its words in
lower case), `given_names.txt`, `family_names.txt`, `places.txt`, `ambiguous_places.txt`, `organizations.txt` (one entry
a line), and `patterns.yaml` (the same keys, each with words between spaces). README.md says where the lists of a folder
come from, and under which licences.
"""

from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

import yaml

FOLDER = Path(__file__).parent


class Lexicon(NamedTuple):
    """The words and names of one language."""

    words: frozenset[str] = frozenset()
    """Words that are written in lower case."""
    given_names: frozenset[str] = frozenset()
    family_names: frozenset[str] = frozenset()
    """The most frequent ones; they are no proof against others."""
    places: frozenset[str] = frozenset()
    """Cities, states and provinces."""
    ambiguous_places: frozenset[str] = frozenset()
    """Those that are also words or usual given names."""
    organizations: frozenset[str] = frozenset()
    """Well-known ones."""
    patterns: dict[str, frozenset[str]] = {}
    """Words that tell what kind of name stands beside them, by the keys of patterns.yaml."""

    def get_pattern(self, key: str) -> frozenset[str]:
        """Return the words of a key; none if the language has no lexicon."""
        return self.patterns.get(key, frozenset())


def find_lexicon(tag: str) -> Lexicon:
    """Return the lexicon of a language tag such as `en` or `en-GB`; an empty one if the language has none."""
    return load_lexicon(tag.partition("-")[0])


@lru_cache(64)
def load_lexicon(language: str) -> Lexicon:
    """Return the lexicon of a language, read once a process (70 ms for English)."""
    folder = FOLDER / language
    # A language tag is made of letters and digits: it does not lead out of the folder.
    if not (folder / "patterns.yaml").is_file():
        return Lexicon()
    patterns = yaml.safe_load((folder / "patterns.yaml").read_text(encoding="utf-8"))
    return Lexicon(
        words=read_list(folder / "words.txt"),
        given_names=read_list(folder / "given_names.txt"),
        family_names=read_list(folder / "family_names.txt"),
        places=read_list(folder / "places.txt"),
        ambiguous_places=read_list(folder / "ambiguous_places.txt"),
        organizations=read_list(folder / "organizations.txt"),
        patterns={key: frozenset(text.split()) for key, text in patterns.items()},
    )


def read_list(path: Path) -> frozenset[str]:
    """Return the lines of a file."""
    return frozenset(path.read_text(encoding="utf-8").splitlines())
