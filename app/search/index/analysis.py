"""Text analysis: turn text into the words that the index holds, the same way for articles and for queries."""

import re
import unicodedata
from functools import cache
from typing import Final, NamedTuple

import tantivy

STEMMERS: Final = {
    "ar": "arabic", "da": "danish", "de": "german", "el": "greek", "en": "english", "es": "spanish",
    "fi": "finnish", "fr": "french", "hu": "hungarian", "it": "italian", "nb": "norwegian", "nl": "dutch",
    "nn": "norwegian", "no": "norwegian", "pt": "portuguese", "ro": "romanian", "ru": "russian",
    "sv": "swedish", "ta": "tamil", "tr": "turkish",
}  # fmt: skip
"""The Snowball stemmer of a language, by its ISO 639-1 code; these are all that the engine has."""

PLAIN: Final = "plain"
"""Stands for the stemmer of languages that have none."""

MAX_SLOP: Final = 8
"""The most moves that a query may allow to the words of a phrase."""

PARAGRAPH_GAP: Final = " " + "\ue000 " * (MAX_SLOP + 1)
"""Separates paragraphs that are indexed together: positions without a word, so that no phrase reaches across."""

UNSPACED_SCRIPTS: Final = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3005-\u3007\u3040-\u312f\u3400-\u4dbf\u4e00-\u9fff"
    "\uf900-\ufaff\uff66-\uff9f\U00020000-\U0003ffff]+"
)
"""Match a run of the scripts that put no space between words: Thai to Khmer, Kana, Han."""

CHUNK: Final = 10_000
"""Characters analyzed in one call of tantivy, which holds the interpreter lock for about a millisecond."""

BREAK: Final = re.compile(r"[\s，。、]")
"""Match a character where a long text may be cut: it is part of no word."""


class Token(NamedTuple):
    """A word as the index knows it, with its position among the words and its place in the text."""

    text: str
    position: int
    start: int
    end: int
    """Code points, end excluded."""


class WordCharacters(dict[int, str]):
    """Translate a letter, mark or digit to itself and any other character to a space, for `str.translate`."""

    def __missing__(self, point: int) -> str:
        character = self[point] = chr(point) if unicodedata.category(chr(point))[0] in "LMN" else " "
        return character


WORD_CHARACTERS: Final = WordCharacters()


def strip_punctuation(text: str) -> str:
    """Return the text with a space for every character that belongs to no word, as the analyzers expect it.

    Tantivy's own way, a tokenizer with a regular expression, takes more time than all the rest of indexing.
    """
    return text.translate(WORD_CHARACTERS)


def stemmer_for(language: str) -> str:
    """Return the name of the stemmer for a language tag such as `en-GB`."""
    return STEMMERS.get(language.split("-", maxsplit=1)[0].lower(), PLAIN)


@cache
def build_analyzer(name: str) -> tantivy.TextAnalyzer:
    """Build the analyzer of a stemmer, for stripped text: drop Latin accents, lower the case, then stem."""
    words = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.whitespace())
    without_gaps = words.filter(tantivy.Filter.custom_stopword(["\ue000"]))
    # Accents go first: the lower case of İ is an i with a combining dot.
    folded = without_gaps.filter(tantivy.Filter.ascii_fold()).filter(tantivy.Filter.lowercase())
    return (folded if name == PLAIN else folded.filter(tantivy.Filter.stemmer(name))).build()


def to_bigrams(text: str) -> tuple[str, list[int] | None]:
    """Return the text with runs of unspaced scripts replaced by overlapping pairs of characters, and their origins.

    The origins give, for each character returned, its index in the text; None if the text is unchanged.
    """
    if text.isascii() or not UNSPACED_SCRIPTS.search(text):
        return text, None
    pieces: list[str] = []
    origins: list[int] = []
    end = 0
    for run in UNSPACED_SCRIPTS.finditer(text):
        pieces.append(text[end : run.start()])
        origins += range(end, run.start())
        end = run.end()
        for start in range(run.start(), max(end - 1, run.start() + 1)):
            pair = text[start : min(start + 2, end)]
            pieces.append(f" {pair} ")
            origins += [start, *range(start, start + len(pair)), start + len(pair) - 1]
    pieces.append(text[end:])
    origins += range(end, len(text))
    return "".join(pieces), origins


def tokenize(text: str, name: str) -> list[Token]:
    """Return the words of a text of any length as this stemmer leaves them, in order."""
    if len(text) <= CHUNK:
        return analyze(text, name)
    tokens: list[Token] = []
    start = 0
    while start < len(text):
        cut = BREAK.search(text, start + CHUNK)
        end = cut.start() if cut else len(text)
        before = len(tokens)
        for word, position, first, last in analyze(text[start:end], name):
            tokens.append(Token(word, before + position, start + first, start + last))
        start = end
    return tokens


def analyze(text: str, name: str) -> list[Token]:
    """Return the words of a short text as this stemmer leaves them, in order."""
    bigrams, origins = to_bigrams(text)
    tokens = build_analyzer(name).pre_tokenize(strip_punctuation(bigrams)).tokens
    if origins is None:
        return [Token(token.text, token.position, token.char_offset_from, token.char_offset_to) for token in tokens]
    return [
        Token(token.text, token.position, origins[token.char_offset_from], origins[token.char_offset_to - 1] + 1)
        for token in tokens
    ]
