"""Phrases: find the runs of capitalized words in an article that may be names."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from app.seeding.annotators.lexicon import Lexicon
from app.seeding.annotators.rules.spans import Spans
from app.seeding.annotators.word_lists import CALENDAR, OPENERS

UPPER = "A-ZÀ-ÖØ-ÞĀĂĄĆČĎĐĒĖĘĚĞĢĪĮİĶĹĻĽŁŃŅŇŌŐŘŚŞŠŢŤŪŮŰŲŹŻŽȘȚ"
ABBREVIATIONS = "Mr|Mrs|Ms|Dr|Prof|Gen|Col|Sen|Rep|Gov|Lt|Sgt|Capt|Adm|Maj|Brig|Rev|St|Mt|Inc|Corp|Ltd|Jr|Sr|Co"
INITIALS = rf"(?:[{UPPER}]\.)(?:[ -]?[{UPPER}]\.){{0,5}}(?!\w)"
CONTRACTED = "s|m|re|ve|d|ll|t"
WORD = rf"(?:{ABBREVIATIONS})\.|{INITIALS}|[{UPPER}]\w*(?:'(?!(?:{CONTRACTED})\b)\w+|[&-]\w+)*"
PARTICLES = "de|da|do|dos|del|della|di|du|la|le|van|von|der|den|ten|ter|al|el|bin|ibn|ben|bint"
RUN = rf"(?:{WORD})(?: (?:& |(?:(?:{PARTICLES}) ){{1,2}})?(?:{WORD}))*"

WORDS = re.compile(WORD)
RUN_PATTERN = re.compile(RUN)
START = re.compile(rf"[{UPPER}](?<![\w'].)")
"""The first letter of a run: a search for a set of characters takes a third of the time of a search for a run."""
TAIL = re.compile(rf" (?:of|for)(?: the)? (?:{RUN})(?: and (?:{RUN}))?")
"""The words after the head of a name: `of Foreign Affairs and Trade`."""
MOST_WORDS = 24
"""Words in a phrase; a longer run is cut, so that no text takes quadratic time."""
SENTENCE_ENDS = "\0.!?:;\"“”'"


class Word(NamedTuple):
    """A word at `[start:end]` of an article's text."""

    text: str
    start: int
    end: int


class Phrase(NamedTuple):
    """Capitalized words with one space or a particle between them, without those that only open a sentence."""

    words: tuple[Word, ...]
    opens_sentence: bool
    in_headline: bool
    is_ordinary: bool
    """Whether it is one word that opens a sentence and may be no name: only another place can prove that it is one."""

    @property
    def start(self) -> int:
        """Return the offset of its first character."""
        return self.words[0].start

    @property
    def end(self) -> int:
        """Return the offset behind its last character."""
        return self.words[-1].end


def find_phrases(text: str, marks: Spans, headlines: Spans, lexicon: Lexicon) -> Iterator[Phrase]:
    """Yield the phrases of an article's text, in order, without the words of its marks."""
    for run in find_runs(text):
        # Most runs are one of these two, and need not be split.
        if run[0] in OPENERS or marks.cover(*run.span()):
            continue
        opens_sentence = is_sentence_start(text, run.start())
        in_headline = headlines.overlap(*run.span())
        for piece in split_run(text, run, marks):
            for words in split_at_title(strip_words(piece), lexicon):
                starts_here = opens_sentence and words[0].start == run.start()
                is_ordinary = len(words) == 1 and starts_here and words[0].text.lower() in lexicon.words
                if len(words) > 1 or len(words[0].text) > 1:
                    yield Phrase(words, starts_here, in_headline, is_ordinary)


def find_runs(text: str) -> Iterator[re.Match[str]]:
    """Yield the runs of capitalized words, in order."""
    start = START.search(text)
    while start and (run := RUN_PATTERN.match(text, start.start())):
        yield run
        start = START.search(text, run.end())


def is_sentence_start(text: str, start: int) -> bool:
    """Tell whether a sentence or a paragraph begins at this offset."""
    before = text[start - 1]
    return before in SENTENCE_ENDS or (before == " " and text[start - 2] in SENTENCE_ENDS)


def split_run(text: str, run: re.Match[str], marks: Spans) -> list[list[Word]]:
    """Return the words of a run, in pieces between marks, days and months."""
    pieces: list[list[Word]] = [[]]
    for match in WORDS.finditer(text, run.start(), run.end()):
        start, end = match.span()
        if marks.overlap(start, end) or match[0] in CALENDAR:
            pieces.append([])
            continue
        if len(pieces[-1]) == MOST_WORDS:
            pieces.append([])
        head, hyphen, rest = match[0].rpartition("-")
        if hyphen and rest.islower() and len(rest) > 3:
            # `Moscow-based`: what follows is no part of the name.
            pieces[-1].append(Word(head, start, start + len(head)))
            pieces.append([])
        else:
            pieces[-1].append(Word(match[0], start, end))
    return pieces


def strip_words(piece: list[Word]) -> tuple[Word, ...]:
    """Return the words of a piece without those that open sentences at its start."""
    first = 0
    while first < len(piece) and piece[first].text in OPENERS:
        first += 1
    return tuple(piece[first:])


def split_at_title(words: tuple[Word, ...], lexicon: Lexicon) -> Iterator[tuple[Word, ...]]:
    """Yield the words before a title within a piece, and those from the title on: `Apple`, `CEO Steve Jobs`."""
    titles, parts = lexicon.get_pattern("titles"), lexicon.get_pattern("title_parts")
    for index in range(1, len(words) - 1):
        if words[index].text in titles and words[index - 1].text not in titles:
            first = index
            while first and words[first - 1].text in parts:
                first -= 1
            if first:
                yield words[:first]
            yield words[first:]
            return
    if words:
        yield words
