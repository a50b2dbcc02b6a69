"""Decoding: read bytes up to a limit, and decode them as UTF-8 text without control characters."""

from io import BufferedIOBase

from app.seeding.files import read_at_most, too_long_message
from app.seeding.limits import LONGEST_TEXT
from app.seeding.normalize.raw import Fault
from app.text import CONTROL_CHARACTERS

BOM = b"\xef\xbb\xbf"


def read_bytes(stream: BufferedIOBase, limit: int) -> bytes:
    """Return all bytes of a file, reading at most one more than the limit. Raises `Fault` if it is longer or empty."""
    data = read_at_most(stream, limit + 1)
    if len(data) > limit:
        raise Fault(too_long_message(limit))
    if not data.removeprefix(BOM).strip():
        raise Fault("The file is empty; expected an article.")
    return data


def decode_utf8(data: bytes, line: int = 1, offset: int = 0) -> str:
    """Decode bytes that begin in this line and at this byte of their file. Raises `Fault` if they are not UTF-8."""
    try:
        return data.decode()
    except UnicodeDecodeError as error:
        bad = error.start
        raise Fault(
            f"Byte {offset + bad} (0x{data[bad]:02x}) is not UTF-8; expected the file in UTF-8.",
            line + data.count(b"\n", 0, bad),
        ) from None


def refuse_control_characters(text: str) -> None:
    """Raise `Fault`, with its line, for the first control character of a file's text."""
    if control := CONTROL_CHARACTERS.search(text):
        raise Fault(
            f"There is a control character, U+{ord(control[0]):04X}; expected text.",
            1 + text.count("\n", 0, control.start()),
        )


def read_text(stream: BufferedIOBase) -> str:
    """Return a whole file of plain text or Markdown, without byte order mark and with line feeds as line ends."""
    data = read_bytes(stream, LONGEST_TEXT)
    text = decode_utf8(data).removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    refuse_control_characters(text)
    if not text.strip():
        raise Fault("The file is empty; expected an article.")
    return text
