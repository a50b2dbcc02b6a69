"""Where the words of a question stand in a text: by the same words that the index was made of."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from app.search.phrases import open_ends, placings
from app.search.schema import PLAIN, SEARCHED, Token, stemmer, tokens
from app.search.scope import silent
from app.search.words import Match, Term, parse, terms

EXTRACT = 240
"""How many characters of a paragraph an extract shows, about."""

WORD = 30
"""How many of these an extract may give up so that it begins or ends with a whole word."""


class Hit(NamedTuple):
    """What a text says of what the question asks for."""

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
    match: Match

    @classmethod
    def of(cls, q: str, match: Match, roles: Sequence[str]) -> "Highlighter":
        """What is searched for by `q` in these roles. Raises `QueryError`."""
        return cls(list(terms(parse(q, match))), roles or SEARCHED, match)

    def find(self, text: str, role: str, language: str) -> list[Hit]:
        """The hits in a paragraph, in reading order; none overlaps another."""
        if role not in self.roles:
            return []
        name = stemmer(language)
        unheard = silent(self.terms, name) if self.match == "any" else ()
        found = sorted(
            Hit(start, end, number)
            for number, term in enumerate(self.terms) if term not in unheard
            for start, end in spans(term, text, name)
        )  # fmt: skip
        return list(joined(found))


def joined(hits: Sequence[Hit]) -> Iterator[Hit]:
    """One hit in place of those that overlap: of the same word, or of pairs of characters in a row."""
    last: Hit | None = None
    for hit in hits:
        if last is not None and hit.start < last.end:
            last = last._replace(end=max(last.end, hit.end))
            continue
        if last is not None:
            yield last
        last = hit
    if last is not None:
        yield last


def spans(term: Term, text: str, name: str) -> Iterator[tuple[int, int]]:
    """Where the words of a text are that belong to a term."""
    if term.prefix or term.distance:
        *before, last = (word.text for word in tokens(term.text, PLAIN))
        for token in tokens(text, PLAIN):
            begun = term.prefix and token.text.startswith(last)
            if token.text in before or begun or (term.distance and misspelt(token.text, last, term.distance)):
                yield token.start, token.end
        return
    words, said = tokens(term.text, name), tokens(text, name)
    found = [dict(fitting(words, place, said)) for place in range(len(words))]
    for places in placings(tuple(word.position for word in words), term.slop):
        for first in found[0]:
            there = [spans.get(first + place - places[0]) for place, spans in zip(places, found, strict=True)]
            if None not in there:
                yield from (span for span in there if span)


def fitting(words: Sequence[Token], place: int, said: Sequence[Token]) -> Iterator[tuple[int, tuple[int, int]]]:
    """The positions, each with its span, where one of the words stands; of a pair, only the character that is meant."""
    word = words[place].text
    before, behind = open_ends(words, place)
    for token in said:
        if token.text == word:
            yield token.position, (token.start, token.end)
        elif behind and token.text.startswith(word):
            yield token.position, (token.start, token.start + 1)
        elif before and token.text.endswith(word):
            yield token.position, (token.end - 1, token.end)


def misspelt(one: str, other: str, distance: int) -> bool:
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
        start = min(text.find(" ", start, start + WORD) + 1 or start, best.start)
    if end < len(text):
        end = max(text.rfind(" ", end - WORD, end), best.end) if " " in text[end - WORD : end] else end
    return start, end
