"""Splitting: cut a long file into chunks at the borders of its records, in constant memory."""

import re
from collections.abc import Callable, Iterator
from io import BufferedIOBase

from app.seeding.files.regular import BLOCK_BYTES
from app.seeding.limits import LONGEST_JSON, LONGEST_XML
from app.seeding.normalize.raw import Fault

Records = tuple[bytes, int, int]
"""Bytes of a file, the number of their first line, and the offset at which they begin."""

TAG = re.compile(rb"<(?P<closes>/)?(?P<name>[A-Za-z_][^\s/>]*)(?:[^>\"']|\"[^\"]*\"|'[^']*')*?(?P<empty>/)?>")
CDATA_OR_COMMENT = re.compile(rb"<!\[CDATA\[.*?\]\]>|<!--.*?-->", re.DOTALL)


def split_at_lines(stream: BufferedIOBase, size: int, is_first_line: Callable[[bytes], bool]) -> Iterator[Records]:
    """Yield chunks of at least `size` bytes that end before the first line of a record.

    Raises `Fault` for a record of more than `LONGEST_JSON` bytes.
    """
    lines: list[bytes] = []
    first, offset, length, number = 1, 0, 0, 0
    start, record_length = 1, 0
    while line := stream.readline(LONGEST_JSON + 1):
        number += 1
        if is_first_line(line):
            start, record_length = number, 0
            if length >= size:
                yield b"".join(lines), first, offset
                first, offset, length = number, offset + length, 0
                lines = []
        lines.append(line)
        length += len(line)
        record_length += len(line)
        if record_length > LONGEST_JSON:
            size_in_mb = LONGEST_JSON // 1_000_000
            raise Fault(f"This record has more than {size_in_mb} MB; expected less. The rest was not read.", start)
    if b"".join(lines).strip():
        yield b"".join(lines), first, offset
    elif not offset:
        raise Fault("The file is empty; expected articles.")


def split_at_elements(stream: BufferedIOBase, size: int, name: bytes) -> Iterator[Records]:
    """Yield chunks of XML, each with whole elements of this name within the elements that stand around them.

    What stands before the first takes one line, so that the elements keep their lines. A file without such an element
    is one chunk.
    """
    opening = re.compile(rb"<" + name + rb"[\s>]")
    closing = b"</" + name + b">"
    content = b""
    head: bytes | None = None
    line = 1
    while block := stream.read(BLOCK_BYTES):
        content += block
        if head is None:
            match = opening.search(content)
            if match is None:
                continue
            head = content[: match.start()]
            line += head.count(b"\n")
            content = content[match.start() :]
            foot = close_elements(head)
        end = content.rfind(closing) + len(closing)
        if len(content) > size and end >= len(closing):
            elements, content = content[:end], content[end:]
            yield b" ".join(head.splitlines()) + elements + foot, line, 0
            line += elements.count(b"\n")
        if len(content) > LONGEST_XML:
            raise Fault(f"One {name.decode()} has more than {LONGEST_XML // 1_000_000} MB; expected less.", line)
    if head is None:
        yield content, 1, 0
    elif opening.search(content):
        yield b" ".join(head.splitlines()) + content, line, 0


def close_elements(head: bytes) -> bytes:
    """Return the closing tags of the elements that are open after the head of a document."""
    open_names: list[bytes] = []
    for match in TAG.finditer(CDATA_OR_COMMENT.sub(b"", head)):
        if match["closes"]:
            del open_names[-1:]
        elif not match["empty"]:
            open_names.append(match["name"])
    return b"".join(b"</" + name + b">" for name in reversed(open_names))
