"""JSON and JSON Lines: read article documents, one or many in a file or an envelope, with the lines of their values."""

import json
import re
from bisect import bisect_right
from collections.abc import Callable, Iterator
from io import BufferedIOBase, BytesIO
from typing import Any

import orjson

from app.seeding.article import Finding, ScannedFile
from app.seeding.limits import DEEPEST, LONGEST_JSON, MOST_KEYS
from app.seeding.normalize.key_aliases import canonical_key, canonicalize_keys
from app.seeding.normalize.raw import Fault, JsonPath, RawArticle, is_deeper, shorten
from app.seeding.readers.annotated.tool_records import read_tool_record
from app.seeding.readers.decoding import BOM, decode_text, read_bytes, recode_as_utf8
from app.seeding.readers.feeds.recognition import is_json_feed, is_ninjs
from app.seeding.readers.formats import load_function
from app.seeding.readers.json_files.json_envelopes import ENVELOPE_KEYS, find_articles, flatten_item
from app.seeding.readers.json_files.served_articles import is_served_article, refuse_part, to_served_document

MOST_LINES = 200_000
"""Values of one list whose lines are kept."""

WHITE_SPACE = re.compile(r"[ \t\n\r]*")
LONG_NUMBER = re.compile(rb"[0-9]{19}")
BRACKET_OR_STRING = re.compile(r'"(?:[^"\\]++|\\.)*+"|[\[{]|[\]}]', re.DOTALL)
"""Strings match as a whole, because brackets mean nothing in them."""


def read_json(file: ScannedFile, name: str, stream: BufferedIOBase) -> Iterator[RawArticle | Finding]:
    """Yield the article of a JSON file, or the articles of its list, of its envelope, or of its lines."""
    content = read_bytes(stream, LONGEST_JSON)
    data, warnings = recode_as_utf8(content, file.encoding)
    yield from (Finding(file.name, 1, message, "warning") for message in warnings)
    if is_json_lines(data):
        yield from read_json_lines(file, name, BytesIO(data))
        return
    value = parse_json(data, 1, len(content) - len(data))
    # In a file of one line every value stands in line 1.
    lines = locate_values(data.decode(), 1) if b"\n" in data.strip() else {}
    if is_json_feed(value):
        yield from load_function("feeds.json_feed:read_json_feed")(file, value)
        return
    articles = find_articles(value)
    if not articles:
        raise Fault("The list is empty; expected articles.")
    for path, document in articles:
        yield to_raw_article(file, None if path else name, document, lines.get(path, 1), lines, path)


def is_json_lines(data: bytes) -> bool:
    """Tell whether a file holds JSON Lines, whatever its suffix: its first line is an object, and more follow."""
    first, _, rest = data.lstrip().partition(b"\n")
    if not first.startswith(b"{") or not rest.lstrip().startswith(b"{"):
        return False
    try:
        orjson.loads(first)
    except orjson.JSONDecodeError:
        return False
    return True


def read_json_lines(
    file: ScannedFile, _name: str, stream: BufferedIOBase, line: int = 1, offset: int = 0
) -> Iterator[RawArticle | Finding]:
    """Yield the articles of a stream of JSON Lines, and a finding for every line that is not one.

    The stream may be a part of the file, which begins in `line` and at byte `offset`.
    """
    is_empty = offset == 0
    while content := stream.readline(LONGEST_JSON + 1):
        if len(content) > LONGEST_JSON:
            raise Fault(
                f"The line is longer than {LONGEST_JSON // 1_000_000} MB; expected one article a line. "
                "The rest of the file was not read.",
                line,
            )
        data = content if offset else content.removeprefix(BOM)
        if data and not data.isspace():
            is_empty = False
            try:
                # Without its line end: an error at the end of the line would be reported in the next one.
                value = parse_json(data.rstrip(b"\r\n"), line, offset + len(content) - len(data))
                for path, document in find_articles(value):
                    yield to_raw_article(file, None, document, line, {}, path)
            except Fault as fault:
                yield Finding(file.name, fault.line, fault.message)
        line += 1
        offset += len(content)
    if is_empty:
        raise Fault("The file is empty; expected articles, one a line.")


def to_raw_article(
    file: ScannedFile, name: str | None, value: Any, line: int, lines: dict[JsonPath, int], prefix: JsonPath
) -> RawArticle | Finding:
    """Return the raw article or finding of a JSON value in this line of its file, at the path `prefix`."""
    if record := read_tool_record(file, name, value, line):
        return record
    if is_ninjs(value):
        item: RawArticle | Finding = load_function("feeds.ninjs:read_ninjs")(file, name, value, line)
        return item
    raw = RawArticle(file.name, name, {}, line)
    if not isinstance(value, dict):
        raw.add_fault(f"An article is a JSON object; this is {orjson.dumps(value)[:40].decode(errors='replace')}.")
        return raw
    if len(value) > MOST_KEYS:
        raw.add_fault(
            f"The article has {len(value):,} keys; expected at most {MOST_KEYS:,}, and the rest under `extra`."
        )
        return raw
    if is_served_article(value):
        raw.document = to_served_document(value)
    elif refusal := refuse_part(value):
        raw.add_fault(refusal)
    else:
        set_document(raw, value, lines, prefix)
    return raw


def set_document(raw: RawArticle, value: dict[str, Any], lines: dict[JsonPath, int], prefix: JsonPath) -> None:
    """Set the document of a raw article to a JSON object under canonical keys, with the lines of its values."""
    line = raw.line
    canonical = canonicalize_keys(flatten_item(value))
    raw.document = canonical.values
    if lines:
        key_lines = {key: lines.get((*prefix, key)) for key in value}
        raw.lines = {(canonical.names.get(key, key),): number for key, number in key_lines.items() if number}
        for key in ("paragraphs", "mentions"):
            items = raw.document.get(key)
            for index in range(len(items)) if isinstance(items, list) else ():
                raw.lines[key, index] = lines.get((*prefix, key, index), line)
    for key, message in canonical.faults.items():
        raw.add_fault_in_line(message, lines.get((*prefix, key), line))
    for key, message in canonical.warnings.items():
        raw.add_warning_in_line(message, lines.get((*prefix, key), line))


def parse_json(data: bytes, line: int, offset: int) -> Any:
    """Parse JSON that begins in this line and at this byte of its file.

    Raises `Fault`, with its line, for what is not UTF-8, not JSON or nested too deep, and for duplicate keys.
    """
    try:
        value = orjson.loads(data)
    except orjson.JSONDecodeError as error:
        text = decode_text(data, line, offset).text
        if "depth" in error.msg:
            refuse_depth(text, line)
        raise Fault(f"This is not JSON: {error.msg} (column {error.colno}).", line + error.lineno - 1) from None
    if is_deeper(value, DEEPEST):
        refuse_depth(data.decode(), line)
    if LONG_NUMBER.search(data):
        refuse_long_numbers(data.decode(), line)
    # orjson keeps the last of two equal keys silently; the data then has more quotation marks than the value, unless
    # escaped ones make up for them. Counting takes 10 us for an article of 8 KB, json's object_pairs_hook 44.
    if data.count(b'"') != orjson.dumps(value).count(b'"') or b"\\u0022" in data:
        locate_values(data.decode(), line)
    return value


def refuse_long_numbers(text: str, line: int) -> None:
    """Raise `Fault` for a whole number of more than 64 bits, of which orjson keeps only the first digits."""

    def parse_whole(digits: str) -> int:
        if not -(2**63) <= int(digits[:40]) < 2**64:
            message = f"The number {shorten(digits)} has more than 64 bits; expected it as text, in quotation marks."
            raise Fault(message, line + text.count("\n", 0, text.find(digits)))
        return 0

    json.loads(text, parse_int=parse_whole, parse_float=len)


def refuse_depth(text: str, line: int) -> None:
    """Raise `Fault` in the line in which JSON, which begins in `line`, is nested too deep."""
    depth = 0
    for match in BRACKET_OR_STRING.finditer(text):
        depth += {"[": 1, "{": 1, "]": -1, "}": -1}.get(match[0], 0)
        if depth > DEEPEST:
            message = f"The JSON is nested more than {DEEPEST} deep; expected less."
            raise Fault(message, line + text.count("\n", 0, match.start()))


def locate_values(text: str, line: int) -> dict[JsonPath, int]:
    """Return the lines of articles, their values, paragraphs and mentions in JSON that begins in this line.

    Raises `Fault`, with its line, for a duplicate key anywhere.
    """
    try:
        return ValueLocator(text, line).lines
    except Fault:
        # The quick way knows duplicate keys of inner objects, but not their lines.
        ValueLocator(text, line, everywhere=True)
        raise


class ValueLocator:
    """Find the lines of the outer values of a JSON text, and refuse duplicate keys."""

    def __init__(self, text: str, first: int, *, everywhere: bool = False) -> None:
        """Read a text that begins in the line `first`.

        `everywhere` enters every value in Python, to find the line of a duplicate key, and keeps no lines.
        """
        self.text = text
        self.first = first
        self.line_ends = [end.start() for end in re.finditer("\n", text)]
        self.lines: dict[JsonPath, int] = {}
        # Numbers don't matter here, and Python refuses to parse one of more than 4,300 digits.
        self.decode: Callable[[str, int], tuple[Any, int]] = json.JSONDecoder(
            object_pairs_hook=self.refuse_duplicates, parse_int=len, parse_float=len
        ).raw_decode
        self.position = 0
        self.everywhere = everywhere
        self.walk(0, ())

    @property
    def line(self) -> int:
        """The line of the current position."""
        return self.first + bisect_right(self.line_ends, self.position)

    def refuse_duplicates(self, pairs: list[tuple[str, Any]]) -> None:
        """Raise `Fault` for an object with duplicate keys."""
        if len(dict(pairs)) < len(pairs):
            keys: set[str] = set()
            for key, _ in pairs:
                self.add_key(key, keys)

    def add_key(self, key: str, keys: set[str]) -> None:
        """Add a key to those of its object. Raises `Fault` for a duplicate."""
        if key in keys:
            raise Fault(f"The key `{shorten(key)}` is given twice; expected it once.", self.line)
        keys.add(key)

    def walk(self, start: int, path: JsonPath) -> int:
        """Read the value that begins at an offset, and return the offset at which it ends."""
        offset = self.position = self.skip_white_space(start)
        opener = self.text[offset]
        is_entered = self.everywhere or has_located_values(path)
        if not self.everywhere:
            self.lines[path] = self.line
        if opener not in "{[" or not is_entered:
            return self.decode(self.text, offset)[1]
        offset = self.skip_white_space(offset + 1)
        count = 0
        keys: set[str] = set()
        while self.text[offset] not in "}]":
            key: str | int = count
            count += 1
            if opener == "{":
                self.position = offset
                key, offset = self.decode(self.text, offset)
                self.add_key(str(key), keys)
                offset = self.skip_white_space(offset) + 1
            if count <= MOST_LINES or self.everywhere:
                offset = self.walk(offset, (*path, key))
            else:
                self.position = self.skip_white_space(offset)
                offset = self.decode(self.text, self.position)[1]
            offset = self.skip_white_space(offset)
            if self.text[offset] == ",":
                offset = self.skip_white_space(offset + 1)
        return offset + 1

    def skip_white_space(self, offset: int) -> int:
        """Return the offset of the next character that is not white space."""
        match = WHITE_SPACE.match(self.text, offset)
        return match.end() if match else offset


def has_located_values(path: JsonPath) -> bool:
    """Tell whether the values inside this one get lines: envelopes, lists of articles, articles, and their lists."""
    first = next((index for index, step in enumerate(path) if isinstance(step, int)), len(path))
    if not all(step in ENVELOPE_KEYS for step in path[:first]):
        first = -1
    inner = path[first + 1 :]
    return not inner or (len(inner) == 1 and canonical_key(str(inner[0])) in {"paragraphs", "mentions"})
