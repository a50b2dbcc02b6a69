"""Decoding: read bytes up to a limit, and decode them as text without control characters."""

from io import BufferedIOBase
from typing import NamedTuple

from app.seeding.files.regular import read_at_most, too_long_message
from app.seeding.limits import LONGEST_TEXT
from app.seeding.normalize.characters import has_windows_controls, is_invisible, repair_controls
from app.seeding.normalize.raw import Fault
from app.seeding.readers.encodings import guess_encoding, guess_unmarked_utf16
from app.text import CONTROL_CHARACTERS

BOM = b"\xef\xbb\xbf"

WINDOWS_CONTROLS_MESSAGE = "There are control characters (U+0080 to U+009F), which were read as Windows-1252."


class DecodedText(NamedTuple):
    """A text, and warnings about how it was read."""

    text: str
    warnings: list[str]


def read_bytes(stream: BufferedIOBase, limit: int) -> bytes:
    """Return all bytes of a file, reading at most one more than the limit. Raises `Fault` if it is longer or empty."""
    data = read_at_most(stream, limit + 1)
    if len(data) > limit:
        raise Fault(too_long_message(limit))
    if not data.removeprefix(BOM).strip():
        raise Fault("The file is empty; expected an article.")
    return data


def decode_text(data: bytes, line: int = 1, offset: int = 0) -> DecodedText:
    """Decode bytes, which begin in this line and at this byte of their file, as UTF-8 or as what they look most like.

    Raises `Fault` if they look like no encoding.
    """
    if codec := guess_unmarked_utf16(data):
        return DecodedText(data.decode(codec), [])
    try:
        return DecodedText(data.decode(), [])
    except UnicodeDecodeError as error:
        if guess := guess_encoding(data):
            return DecodedText(data.decode(guess.codec), [guess.message])
        bad = error.start
        raise Fault(
            f"Byte {offset + bad} (0x{data[bad]:02x}) is not UTF-8, and no other encoding was recognized; "
            "expected the file in UTF-8.",
            line + data.count(b"\n", 0, bad),
        ) from None


def refuse_control_characters(text: str) -> None:
    """Raise `Fault`, with its line, for the first control character of a file's text."""
    if control := CONTROL_CHARACTERS.search(text):
        raise Fault(
            f"There is a control character, U+{ord(control[0]):04X}; expected text.",
            1 + text.count("\n", 0, control.start()),
        )


def read_text(stream: BufferedIOBase) -> DecodedText:
    """Return a whole file of plain text or Markdown, without byte order mark and with line feeds as line ends.

    Lines in which nothing is visible are empty lines.
    """
    text, warnings = decode_text(read_bytes(stream, LONGEST_TEXT))
    text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    if has_windows_controls(text):
        warnings.append(WINDOWS_CONTROLS_MESSAGE)
    text = repair_controls(text)
    refuse_control_characters(text)
    if not text.isascii():
        text = "\n".join("" if line and is_invisible(line) else line for line in text.split("\n"))
    if not text.strip():
        raise Fault("The file is empty; expected an article.")
    return DecodedText(text, warnings)
