"""Tags of tokens: join tokens to a text, and decode IOB1, IOB2, BILOU and BIOES tags to spans."""

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

TAG = re.compile(r"(?P<prefix>[BILUOESM])-(?P<label>\S+)|[O_-]")
NO_SPACE_BEFORE = re.compile(r"[.,;:!?%)\]}…’»]+|['’](?:s|S|re|ve|ll|d|m|t)|n['’]t")
NO_SPACE_AFTER = {"(", "[", "{", "«", "$", "£", "#"}


class Token(NamedTuple):
    """A word or a punctuation mark of a text."""

    text: str
    has_space: bool | None = None
    """Whether white space follows; None if the file does not say so."""


class TaggedSpan(NamedTuple):
    """Tokens with one label."""

    first: int
    last: int
    label: str


def join_tokens(tokens: Sequence[Token]) -> tuple[str, list[tuple[int, int]]]:
    """Return the text of tokens, and where each starts and ends in it.

    Unless the file says otherwise, there is a space between two tokens, but not before closing punctuation.
    """
    pieces: list[str] = []
    offsets: list[tuple[int, int]] = []
    length = 0
    has_space = False
    for token in tokens:
        if has_space and (tokens[len(offsets) - 1].has_space or not NO_SPACE_BEFORE.fullmatch(token.text)):
            pieces.append(" ")
            length += 1
        pieces.append(token.text)
        offsets.append((length, length + len(token.text)))
        length += len(token.text)
        has_space = token.text not in NO_SPACE_AFTER if token.has_space is None else token.has_space
    return "".join(pieces), offsets


def is_tag(word: str) -> bool:
    """Tell whether a word is a tag, or stands for none."""
    return TAG.fullmatch(word) is not None


def decode_tags(tags: Sequence[str]) -> Iterator[TaggedSpan]:
    """Yield the spans of the tags of a sentence, in any of the usual schemes.

    `B`, `U` and `S` begin a span; `I`, `L`, `E` and `M` continue the one with the same label, or begin one, as in IOB1;
    `L`, `E`, `U` and `S` end it.
    """
    first, label = 0, ""
    for index, tag in enumerate(tags):
        prefix, _, own = tag.partition("-")
        if label and (own != label or prefix in "BUSO"):
            yield TaggedSpan(first, index - 1, label)
            label = ""
        if own and not label:
            first, label = index, own
        if label and prefix in {"L", "E", "U", "S"}:
            yield TaggedSpan(first, index, label)
            label = ""
    if label:
        yield TaggedSpan(first, len(tags) - 1, label)
