"""Bytes to text: UTF-8, with or without a byte order mark, only so long, and without control characters."""

from io import BufferedIOBase

from app.seeding.files import too_long
from app.seeding.limits import LONGEST_TEXT
from app.seeding.normalize.raw import Fault
from app.text import CONTROL_CHARACTERS

BOM = b"\xef\xbb\xbf"


def whole(stream: BufferedIOBase, limit: int) -> bytes:
    """All bytes of a file. Never reads more than the limit."""
    data = stream.read(limit + 1)
    if len(data) > limit:
        raise Fault(too_long(limit))
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
    data = whole(stream, LONGEST_TEXT)
    text = decoded(data).removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    if control := CONTROL_CHARACTERS.search(text):
        raise Fault(
            f"There is a control character, U+{ord(control[0]):04X}; expected text.",
            1 + text.count("\n", 0, control.start()),
        )
    if not text.strip():
        raise Fault("The file is empty; expected an article.")
    return text
