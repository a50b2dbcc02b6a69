"""Mention checks: report mentions that cut a word, that cross, and that crowd one place of a text."""

import re
from collections.abc import Iterable, Iterator, Sequence
from heapq import heappop, heappush
from itertools import groupby, islice
from typing import TypeVar

from app.seeding.article import NewMention
from app.seeding.limits import MOST_OVERLAPPING, MOST_WARNINGS
from app.seeding.normalize.characters import cuts_word
from app.seeding.normalize.paragraphs import RawParagraph
from app.seeding.normalize.raw import RawArticle, shorten

Item = TypeVar("Item")


def take_few(raw: RawArticle, items: Iterable[Item], fault: str) -> list[Item]:
    """Return the first items to warn of; if there are more than that, warn of their number, and say what they do."""
    few = list(islice(items, MOST_WARNINGS + 1))
    if len(few) > MOST_WARNINGS:
        raw.add_warning(f"More than {MOST_WARNINGS} mentions {fault}; all are kept.")
    return few[:MOST_WARNINGS]


def warn_of_cut_words(raw: RawArticle, mentions: Iterable[NewMention], paragraphs: Sequence[RawParagraph]) -> None:
    """Warn of mentions that begin or end within a word, as those with offsets into another text do."""
    cuts = find_cut_words(mentions, paragraphs)
    for mention, verb, word in take_few(raw, cuts, "begin or end within a word"):
        paragraph = paragraphs[mention.paragraph]
        words = shorten(paragraph.stored.text[mention.start : mention.end])
        raw.add_warning(f"The mention '{words}' {verb} within the word '{word}'; it is kept.", *paragraph.path)


def find_cut_words(
    mentions: Iterable[NewMention], paragraphs: Sequence[RawParagraph]
) -> Iterator[tuple[NewMention, str, str]]:
    """Yield mentions that begin or end within a word, each with the verb and the word."""
    for mention in mentions:
        text = paragraphs[mention.paragraph].stored.text
        for verb, offset in (("begins", mention.start), ("ends", mention.end)):
            if cuts_word(text, offset):
                yield mention, verb, read_word(text, offset)


def read_word(text: str, offset: int) -> str:
    """Return the word around an offset, at most 30 characters of it on each side."""
    before = re.split(r"\W", text[max(offset - 30, 0) : offset])[-1]
    return before + re.split(r"\W", text[offset : offset + 30], maxsplit=1)[0]


def warn_of_crossings(raw: RawArticle, mentions: Iterable[NewMention], paragraphs: Sequence[RawParagraph]) -> None:
    """Warn of sorted mentions that overlap without nesting."""
    crossings = find_crossings(mentions)
    for first, second in take_few(raw, crossings, "overlap so that neither lies within the other"):
        paragraph = paragraphs[first.paragraph]
        words = (shorten(paragraph.stored.text[mention.start : mention.end]) for mention in (first, second))
        raw.add_warning(
            f"The mentions '{next(words)}' and '{next(words)}' overlap, and neither "
            "lies within the other; both are kept.",
            *paragraph.path,
        )


def find_crossings(mentions: Iterable[NewMention]) -> Iterator[tuple[NewMention, NewMention]]:
    """Yield the pairs of sorted mentions that overlap without nesting."""
    for _, group in groupby(mentions, key=lambda mention: mention.paragraph):
        unfinished: list[NewMention] = []
        for mention in group:
            unfinished = [earlier for earlier in unfinished if earlier.end > mention.start]
            yield from ((earlier, mention) for earlier in unfinished if earlier.end < mention.end)
            unfinished.append(mention)


def find_crowded(mentions: Iterable[NewMention]) -> NewMention | None:
    """Return the first of sorted mentions that makes more of them overlap in one place than are allowed."""
    paragraph, ends = -1, list[int]()
    for mention in mentions:
        if mention.paragraph != paragraph:
            paragraph, ends = mention.paragraph, []
        while ends and ends[0] <= mention.start:
            heappop(ends)
        heappush(ends, mention.end)
        if len(ends) > MOST_OVERLAPPING:
            return mention
    return None
