"""JSON and JSON Lines: article documents, one or many in a file, and the line where each value stands."""

import json
import re
from bisect import bisect_right
from collections.abc import Callable, Iterator
from io import BufferedIOBase
from typing import Any

import orjson

from app.seeding.article import Finding, ScannedFile
from app.seeding.limits import DEEPEST, LONGEST_JSON, MOST_KEYS
from app.seeding.normalize.key_aliases import canonical_key, canonicalize_keys
from app.seeding.normalize.raw import Fault, JsonPath, RawArticle, is_deeper, shortened
from app.seeding.readers.decoding import BOM, decoded, whole

MOST_LINES = 200_000
"""Of so many values in one list, the lines are kept."""

WHITE = re.compile(r"[ \t\n\r]*")
BRACKET = re.compile(r'"(?:[^"\\]++|\\.)*+"|[\[{]|[\]}]', re.DOTALL)
"""An opening or a closing one, or a string, in which they mean nothing."""


def read_json(file: ScannedFile, name: str, stream: BufferedIOBase) -> Iterator[RawArticle]:
    """The article of a JSON file, or the articles of a list."""
    read = whole(stream, LONGEST_JSON)
    data = read.removeprefix(BOM)
    value = parse_json(data, 1, len(read) - len(data))
    lines = value_lines(data)
    if not isinstance(value, list):
        yield to_raw_article(file, name, value, 1, lines, ())
        return
    if not value:
        raise Fault("The list is empty; expected articles.")
    for number, document in enumerate(value):
        yield to_raw_article(file, None, document, lines.get((number,), 1), lines, (number,))


def read_json_lines(
    file: ScannedFile, _name: str, stream: BufferedIOBase, number: int = 1, offset: int = 0
) -> Iterator[RawArticle | Finding]:
    """The articles of some lines of a JSON Lines file. A bad one is a finding, and the next one is read.

    They begin with the line of this number; before it, there are so many bytes.
    """
    found = offset > 0
    while line := stream.readline(LONGEST_JSON + 1):
        if len(line) > LONGEST_JSON:
            raise Fault(
                f"The line is longer than {LONGEST_JSON // 1_000_000} MB; expected one article a line. "
                "The rest of the file was not read.",
                number,
            )
        data = line if offset else line.removeprefix(BOM)
        if not data.isspace() and data:
            found = True
            try:
                # An end that comes too early is in this line, not after it.
                value = parse_json(data.rstrip(b"\r\n"), number, offset + len(line) - len(data))
                yield to_raw_article(file, None, value, number, {}, ())
            except Fault as fault:
                yield Finding(file.name, fault.line, fault.message)
        number += 1
        offset += len(line)
    if not found:
        raise Fault("The file is empty; expected articles, one a line.")


def to_raw_article(
    file: ScannedFile, name: str | None, value: Any, line: int, lines: dict[JsonPath, int], prefix: JsonPath
) -> RawArticle:
    """An article's document, under the keys that are meant."""
    draft = RawArticle(file.name, name, {}, line)
    if not isinstance(value, dict):
        draft.fault(f"An article is a JSON object; this is {orjson.dumps(value)[:40].decode(errors='replace')}.")
        return draft
    if len(value) > MOST_KEYS:
        draft.fault(f"The article has {len(value):,} keys; expected at most {MOST_KEYS:,}, and the rest under `extra`.")
        return draft
    draft.keys, wrong = canonicalize_keys(value)
    if lines:
        own = {key: lines.get((*prefix, key)) for key in value}
        draft.lines = {(canonical_key(key) or key,): number for key, number in own.items() if number}
        for key in ("paragraphs", "mentions"):
            items = draft.keys.get(key)
            for index in range(len(items)) if isinstance(items, list) else ():
                draft.lines[key, index] = lines.get((*prefix, key, index), line)
    for key, message in wrong.items():
        draft.fault_in_line(Fault(message, lines.get((*prefix, key), line)))
    return draft


def parse_json(data: bytes, line: int, offset: int) -> Any:
    """The value of this JSON, which begins in this line and at this offset of its file."""
    try:
        value = orjson.loads(data)
    except orjson.JSONDecodeError as error:
        text = decoded(data, line, offset)
        if "depth" in error.msg:
            refuse_depth(text, line)
        raise Fault(f"This is not JSON: {error.msg} (column {error.colno}).", line + error.lineno - 1) from None
    if is_deeper(value, DEEPEST):
        refuse_depth(decoded(data), line)
    # The parser takes the last of two equal keys in silence. Both stand in the file, with their quotation marks,
    # which are therefore more than those of the value that was read; escaped ones may hide among them.
    if data.count(b'"') != orjson.dumps(value).count(b'"') or b"\\u0022" in data:
        find_lines(decoded(data), line)
    return value


def refuse_depth(text: str, line: int) -> None:
    """Raise `Fault` in the line where this JSON, which begins in `line`, is nested too deep."""
    depth = 0
    for bracket in BRACKET.finditer(text):
        depth += {"[": 1, "{": 1, "]": -1, "}": -1}.get(bracket[0], 0)
        if depth > DEEPEST:
            message = f"The JSON is nested more than {DEEPEST} deep; expected less."
            raise Fault(message, line + text.count("\n", 0, bracket.start()))


def value_lines(data: bytes) -> dict[JsonPath, int]:
    """Where each article, key, paragraph and mention of a file stands; nothing where all stand in one line."""
    return find_lines(decoded(data), 1) if b"\n" in data.strip() else {}


def find_lines(text: str, line: int) -> dict[JsonPath, int]:
    """The lines of a JSON text's outer values. Raises `Fault`, in its own line, for a key that is given twice."""
    try:
        return Lines(text, line).found
    except Fault:
        Lines(text, line, everywhere=True)
        raise


class Lines:
    """Reads on which lines the outer values of a JSON text stand, and refuses two equal keys of an object."""

    def __init__(self, text: str, first: int, *, everywhere: bool = False) -> None:
        """Begin with this line. `everywhere` goes through every value in Python, to find the line of a fault."""
        self.text = text
        self.first = first
        self.ends = [end.start() for end in re.finditer("\n", text)]
        self.found: dict[JsonPath, int] = {}
        # No number is needed, and Python refuses to read a very long one.
        self.decode: Callable[[str, int], tuple[Any, int]] = json.JSONDecoder(
            object_pairs_hook=self.once, parse_int=len, parse_float=len
        ).raw_decode
        self.at = 0
        self.everywhere = everywhere
        self.walk(0, ())

    @property
    def line(self) -> int:
        """The line that is being read."""
        return self.first + bisect_right(self.ends, self.at)

    def once(self, pairs: list[tuple[str, Any]]) -> None:
        """Refuse an inner object with two equal keys."""
        if len(dict(pairs)) < len(pairs):
            keys: set[str] = set()
            for key, _ in pairs:
                self.refuse_twin(key, keys)

    def refuse_twin(self, key: str, keys: set[str]) -> None:
        """Raise `Fault` for a key that is among these, to which it is added."""
        if key in keys:
            raise Fault(f"The key `{shortened(key)}` is given twice; expected it once.", self.line)
        keys.add(key)

    def walk(self, at: int, place: JsonPath) -> int:
        """Read the value that begins here, and return where it ends."""
        at = self.at = self.skip(at)
        opener = self.text[at]
        is_entered = self.everywhere or holds_parts(place)
        if not self.everywhere:
            self.found[place] = self.line
        if opener not in "{[" or not is_entered:
            return self.decode(self.text, at)[1]
        at = self.skip(at + 1)
        count = 0
        keys: set[str] = set()
        while self.text[at] not in "}]":
            key: str | int = count
            count += 1
            if opener == "{":
                self.at = at
                key, at = self.decode(self.text, at)
                self.refuse_twin(str(key), keys)
                at = self.skip(at) + 1
            if count <= MOST_LINES or self.everywhere:
                at = self.walk(at, (*place, key))
            else:
                self.at = self.skip(at)
                at = self.decode(self.text, self.at)[1]
            at = self.skip(at)
            if self.text[at] == ",":
                at = self.skip(at + 1)
        return at + 1

    def skip(self, at: int) -> int:
        """Where the next thing stands that is no white space."""
        gap = WHITE.match(self.text, at)
        return gap.end() if gap else at


def holds_parts(place: JsonPath) -> bool:
    """Whether the values within this one need their lines: what holds articles, or is one, or lists parts of one."""
    inner = place[1:] if place and isinstance(place[0], int) else place
    return not inner or (len(inner) == 1 and canonical_key(str(inner[0])) in {"paragraphs", "mentions"})
