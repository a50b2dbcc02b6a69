"""Where forms stand in a text: as whole words, the longest from the left."""

from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from ahocorasick_rs import AhoCorasick, MatchKind

from app.seeding.annotators.name_forms import Form, within_word


class Occurrence(NamedTuple):
    """A form that stands at `[start:end]` of a sheet."""

    start: int
    end: int
    form: Form


class NameMatcher:
    """An automaton that finds every known form in one pass, however many there are."""

    def __init__(self, forms: Mapping[str, Form]) -> None:
        self._forms = forms
        self._by_pattern = list(forms.values())
        self._automaton = AhoCorasick(list(forms), matchkind=MatchKind.Standard)

    def occurrences(self, text: str, added: Iterable[str]) -> list[Occurrence]:
        """Find the known forms and some added names in the text of a sheet, in its order, none overlapping.

        Whole words are chosen before the longest: a longer name that ends within a word hides no shorter one.
        """
        found = [
            (start, -end, self._by_pattern[pattern])
            for pattern, start, end in self._automaton.find_matches_as_indexes(text, overlapping=True)
            if not (within_word(text[start - 1]) or within_word(text[end]))
        ]
        for name in added:
            if name and name not in self._forms:
                found += _searched(name, text)
        found.sort(key=lambda match: match[:2])
        occurrences, reached = [], 0
        for start, end, form in found:
            if start >= reached:
                reached = -end
                occurrences.append(Occurrence(start, reached, form))
        return occurrences


def _searched(name: str, text: str) -> Iterator[tuple[int, int, Form]]:
    start = text.find(name)
    while start >= 0:
        end = start + len(name)
        if not (within_word(text[start - 1]) or within_word(text[end])):
            yield start, -end, Form(name)
        start = text.find(name, start + 1)
