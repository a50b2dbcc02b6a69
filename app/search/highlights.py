"""Where the words of a question stand in a text: by the same words that the index was made of."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from app.search.schema import PLAIN, SEARCHED, Token, stemmer, tells, tokens
from app.search.words import Match, Term, parse, terms

EXTRACT = 240
"""How many characters of a paragraph an extract shows, about."""


class Hit(NamedTuple):
    """A word of the text that is a word of the question."""

    start: int
    end: int
    """Code points, end excluded."""
    term: int
    """Which of the question's terms it is of."""


@dataclass(frozen=True)
class Highlighter:
    """A question, ready to be found in texts."""

    terms: Sequence[Term]
    roles: Sequence[str]
    stop_words: bool

    @classmethod
    def of(cls, q: str, match: Match, roles: Sequence[str]) -> "Highlighter":
        """What is searched for by `q` in these roles. Raises `QueryError`."""
        return cls(list(terms(parse(q, match))), roles or SEARCHED, match == "all")

    def find(self, text: str, role: str, language: str) -> list[Hit]:
        """The hits in a paragraph, in reading order, each word once."""
        if role not in self.roles:
            return []
        name = stemmer(language)
        hits: dict[tuple[int, int], int] = {}
        for number, term in enumerate(self.terms):
            for token in self.occurrences(term, text, name):
                hits.setdefault((token.start, token.end), number)
        return sorted(Hit(start, end, number) for (start, end), number in hits.items())

    def occurrences(self, term: Term, text: str, name: str) -> Iterator[Token]:
        """The words of the text that belong to a term."""
        if term.prefix or term.distance:
            *before, last = (word.text for word in tokens(term.text, PLAIN))
            for token in tokens(text, PLAIN):
                if token.text in before or (
                    token.text.startswith(last) if term.prefix else near(token.text, last, term.distance)
                ):
                    yield token
        elif self.stop_words or tells(term.text, name):
            words = tokens(term.text, name)
            places = defaultdict(list)
            for token in tokens(text, name):
                places[token.text].append(token)
            for first in places[words[0].text]:
                yield from follow(words, first, places, term.slop) or ()


def follow(
    words: Sequence[Token], first: Token, places: Mapping[str, Sequence[Token]], slop: int
) -> list[Token] | None:
    """The phrase that begins with this word; None where its other words don't follow."""
    found, left = [first], slop
    for word in words[1:]:
        expected = first.position + word.position - words[0].position
        token = min(places[word.text], key=lambda it: abs(it.position - expected), default=None)
        if token is None or (left := left - abs(token.position - expected)) < 0:
            return None
        found.append(token)
    return found


def near(one: str, other: str, distance: int) -> bool:
    """Whether so many letters added, left out, replaced or swapped with their neighbour make one word the other."""
    if abs(len(one) - len(other)) > distance:
        return False
    earlier: list[int] = []
    last = list(range(len(other) + 1))
    for i, letter in enumerate(one, start=1):
        row = [i]
        for j, its in enumerate(other, start=1):
            row.append(min(last[j] + 1, row[-1] + 1, last[j - 1] + (letter != its)))
            if i > 1 and j > 1 and letter == other[j - 2] and one[i - 2] == its:
                row[-1] = min(row[-1], earlier[j - 2] + 1)
        earlier, last = last, row
    return last[-1] <= distance


def window(text: str, hits: Sequence[Hit]) -> tuple[int, int]:
    """The piece of a text around the best of its hits, from word to word."""

    def worth(first: Hit) -> tuple[int, int]:
        inside = [hit.term for hit in hits if first.start <= hit.start and hit.end <= first.start + EXTRACT // 2]
        return len(set(inside)), len(inside)

    best = max(hits, key=worth)
    start = max(0, min(best.start - EXTRACT // 4, len(text) - EXTRACT))
    end = min(len(text), max(start + EXTRACT, best.end))
    if start > 0:
        start = min(text.find(" ", start) + 1 or start, best.start)
    if end < len(text):
        end = max(text.rfind(" ", 0, end), best.end)
    return start, end
