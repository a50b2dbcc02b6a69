"""Text analysis: turn text into the words that the index holds, the same way for articles and for queries."""

import re
from collections.abc import Iterator
from functools import cache
from typing import Final, NamedTuple
from unicodedata import category, normalize

import tantivy

from app.search.index.stemmers import TANTIVY_STEMMERS, WORD_STEMMERS
from app.text import fold_character

MAX_SLOP: Final = 8
"""The most moves that a query may allow to the words of a phrase."""

PARAGRAPH_GAP: Final = " " + "\ue000 " * (MAX_SLOP + 1)
"""Separates paragraphs that are indexed together: positions without a word, so that no phrase reaches across."""

UNSPACED_SCRIPTS: Final = re.compile(
    "(?P<hangul>[\uac00-\ud7a3]+)|[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3005-\u3007\u3040-\u312f"
    "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]+"
)
"""Match a run of the scripts whose words are not told apart by spaces: Thai to Khmer, Kana, Han; and a Korean word."""

KOREAN_PARTICLES: Final = re.compile(
    "(?<=[\uac00-\ud7a3]{2})(에서는|에서|에게|으로|까지|부터|보다|처럼|에는|와의|과의|은|는|이|가|을|를|의|에|로|와|과|도|만)$"
)
"""Match the particle at the end of a Korean word, after two syllables or more."""

CHUNK: Final = 10_000
"""Characters analyzed in one call of tantivy, which holds the interpreter lock for about a millisecond."""

BREAK: Final = re.compile(r"[\s，。、]")
"""Match a character where a long text may be cut: it is part of no word."""


WORD: Final = re.compile(r"\S+")
"""Match a word in a text that `index_text` returned."""

Span = tuple[int, int]
"""Start and end in code points, end excluded."""


class Token(NamedTuple):
    """A word as the index knows it, with its position among the words and its place in the text."""

    text: str
    position: int
    start: int
    end: int
    """Code points, end excluded."""


class WordFolding(dict[int, str]):
    """Translates a letter, mark or digit to what is compared of it, any other visible character to a space."""

    def __init__(self) -> None:
        self.uneven: set[str] = set()
        """The characters met so far of which nothing or several characters are left."""

    def __missing__(self, point: int) -> str:
        character = chr(point)
        folded = fold_character(character) if is_word_character(character) else " "
        if len(folded) != 1:
            self.uneven.add(character)
        self[point] = "".join(letter if is_word_character(letter) else " " for letter in folded)
        return self[point]


def is_word_character(character: str) -> bool:
    """Tell whether a character is a letter, a mark or a digit, or invisible within a word."""
    kind = category(character)
    return kind[0] in "LMN" or kind == "Cf"


WORD_FOLDING: Final = WordFolding()

ASCII_FOLDING: Final = bytes(map(ord, "".join(map(WORD_FOLDING.__getitem__, range(128))))).ljust(256)
"""What `WORD_FOLDING` makes of the bytes of ASCII, each of which stays one."""

VOICED_KANA: Final = re.compile("[\u3041-\u30fe\uff66-\uff9d][\uff9e\uff9f]")
"""Match a kana with a half-width voicing mark, which together are one letter."""


def fold_words(text: str) -> str:
    """Return the text with every word folded, and a space for every character that belongs to no word.

    Tantivy's own way, a tokenizer with a regular expression and filters, takes more time than all the rest of indexing.
    """
    if text.isascii():
        # A table of bytes translates a paragraph in a tenth of the time.
        return text.encode().translate(ASCII_FOLDING).decode()
    return normalize("NFC", text.translate(WORD_FOLDING))


def fold_with_origins(text: str) -> tuple[str, list[int] | None]:
    """Return the folded text, and the index in the text where each of its characters begins, the end included.

    None stands for a folded text that has every character in its old place.
    """
    folded = fold_words(text)
    if text.isascii() or (len(folded) == len(text) and WORD_FOLDING.uneven.isdisjoint(text)):
        return folded, None
    pieces: list[str] = []
    origins: list[int] = []
    place = 0
    while place < len(text):
        voiced = VOICED_KANA.match(text, place)
        written = voiced[0] if voiced else text[place]
        piece = fold_words(written)
        pieces.append(piece)
        origins += [place] * len(piece)
        place += len(written)
    return "".join(pieces), [*origins, len(text)]


@cache
def build_analyzer(name: str) -> tantivy.TextAnalyzer:
    """Build the analyzer of a stemmer, for folded text in which `stem_words` has stemmed what tantivy can't."""
    words = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.whitespace())
    without_gaps = words.filter(tantivy.Filter.custom_stopword(["\ue000"]))
    return (without_gaps.filter(tantivy.Filter.stemmer(name)) if name in TANTIVY_STEMMERS else without_gaps).build()


def to_bigrams(folded: str) -> tuple[str, list[int] | None]:
    """Return the text with runs of unspaced scripts replaced by overlapping pairs of characters, and their origins.

    The origins give, for each character returned, its index in the text; None if the text is unchanged.
    """
    if folded.isascii() or not UNSPACED_SCRIPTS.search(folded):
        return folded, None
    pieces: list[str] = []
    origins: list[int] = []
    end = 0
    for run in UNSPACED_SCRIPTS.finditer(folded):
        pieces.append(folded[end : run.start()])
        origins += range(end, run.start())
        end = run.end()
        word = KOREAN_PARTICLES.sub("", run[0]) if run["hangul"] else run[0]
        last = run.start() + len(word)
        for start in range(run.start(), max(last - 1, run.start() + 1)):
            pair = folded[start : min(start + 2, last)]
            pieces.append(f" {pair} ")
            origins += [start, *range(start, start + len(pair)), start + len(pair) - 1]
    pieces.append(folded[end:])
    origins += range(end, len(folded))
    return "".join(pieces), origins


def index_text(text: str) -> str:
    """Return the text as the analyzers expect it: folded, and in pairs of characters where no spaces part words."""
    return to_bigrams(fold_words(text))[0]


def tokenize(text: str, name: str) -> list[Token]:
    """Return the words of a text of any length as this stemmer leaves them, in order, with their places."""
    placed = enumerate(zip(analyze(text, name), find_spans(text), strict=True))
    return [Token(word, position, start, end) for position, (word, (start, end)) in placed]


def analyze(text: str, name: str) -> list[str]:
    """Return the words of a text of any length as this stemmer leaves them, in order.

    Where places are not needed, this takes half as long as `tokenize`.
    """
    return [word for _, piece in cut_text(text) for word in stem_text(index_text(piece), name)]


def stem_text(indexed: str, name: str) -> list[str]:
    """Return the words of a text that `index_text` returned, as this stemmer leaves them."""
    if name in TANTIVY_STEMMERS:
        return build_analyzer(name).analyze(indexed)
    stem, words = WORD_STEMMERS.get(name), indexed.split()
    return words if stem is None else [*map(stem, words)]


def find_spans(text: str) -> list[Span]:
    """Return where the words of a text of any length stand, in order; that depends on no stemmer."""
    return [(first + start, first + end) for first, piece in cut_text(text) for start, end in locate_words(piece)]


def locate_words(text: str) -> list[Span]:
    """Return where the words of a short text stand."""
    folded, folded_from = fold_with_origins(text)
    indexed, paired_from = to_bigrams(folded)
    spans = [word.span() for word in WORD.finditer(indexed)]
    if paired_from is not None:
        spans = [(paired_from[start], paired_from[end - 1] + 1) for start, end in spans]
    if folded_from is not None:
        # "¼" is one character with two words; after "é" in two characters, the second belongs to the word.
        spans = [(folded_from[start], max(folded_from[end], folded_from[end - 1] + 1)) for start, end in spans]
    return spans


def cut_text(text: str) -> Iterator[tuple[int, str]]:
    """Yield a text in pieces of about `CHUNK` code points, and where each begins; no word is cut."""
    start = 0
    while len(text) - start > CHUNK and (cut := BREAK.search(text, start + CHUNK)):
        yield start, text[start : cut.start()]
        start = cut.start()
    yield start, text[start:]
