"""JSON and JSON Lines: article documents, one or many in a file, and the line where each value stands."""

import json
import re
from bisect import bisect_right
from collections.abc import Callable, Iterator
from io import BufferedIOBase
from typing import Any

import orjson

from app.seeding.documents import Finding, SourceFile
from app.seeding.readers.decoding import BOM, LONGEST_LINE, decoded, whole
from app.seeding.settle.draft import Draft, Fault, Place
from app.seeding.settle.keys import meant, recognise

WHITE = re.compile(r"[ \t\n\r]*")


def read_json(file: SourceFile, name: str, stream: BufferedIOBase) -> Iterator[Draft]:
    """The article of a JSON file, or the articles of a list."""
    read = whole(stream)
    data = read.removeprefix(BOM)
    value = parsed(data, 1, len(read) - len(data))
    lines = value_lines(data, value)
    if not isinstance(value, list):
        yield drafted(file, name, value, 1, lines, ())
        return
    if not value:
        raise Fault("The list is empty; expected articles.")
    for number, document in enumerate(value):
        yield drafted(file, None, document, lines.get((number,), 1), lines, (number,))


def read_json_lines(
    file: SourceFile, _name: str, stream: BufferedIOBase, number: int = 1, offset: int = 0
) -> Iterator[Draft | Finding]:
    """The articles of some lines of a JSON Lines file. A bad one is a finding, and the next one is read.

    They begin with the line of this number; before it, there are so many bytes.
    """
    found = offset > 0
    while line := stream.readline(LONGEST_LINE + 1):
        if len(line) > LONGEST_LINE:
            raise Fault(
                f"The line is longer than {LONGEST_LINE // 1_000_000} MB; expected one article a line. "
                "The rest of the file was not read.",
                number,
            )
        data = line if offset else line.removeprefix(BOM)
        if not data.isspace() and data:
            found = True
            try:
                # An end that comes too early is in this line, not after it.
                value = parsed(data.rstrip(b"\r\n"), number, offset + len(line) - len(data))
                yield drafted(file, None, value, number, {}, ())
            except Fault as fault:
                yield Finding(file.name, fault.line, fault.message)
        number += 1
        offset += len(line)
    if not found:
        raise Fault("The file is empty; expected articles, one a line.")


def drafted(file: SourceFile, name: str | None, value: Any, line: int, lines: dict[Place, int], prefix: Place) -> Draft:
    """An article's document, under the keys that are meant."""
    draft = Draft(file.name, name, {}, line)
    if not isinstance(value, dict):
        draft.fault(f"An article is a JSON object; this is {orjson.dumps(value)[:40].decode(errors='replace')}.")
        return draft
    draft.keys, wrong = recognise(value)
    if lines:
        own = {key: lines.get((*prefix, key)) for key in value}
        draft.lines = {(meant(key) or key,): number for key, number in own.items() if number}
        for key in ("paragraphs", "mentions"):
            items = draft.keys.get(key)
            for index in range(len(items)) if isinstance(items, list) else ():
                draft.lines[key, index] = lines.get((*prefix, key, index), line)
    for key, message in wrong.items():
        draft.fault_in_line(Fault(message, lines.get((*prefix, key), line)))
    return draft


def parsed(data: bytes, line: int, offset: int) -> Any:
    """The value of this JSON, which begins in this line and at this offset of its file."""
    try:
        value = orjson.loads(data)
    except orjson.JSONDecodeError as error:
        decoded(data, line, offset)
        raise Fault(f"This is not JSON: {error.msg} (column {error.colno}).", line + error.lineno - 1) from None
    # The parser takes the last of two equal keys in silence. Both stand in the file, with their quotation marks,
    # which are therefore more than those of the value that was read; escaped ones may hide among them.
    if data.count(b'"') != orjson.dumps(value).count(b'"') or b"\\u0022" in data:
        Lines(decoded(data), line)
    return value


def value_lines(data: bytes, value: Any) -> dict[Place, int]:
    """Where each article, key, paragraph and mention of a file stands; nothing where all stand in one line."""
    if b"\n" not in data.strip():
        return {}
    return Lines(decoded(data), 1, depth=3 if isinstance(value, list) else 2).found


class Lines:
    """The lines of a JSON text's outer values. Raises `Fault` where an object has two equal keys."""

    def __init__(self, text: str, first: int, depth: int = 2) -> None:
        self.text = text
        self.first = first
        self.ends = [end.start() for end in re.finditer("\n", text)]
        self.found: dict[Place, int] = {}
        self.decode: Callable[[str, int], tuple[Any, int]] = json.JSONDecoder(
            object_pairs_hook=self.once, parse_int=str
        ).raw_decode
        self.at = 0
        self.walk(0, depth, ())

    @property
    def line(self) -> int:
        """The line that is being read."""
        return self.first + bisect_right(self.ends, self.at)

    def once(self, pairs: list[tuple[str, Any]]) -> None:
        """Refuse an inner object with two equal keys."""
        keys = [key for key, _ in pairs]
        if len(set(keys)) < len(keys):
            twice = next(key for key in keys if keys.count(key) > 1)
            raise Fault(f"The key `{twice}` is given twice; expected it once.", self.line)

    def walk(self, at: int, depth: int, place: Place) -> int:
        """Read the value that begins here, and return where it ends."""
        at = self.at = self.skip(at)
        self.found[place] = self.line
        opener = self.text[at]
        if depth == 0 or opener not in "{[":
            return self.decode(self.text, at)[1]
        at = self.skip(at + 1)
        count = 0
        while self.text[at] not in "}]":
            key: str | int = count
            count += 1
            if opener == "{":
                self.at = at
                key, at = self.decode(self.text, at)
                if (*place, key) in self.found:
                    raise Fault(f"The key `{key}` is given twice; expected it once.", self.line)
                at = self.skip(at) + 1
            at = self.skip(self.walk(at, depth - 1, (*place, key)))
            if self.text[at] == ",":
                at = self.skip(at + 1)
        return at + 1

    def skip(self, at: int) -> int:
        """Where the next thing stands that is no white space."""
        gap = WHITE.match(self.text, at)
        return gap.end() if gap else at
