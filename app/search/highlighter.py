"""Where the words of a question stand in a text: by the same words that the index was made of."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple

from rapidfuzz import process
from rapidfuzz.distance import OSA

from app.search.index.analysis import PLAIN, Token, stemmer_for, tokenize
from app.search.index.schema import SEARCHED
from app.search.phrases import open_ends, placings
from app.search.query_parser import Match, Term, parse_query, terms
from app.search.text_query import stop_words_in

EXTRACT = 240
"""How many characters of a paragraph an extract shows, about."""

WORD = 30
"""How many of these an extract may give up so that it begins or ends with a whole word."""

Span = tuple[int, int]
"""Where something begins and ends: code points, end excluded."""


class MatchedSpan(NamedTuple):
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
    finders: dict[str, "Finder"] = field(default_factory=dict)
    """What finds the terms in texts, by the stemmer of these."""

    @classmethod
    def of(cls, q: str, match: Match, roles: Sequence[str]) -> "Highlighter":
        """What is searched for by `q` in these roles. Raises `QueryError`."""
        return cls(list(terms(parse_query(q, match))), roles or SEARCHED, match)

    def find(self, text: str, role: str, language: str) -> list[MatchedSpan]:
        """The hits in a paragraph, in reading order; none overlaps another."""
        if role not in self.roles:
            return []
        name = stemmer_for(language)
        if name not in self.finders:
            unheard = stop_words_in(self.terms, name) if self.match == "any" else ()
            heard = [(number, term) for number, term in enumerate(self.terms) if term not in unheard]
            self.finders[name] = Finder(heard, name)
        return list(merge_overlapping(self.finders[name].find(text)))


def merge_overlapping(hits: Sequence[MatchedSpan]) -> Iterator[MatchedSpan]:
    """One hit in place of those that overlap: of the same word, or of pairs of characters in a row."""
    last: MatchedSpan | None = None
    for hit in hits:
        if last is not None and hit.start < last.end:
            last = last._replace(end=max(last.end, hit.end))
            continue
        if last is not None:
            yield last
        last = hit
    if last is not None:
        yield last


class Finder:
    """The terms of a question as one stemmer leaves them.

    A text becomes words once, not once a term; a word is compared with all terms once, however often it is written;
    and where phrases stand is found by shifting sets of places, which are integers with a bit for each place.
    """

    def __init__(self, numbered: Iterable[tuple[int, Term]], name: str) -> None:
        self.name = name
        self.phrases: list[tuple[int, Phrase]] = []
        self.exact: dict[str, list[int]] = defaultdict(list)
        """The terms that have this word in front of a prefix or a misspelt word."""
        self.prefixes: list[tuple[int, str]] = []
        self.misspelt: list[tuple[int, str, int]] = []
        for number, term in numbered:
            if not (term.prefix or term.distance):
                self.phrases.append((number, Phrase(tokenize(term.text, name), term.slop)))
                continue
            *before, last = (word.text for word in tokenize(term.text, PLAIN))
            for word in before:
                self.exact[word].append(number)
            if term.prefix:
                self.prefixes.append((number, last))
            else:
                self.misspelt.append((number, last, term.distance))
        self.alike: dict[str, int | None] = {}
        """Of each written word met so far, the first of the terms with prefixes and misspellings that it belongs to."""

    def find(self, text: str) -> list[MatchedSpan]:
        """The hits, sorted, each once, of the first of its terms; they may overlap."""
        hits: dict[Span, int] = {}
        if self.exact or self.prefixes or self.misspelt:
            for token in tokenize(text, PLAIN):
                number = self.first_like(token.text)
                if number is not None:
                    hits[token.start, token.end] = number
        if self.phrases:
            words = Words(tokenize(text, self.name))
            for number, phrase in self.phrases:
                for span in phrase.find(words):
                    hits[span] = min(number, hits.get(span, number))
        return sorted(MatchedSpan(start, end, number) for (start, end), number in hits.items())

    def first_like(self, word: str) -> int | None:
        """The first term that a written word belongs to by its beginning or but for wrong letters."""
        if word not in self.alike:
            found = [*self.exact.get(word, ()), *(number for number, last in self.prefixes if word.startswith(last))]
            near = process.extract(word, self.lasts, scorer=OSA.distance, score_cutoff=self.farthest, limit=None)
            for _, distance, place in near:
                number, _, most = self.misspelt[place]
                if distance <= most:
                    found.append(number)
            self.alike[word] = min(found, default=None)
        return self.alike[word]

    @cached_property
    def lasts(self) -> list[str]:
        """The misspelt words."""
        return [last for _, last, _ in self.misspelt]

    @cached_property
    def farthest(self) -> int:
        """How many letters may be wrong in any of them."""
        return max((most for _, _, most in self.misspelt), default=0)


class Words:
    """The words of a text, by what they are."""

    def __init__(self, written: Sequence[Token]) -> None:
        self.spans: list[Span] = [(token.start, token.end) for token in written]
        """Of each place."""
        self.places: dict[str, list[int]] = defaultdict(list)
        """Where each word stands, counted in words."""
        for token in written:
            self.places[token.text].append(token.position)


class Phrase:
    """Words that stand together, or one that stands alone."""

    def __init__(self, words: Sequence[Token], slop: int) -> None:
        self.words = [(word.text, *open_ends(words, place)) for place, word in enumerate(words)]
        """Each with whether it may be the last, and the first, character of a pair."""
        self.placings = placings(tuple(word.position for word in words), slop)

    def find(self, words: Words) -> Iterator[Span]:
        """Where the words are in all places where they stand as they may; of a pair, only the character meant."""
        spans = [dict(fitting(word, before, behind, words)) for word, before, behind in self.words]
        if len(spans) == 1:
            yield from spans[0].values()
            return
        if not all(spans):
            return
        sets = [bits(places) for places in spans]
        hits = [0] * len(sets)
        for placing in self.placings:
            first = placing[0]
            starts = sets[0]
            for place, there in zip(placing[1:], sets[1:], strict=True):
                starts &= shift(there, first - place)
            for number, place in enumerate(placing):
                hits[number] |= shift(starts, place - first)
        for its, found in zip(spans, hits, strict=True):
            yield from (its[place] for place in ones(found))


def fitting(word: str, before: bool, behind: bool, words: Words) -> Iterator[tuple[int, Span]]:
    """The places, each with its span, where a word stands."""
    yield from ((place, words.spans[place]) for place in words.places.get(word, ()))
    if not (before or behind):
        return
    for pair, places in words.places.items():
        if pair == word:
            continue
        if behind and pair.startswith(word):
            yield from ((place, (words.spans[place][0], words.spans[place][0] + 1)) for place in places)
        elif before and pair.endswith(word):
            yield from ((place, (words.spans[place][1] - 1, words.spans[place][1])) for place in places)


def bits(places: Iterable[int]) -> int:
    """A set of places as an integer."""
    marked = bytearray(max(places) // 8 + 1)
    for place in places:
        marked[place >> 3] |= 1 << (place & 7)
    return int.from_bytes(marked, "little")


def shift(places: int, by: int) -> int:
    """The same set, so many places later, or earlier."""
    return places << by if by >= 0 else places >> -by


def ones(places: int) -> Iterator[int]:
    """The places of such a set."""
    digits = bin(places)[:1:-1]
    place = digits.find("1")
    while place >= 0:
        yield place
        place = digits.find("1", place + 1)


def excerpt_bounds(text: str, hits: Sequence[MatchedSpan]) -> tuple[int, int]:
    """The piece of a text around the best of its hits, from word to word."""
    best = densest(hits)
    start = max(0, min(best.start - EXTRACT // 4, len(text) - EXTRACT))
    end = min(len(text), max(start + EXTRACT, best.end))
    if start > 0:
        start = min(text.find(" ", start, start + WORD) + 1 or start, best.start)
    if end < len(text):
        end = max(text.rfind(" ", end - WORD, end), best.end) if " " in text[end - WORD : end] else end
    return start, end


def densest(hits: Sequence[MatchedSpan]) -> MatchedSpan:
    """The hit behind which stand hits of most terms, then most hits; the hits are in order, and none overlaps another.

    Those that are counted are a window that slides over the hits, so that each is looked at twice.
    """
    best, most, end = hits[0], (-1, -1), 0
    counts: Counter[int] = Counter()
    for place, hit in enumerate(hits):
        end = max(end, place)
        while end < len(hits) and hits[end].end <= hit.start + EXTRACT // 2:
            counts[hits[end].term] += 1
            end += 1
        worth = (len(counts), end - place)
        if worth > most:
            best, most = hit, worth
        if end > place:
            counts[hit.term] -= 1
            if not counts[hit.term]:
                del counts[hit.term]
    return best
