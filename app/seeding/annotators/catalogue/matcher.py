"""Name matcher: find name forms in a text, as whole words, the longest from the left."""

from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from ahocorasick_rs import AhoCorasick, MatchKind

from app.seeding.annotators.name_forms import NameForm, is_word_character


class Occurrence(NamedTuple):
    """A form at `[start:end]` of an article's text."""

    start: int
    end: int
    form: NameForm


class NameMatcher:
    """An Aho-Corasick automaton, which finds any number of forms in one pass over a text."""

    def __init__(self, forms: Mapping[str, NameForm]) -> None:
        self.forms = forms
        self.by_pattern = list(forms.values())
        self.automaton = AhoCorasick(list(forms), matchkind=MatchKind.Standard)

    def find(self, texts: Iterable[str], extra_names: Iterable[str]) -> list[Occurrence]:
        """Find the forms and some extra names in an article; occurrences are in order and do not overlap.

        `texts` are ways to write its text, of the same length. Whole words count before length: a longer name that
        ends inside a word does not hide a shorter one.
        """
        matches = []
        for text in dict.fromkeys(texts):
            matches += [
                (start, -end, self.by_pattern[pattern])
                for pattern, start, end in self.automaton.find_matches_as_indexes(text, overlapping=True)
                if not (is_word_character(text[start - 1]) or is_word_character(text[end]))
            ]
            for name in extra_names:
                if name and name not in self.forms:
                    matches += find_name(name, text)
        matches.sort(key=lambda match: match[:2])
        occurrences, reached = [], 0
        for start, negative_end, form in matches:
            if start >= reached:
                reached = -negative_end
                occurrences.append(Occurrence(start, reached, form))
        return occurrences


def find_name(name: str, text: str) -> Iterator[tuple[int, int, NameForm]]:
    """Yield start, negative end and form of every occurrence of a name as a whole word."""
    start = text.find(name)
    while start >= 0:
        end = start + len(name)
        if not (is_word_character(text[start - 1]) or is_word_character(text[end])):
            yield start, -end, NameForm(name)
        start = text.find(name, start + 1)
