"""Columns: find out which columns of a CoNLL file hold words and tags, and read the words of a sentence."""

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from app.seeding.normalize.raw import Fault, shorten
from app.seeding.readers.annotated.tags import Token, is_tag

NUMBER = re.compile(r"\d+(?:[-.]\d+)?")
NO_VALUE = {"_", "-"}
NO_TAG = "O"
PHRASES = {"NP", "VP", "PP", "ADVP", "SBAR", "ADJP", "PRT", "CONJP", "INTJ", "LST", "UCP"}
"""Labels of phrases, which are no names."""
LABEL_KEYS = ("NER", "ner", "Ner", "NE")
"""Names under which the last column of CoNLL-U holds a tag."""


class Row(NamedTuple):
    """A line of a CoNLL file."""

    columns: list[str]
    line: int


class Layout(NamedTuple):
    """Which columns hold what."""

    word: int
    tags: tuple[int, ...]
    """None in CoNLL-U, where the last column holds `key=value` pairs."""


class Word(NamedTuple):
    """A word of a sentence, and what is said about it."""

    token: Token
    line: int
    tags: tuple[str, ...] = ()
    """One for each layer of annotation."""
    entities: str = ""
    """Brackets of `Entity=...` in CoNLL-U."""


def recognize_layout(rows: Sequence[Row]) -> Layout:
    """Return the layout of the rows of a document. Raises `Fault` if no column holds tags."""
    has_numbers = all(NUMBER.fullmatch(row.columns[0]) and len(row.columns) > 2 for row in rows)
    word = 1 if has_numbers else 0
    width = min(len(row.columns) for row in rows)
    if has_numbers and width == 10 and "\t" not in rows[0].columns[1]:
        return Layout(1, ())
    columns = [{row.columns[index] for row in rows} for index in range(word + 1, width)]
    tags = [index for index, values in enumerate(columns, start=word + 1) if holds_tags(values)]
    if tags:
        return Layout(word, tuple(tags))
    line = shorten(" ".join(rows[0].columns))
    raise Fault(f"No column holds tags such as B-PER and O in '{line}'; expected one.", rows[0].line)


def holds_tags(values: set[str]) -> bool:
    """Tell whether the values of a column are tags of names, not of phrases, as in CoNLL-2000."""
    labels = {value.partition("-")[2] for value in values if value not in {NO_TAG, *NO_VALUE}}
    is_of_phrases = bool(labels) and labels <= PHRASES
    return all(map(is_tag, values)) and not values <= NO_VALUE and not is_of_phrases


def read_words(sentence: Iterable[Row], layout: Layout) -> list[Word]:
    """Return the words of a sentence."""
    if not layout.tags:
        return list(merge_parts(sentence))
    return [
        Word(Token(row.columns[layout.word]), row.line, tuple(row.columns[index] for index in layout.tags))
        for row in sentence
    ]


def merge_parts(sentence: Iterable[Row]) -> Iterator[Word]:
    """Yield the words of a sentence of CoNLL-U, one for a word that is divided into several, without empty nodes."""
    whole: Word | None = None
    last = 0.0
    for row in sentence:
        number, _, end = row.columns[0].partition("-")
        if "." in number:
            continue
        word = read_word(row)
        if end:
            whole, last = word, int(end)
        elif whole and int(number) <= last:
            tags = word.tags if whole.tags == (NO_TAG,) else whole.tags
            whole = whole._replace(tags=tags, entities=whole.entities + word.entities)
        if whole and not end and int(number) >= last:
            yield whole
            whole = None
        elif whole is None and int(number) > last:
            yield word


def read_word(row: Row) -> Word:
    """Return the word of a row of CoNLL-U."""
    pairs = dict(pair.partition("=")[::2] for pair in row.columns[9].split("|"))
    tag = next((pairs[key] for key in LABEL_KEYS if pairs.get(key) and is_tag(pairs[key])), NO_TAG)
    token = Token(row.columns[1], pairs.get("SpaceAfter") != "No")
    return Word(token, row.line, (tag,), pairs.get("Entity", ""))
