"""Bytes to text: UTF-8, with or without a byte order mark, only so long, and without control characters."""

import re
from io import BufferedIOBase

from app.seeding.settle.draft import Fault

LONGEST_FILE = 50_000_000
"""Bytes of a file that is read as a whole."""
LONGEST_LINE = 20_000_000
"""Bytes of a line in plain text, in Markdown and in JSON Lines."""

BOM = b"\xef\xbb\xbf"
CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")


def whole(stream: BufferedIOBase) -> bytes:
    """All bytes of a file. Never reads more than the limit."""
    data = stream.read(LONGEST_FILE + 1)
    if len(data) > LONGEST_FILE:
        raise Fault(f"The file is longer than {LONGEST_FILE // 1_000_000} MB; expected articles in JSON Lines.")
    if not data.removeprefix(BOM).strip():
        raise Fault("The file is empty; expected an article.")
    return data


def decoded(data: bytes, line: int = 1, offset: int = 0) -> str:
    """The text that these bytes are, which begin in this line and at this offset of their file."""
    try:
        return data.decode()
    except UnicodeDecodeError as error:
        bad = error.start
        raise Fault(
            f"Byte {offset + bad} (0x{data[bad]:02x}) is not UTF-8; expected the file in UTF-8.",
            line + data.count(b"\n", 0, bad),
        ) from None


def prose(stream: BufferedIOBase) -> str:
    """A whole file of plain text or Markdown, with every line end as a line feed."""
    data = whole(stream)
    text = decoded(data).removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    if control := CONTROL.search(text):
        raise Fault(
            f"There is a control character, U+{ord(control[0]):04X}; expected text.",
            1 + text.count("\n", 0, control.start()),
        )
    start = 0
    while (end := text.find("\n", start)) >= 0 or len(text) - start > LONGEST_LINE:
        if end < 0 or end - start > LONGEST_LINE:
            raise Fault(
                f"The line is longer than {LONGEST_LINE // 1_000_000} MB; expected an article.",
                1 + text.count("\n", 0, start),
            )
        start = end + 1
    if not text.strip():
        raise Fault("The file is empty; expected an article.")
    return text
