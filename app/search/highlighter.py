"""Highlighter: find the terms of `q` in a text, by the same analyzers as the index."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property, partial
from typing import NamedTuple

from app.search.index.analysis import Span, analyze, find_spans
from app.search.index.schema import SEARCHED
from app.search.index.stemmers import PLAIN, stemmer_for
from app.search.query.parser import Match, parse_query
from app.search.query.phrases import open_ends, placings
from app.search.query.searched_terms import searched_tree
from app.search.query.tree import Term, Tree, terms

EXCERPT = 240
"""Characters (code points) of an excerpt, about."""

TRIM = 30
"""The most characters that an excerpt gives up to begin or end with a whole word."""


class MatchedSpan(NamedTuple):
    """A part of a text that a term matches."""

    start: int
    end: int
    """Code points, end excluded."""
    term: int
    """The number of the term in the query."""


@dataclass(frozen=True)
class Highlighter:
    """Finds what is searched of a query in texts of any language."""

    tree: Tree
    roles: Sequence[str]
    finders: dict[str, "Finder"] = field(default_factory=dict)
    """Finders by the stemmer of the texts, made on first use."""

    @classmethod
    def of(cls, q: str, match: Match, roles: Sequence[str]) -> "Highlighter":
        """Return the highlighter of `q` in paragraphs of these roles. Raises `QueryError`."""
        return cls(parse_query(q, match), roles or SEARCHED)

    def find(self, text: str, role: str, language: str) -> list[MatchedSpan]:
        """Return the matches in a paragraph, in reading order; none overlaps another."""
        if role not in self.roles:
            return []
        name = stemmer_for(language)
        if name not in self.finders:
            self.finders[name] = Finder(enumerate(dict.fromkeys(terms(searched_tree(self.tree, name)))), name)
        return list(merge_overlapping(self.finders[name].find(text)))


def merge_overlapping(hits: Sequence[MatchedSpan]) -> Iterator[MatchedSpan]:
    """Merge matches that overlap: of the same word, or of consecutive bigrams."""
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
    """Finds the terms of a query in texts of one stemmer.

    A text is analyzed once, not once a term; a word is compared with all terms once, however often it occurs; places
    are looked up only for words that match; and phrases are found by shifting sets of positions, which are integers
    with a bit for each position.
    """

    def __init__(self, numbered: Iterable[tuple[int, Term]], name: str) -> None:
        self.name = name
        self.phrases: list[tuple[int, Phrase]] = []
        self.exact: dict[str, list[int]] = defaultdict(list)
        """The terms with this word before a prefix or a misspelt word, as `nuclear` in `nuclear-mis*`."""
        self.prefixes: list[tuple[int, str]] = []
        self.misspelt: list[tuple[int, str, int]] = []
        for number, term in numbered:
            if not (term.prefix or term.distance):
                self.phrases.append((number, Phrase(analyze(term.text, name), term.slop)))
                continue
            *before, last = analyze(term.text, PLAIN)
            for word in before:
                self.exact[word].append(number)
            if term.prefix:
                self.prefixes.append((number, last))
            else:
                self.misspelt.append((number, last, term.distance))
        self.first_terms: dict[str, int | None] = {}
        """For each word met so far, the first term with a prefix or a misspelt word that it matches."""

    def find(self, text: str) -> list[MatchedSpan]:
        """Return the matches in order, each once, of the first term that matches; they may overlap."""
        hits: dict[Span, int] = {}
        if self.exact or self.prefixes or self.misspelt:
            words = Words(text, PLAIN)
            for word, places in words.places.items():
                number = self.first_match(word)
                if number is not None:
                    for place in places:
                        span = words.spans[place]
                        hits[span] = min(number, hits.get(span, number))
        if self.phrases:
            words = Words(text, self.name)
            for number, phrase in self.phrases:
                for span in phrase.find(words):
                    hits[span] = min(number, hits.get(span, number))
        return sorted(MatchedSpan(start, end, number) for (start, end), number in hits.items())

    def first_match(self, word: str) -> int | None:
        """Return the first term whose prefix or misspelt word a word matches."""
        if word not in self.first_terms:
            numbers = [*self.exact.get(word, ()), *(number for number, last in self.prefixes if word.startswith(last))]
            if self.misspelt:
                numbers += self.match_misspelt(word)
            self.first_terms[word] = min(numbers, default=None)
        return self.first_terms[word]

    def match_misspelt(self, word: str) -> Iterator[int]:
        """Yield the terms whose misspelt word a word matches."""
        for _, distance, place in self.find_close(word):
            number, _, most = self.misspelt[place]
            if distance <= most:
                yield number

    @cached_property
    def find_close(self) -> Callable[[str], list[tuple[str, float, int]]]:
        """The function that returns the misspelt words near a word, each with its distance and place in `misspelt`."""
        # Few queries have a misspelt word, and to load all of the library takes 10 ms.
        from rapidfuzz import process  # noqa: PLC0415
        from rapidfuzz.distance import OSA  # noqa: PLC0415

        words = [last for _, last, _ in self.misspelt]
        most = max(most for _, _, most in self.misspelt)
        return partial(process.extract, choices=words, scorer=OSA.distance, score_cutoff=most, limit=None)


class Words:
    """The positions of the words of a text, by word."""

    def __init__(self, text: str, name: str) -> None:
        self.text = text
        self.places: dict[str, list[int]] = defaultdict(list)
        """The positions of each word as this stemmer leaves it."""
        for position, word in enumerate(analyze(text, name)):
            self.places[word].append(position)

    @cached_property
    def spans(self) -> list[Span]:
        """The span of each position."""
        return find_spans(self.text)


class Phrase:
    """The words of a phrase, or a single word."""

    def __init__(self, words: Sequence[str], slop: int) -> None:
        self.words = [(word, *open_ends(words, place)) for place, word in enumerate(words)]
        """Each with whether it may be the second, and the first, character of a bigram."""
        self.placings = placings(tuple(range(len(words))), slop)

    def find(self, words: Words) -> Iterator[Span]:
        """Yield the span of each word wherever the phrase matches; of a bigram, only the character meant."""
        spans = [dict(occurrences(word, before, behind, words)) for word, before, behind in self.words]
        if len(spans) == 1:
            yield from spans[0].values()
            return
        if not all(spans):
            return
        sets = [to_bits(places) for places in spans]
        matched = [0] * len(sets)
        for placing in self.placings:
            first = placing[0]
            starts = sets[0]
            for place, there in zip(placing[1:], sets[1:], strict=True):
                starts &= shift(there, first - place)
            for number, place in enumerate(placing):
                matched[number] |= shift(starts, place - first)
        for word_spans, positions in zip(spans, matched, strict=True):
            yield from (word_spans[position] for position in set_bits(positions))


def occurrences(word: str, before: bool, behind: bool, words: Words) -> Iterator[tuple[int, Span]]:
    """Yield the position and span of each occurrence of a word, alone or in a bigram."""
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


def to_bits(places: Iterable[int]) -> int:
    """Return a set of positions as an integer."""
    marked = bytearray(max(places) // 8 + 1)
    for place in places:
        marked[place >> 3] |= 1 << (place & 7)
    return int.from_bytes(marked, "little")


def shift(places: int, by: int) -> int:
    """Return a set with all positions moved."""
    return places << by if by >= 0 else places >> -by


def set_bits(places: int) -> Iterator[int]:
    """Yield the positions of a set."""
    digits = bin(places)[:1:-1]
    place = digits.find("1")
    while place >= 0:
        yield place
        place = digits.find("1", place + 1)


def excerpt_bounds(text: str, hits: Sequence[MatchedSpan]) -> tuple[int, int]:
    """Return start and end of the excerpt around the densest matches, from word to word, in code points."""
    best = densest(hits)
    start = max(0, min(best.start - EXCERPT // 4, len(text) - EXCERPT))
    end = min(len(text), max(start + EXCERPT, best.end))
    if start > 0:
        start = min(text.find(" ", start, start + TRIM) + 1 or start, best.start)
    if end < len(text):
        end = max(text.rfind(" ", end - TRIM, end), best.end) if " " in text[end - TRIM : end] else end
    return start, end


def densest(hits: Sequence[MatchedSpan]) -> MatchedSpan:
    """Return the match that is followed closely by matches of most terms, then by most matches.

    The matches are in order and don't overlap. A window slides over them, so that each is looked at twice.
    """
    best, most, end = hits[0], (-1, -1), 0
    counts: Counter[int] = Counter()
    for place, hit in enumerate(hits):
        end = max(end, place)
        while end < len(hits) and hits[end].end <= hit.start + EXCERPT // 2:
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
