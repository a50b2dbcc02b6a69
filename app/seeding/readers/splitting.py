"""Splitting: cut a long file into chunks at the borders of its records, in constant memory."""

from collections.abc import Callable, Iterator
from io import BufferedIOBase

from app.seeding.limits import LONGEST_JSON
from app.seeding.normalize.raw import Fault

Records = tuple[bytes, int, int]
"""Bytes of a file, the number of their first line, and the offset at which they begin."""


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
