"""Phrases: find the runs of capitalized words in an article that may be names."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from app.seeding.annotators.lexicon import Lexicon
from app.seeding.annotators.rules.spans import MASK, Spans
from app.seeding.annotators.word_lists import CALENDAR, OPENERS, word_set

UPPER = "A-ZÀ-ÖØ-ÞĀĂĄĆČĎĐĒĖĘĚĞĢĪĮİĶĹĻĽŁŃŅŇŌŐŘŚŞŠŢŤŪŮŰŲŹŻŽȘȚ"
ABBREVIATIONS = word_set(
    "Mr Mrs Ms Dr Prof Gen Col Sen Rep Gov Lt Sgt Capt Adm Maj Brig Rev St Mt Inc Corp Ltd Jr Sr Co"
)
ENDS_OF_ABBREVIATIONS = "|".join(f"(?<={word[0]}){word[1:]}" for word in sorted(ABBREVIATIONS))
CONTRACTED = "s|m|re|ve|d|ll|t"
# A word begins with a set of characters, so that a search for one skips all others at once. None is cut by a mark.
WORD_AFTER_FIRST_LETTER = (
    rf"(?>(?:{ENDS_OF_ABBREVIATIONS})\.|\.(?:[ -]?[{UPPER}]\.){{0,5}}(?!\w)"
    rf"|\w*(?:'(?!(?:{CONTRACTED})\b)\w+|[&-]\w+)*)(?!-{MASK})"
)
WORD = f"[{UPPER}]{WORD_AFTER_FIRST_LETTER}"
PARTICLES = "de|da|do|dos|del|della|di|du|la|le|van|von|der|den|ten|ter|al|el|bin|ibn|ben|bint"
NEXT_WORDS = rf"(?: (?:& |(?:(?:{PARTICLES}) ){{1,2}})?{WORD})*"

WORDS = re.compile(WORD)
RUN = re.compile(rf"[{UPPER}](?<![\w'{MASK}].)(?<!{MASK}-.){WORD_AFTER_FIRST_LETTER}{NEXT_WORDS}")
TAIL = re.compile(rf" (?:of|for)(?: the)? {WORD}{NEXT_WORDS}(?: and {WORD}{NEXT_WORDS})?")
"""The words after the head of a name: `of Foreign Affairs and Trade`."""
WORD_BEFORE = re.compile(r"[\w-]+\Z")
LONGEST_WORD = 40
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
    word_before: str
    """In lower case; empty unless one space stands between."""
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
    masked_text = marks.mask(text)
    for run in RUN.finditer(masked_text):
        if run[0] in OPENERS:
            continue
        start, end = run.span()
        # The masked text, for the mark in `the U.S. Department` ends no sentence.
        opens_sentence = is_sentence_start(masked_text, start)
        in_headline = headlines.overlap(start, end)
        for piece in split_run(text, start, end):
            for words in split_at_title(strip_words(piece), lexicon):
                starts_here = opens_sentence and words[0].start == start
                is_ordinary = len(words) == 1 and starts_here and words[0].text.lower() in lexicon.words
                if len(words) > 1 or len(words[0].text) > 1:
                    before = find_word_before(text, words[0].start)
                    yield Phrase(words, starts_here, in_headline, before, is_ordinary)


def is_sentence_start(text: str, start: int) -> bool:
    """Tell whether a sentence or a paragraph begins at this offset."""
    before = text[start - 1]
    return before in SENTENCE_ENDS or (before == " " and text[start - 2] in SENTENCE_ENDS)


def find_word_before(text: str, start: int) -> str:
    """Return the word before an offset in lower case, if one space stands between."""
    if text[start - 1] != " ":
        return ""
    match = WORD_BEFORE.search(text[max(start - LONGEST_WORD, 0) : start - 1].rpartition(" ")[2])
    return match[0].lower() if match else ""


def split_run(text: str, start: int, end: int) -> list[list[Word]]:
    """Return the words of the run `text[start:end]`, in pieces between days and months."""
    pieces: list[list[Word]] = [[]]
    for match in WORDS.finditer(text, start, end):
        word, (start, end) = match[0], match.span()
        if word in CALENDAR:
            pieces.append([])
            continue
        if len(pieces[-1]) == MOST_WORDS:
            pieces.append([])
        head, hyphen, rest = word.rpartition("-")
        if hyphen and rest.islower() and len(rest) > 3:
            # `Moscow-based`: what follows is no part of the name.
            pieces[-1].append(Word(head, start, start + len(head)))
            pieces.append([])
        else:
            pieces[-1].append(Word(word, start, end))
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
