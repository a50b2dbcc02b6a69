"""Foreign names: find the catalogue's names in articles of other languages than English, by the stems of their words.

Text and names are folded and stemmed as for search: `Минска` is `Минск`, and full-width letters are the usual ones.
Where no spaces part the words, names are found as runs of pairs of characters. CLDR says what countries, and cities of
time zones, are called in each language (lexicon/places).
"""

from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

from app.search.index.analysis import UNSPACED_SCRIPTS, Token, tokenize
from app.search.index.languages import primary_language
from app.search.index.stemmers import stemmer_for
from app.seeding.annotators.catalogue.matcher import Occurrence
from app.seeding.annotators.name_forms import NameForm
from app.seeding.catalogue import Catalogue, EntityEntry

FOLDER = Path(__file__).parent.parent / "lexicon" / "places"
LEAST_LETTERS = 4
"""Letters of a name of one word where spaces part the words: too many shorter ones are also words."""
JOINTS = ("", " ", "-", "'")
"""What may stand between two words of a name."""


class Stems(NamedTuple):
    """A name as it is compared."""

    words: tuple[str, ...]
    entry: EntityEntry


class ForeignNames:
    """The names of a catalogue in one language, by the stems of their words."""

    def __init__(self, catalogue: Catalogue, language: str) -> None:
        self.stemmer = stemmer_for(language)
        self.by_first_word: dict[str, list[Stems]] = {}
        for entry, name in list_names(catalogue, language):
            words = tuple(token.text for token in tokenize(name, self.stemmer))
            is_long_enough = len(words) > 1 or len(name) >= LEAST_LETTERS or UNSPACED_SCRIPTS.match(name)
            if words and is_long_enough:
                self.by_first_word.setdefault(words[0], []).append(Stems(words, entry))
        for names in self.by_first_word.values():
            names.sort(key=lambda stems: -len(stems.words))

    def find(self, text: str) -> Iterator[Occurrence]:
        """Yield the names in an article's text, in order, the longest from the left."""
        tokens = tokenize(text, self.stemmer)
        in_lower_case = {token.text for token in tokens if text[token.start].islower()}
        index = 0
        while index < len(tokens):
            names = self.by_first_word.get(tokens[index].text, ())
            found = [stems for stems in names if self.stands_at(stems.words, tokens, index, text, in_lower_case)]
            if not found:
                index += 1
                continue
            length = len(found[0].words)
            entries = {stems.entry.id: stems.entry for stems in found if len(stems.words) == length}
            start, end = tokens[index].start, tokens[index + length - 1].end
            yield Occurrence(start, end, NameForm(text[start:end], tuple(entries.values())))
            while index < len(tokens) and tokens[index].start < end:
                index += 1

    def stands_at(
        self, words: tuple[str, ...], tokens: list[Token], index: int, text: str, in_lower_case: set[str]
    ) -> bool:
        """Tell whether the words of a name stand at a token, and are not an ordinary word that opens a sentence."""
        stretch = tokens[index : index + len(words)]
        if words != tuple(token.text for token in stretch):
            return False
        if text[stretch[0].start].islower() or (len(words) == 1 and words[0] in in_lower_case):
            return False
        joints = (text[one.end : other.start] for one, other in pairwise(stretch))
        return all(joint in JOINTS for joint in joints)


def list_names(catalogue: Catalogue, language: str) -> Iterator[tuple[EntityEntry, str]]:
    """Yield entities with their names in a language: those of CLDR, the usual one, and aliases in other scripts.

    Other aliases are English: adjectives, whose stems are words of other languages.
    """
    for entry in catalogue.entities.values():
        yield entry, entry.name
        yield from ((entry, alias) for alias in entry.aliases if alias[0] > "\u024f")
    path = FOLDER / f"{primary_language(language)}.tsv"
    # A language tag is made of letters and digits: it does not lead out of the folder.
    lines = path.read_text(encoding="utf-8").splitlines() if path.is_file() else []
    for line in lines:
        id, _, name = line.partition("\t")
        if known := catalogue.find_entity(id):
            yield known, name
