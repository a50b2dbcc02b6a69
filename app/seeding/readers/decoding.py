"""Decoding: read bytes up to a limit, and decode them as text without control characters."""

from io import BufferedIOBase
from typing import NamedTuple

from app.seeding.files.regular import read_at_most, too_long_message
from app.seeding.limits import LONGEST_TEXT
from app.seeding.normalize.characters import has_windows_controls, is_invisible, repair_controls
from app.seeding.normalize.raw import Fault
from app.seeding.readers.encodings import can_decode, guess_encoding, guess_unmarked_utf16
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


def decode_text(data: bytes, line: int = 1, offset: int = 0, encoding: str | None = None) -> DecodedText:
    """Decode bytes, which begin in this line and at this byte of their file, as UTF-8, or else in another encoding.

    That is `encoding` or, if it is None, what they look most like. Raises `Fault` if they can't be decoded.
    """
    if codec := guess_unmarked_utf16(data):
        return DecodedText(data.decode(codec), [])
    try:
        return DecodedText(data.decode(), [])
    except UnicodeDecodeError as error:
        if encoding:
            return DecodedText(decode_as(encoding, data, line, offset), [])
        if guess := guess_encoding(data):
            return DecodedText(data.decode(guess.codec), [guess.message])
        bad = error.start
        raise Fault(
            f"Byte {offset + bad} (0x{data[bad]:02x}) is not UTF-8, and no other encoding was recognized; "
            "expected the file in UTF-8.",
            line + data.count(b"\n", 0, bad),
        ) from None


def decode_as(encoding: str, data: bytes, line: int, offset: int) -> str:
    """Decode bytes in the encoding that a defaults.yaml gives. Raises `Fault` if they are in another one."""
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        raise Fault(
            f"Byte {offset + error.start} (0x{data[error.start]:02x}) is neither UTF-8 nor {encoding}, "
            "the `encoding` in defaults.yaml; expected one of them.",
            line + data.count(b"\n", 0, error.start),
        ) from None


def recode_as_utf8(data: bytes, encoding: str | None) -> tuple[bytes, list[str]]:
    """Return bytes as UTF-8 without byte order mark, with warnings if their encoding had to be guessed."""
    if data.isascii():
        return data, []
    text, warnings = decode_text(data, encoding=encoding)
    return text.removeprefix("\ufeff").encode(), warnings


def recode_lines(data: bytes, encoding: str | None) -> tuple[bytes, list[str]]:
    """Return JSON Lines as UTF-8, with a warning if the encoding of lines, the same for all, had to be guessed."""
    if can_decode(data, "utf-8"):
        return data, []
    lines = data.split(b"\n")
    bad = [index for index, line in enumerate(lines) if not can_decode(line, "utf-8")]
    guess = None if encoding else guess_encoding(b"\n".join(lines[index] for index in bad))
    codec = guess.codec if guess else encoding or "utf-8"
    for index in bad:
        if can_decode(lines[index], codec):
            lines[index] = lines[index].decode(codec).encode()
    return b"\n".join(lines), [guess.message] if guess else []


def refuse_control_characters(text: str) -> None:
    """Raise `Fault`, with its line, for the first control character of a file's text."""
    if control := CONTROL_CHARACTERS.search(text):
        raise Fault(
            f"There is a control character, U+{ord(control[0]):04X}; expected text.",
            1 + text.count("\n", 0, control.start()),
        )


def read_text(stream: BufferedIOBase, encoding: str | None = None) -> DecodedText:
    """Return a whole file of plain text or Markdown, without byte order mark and with line feeds as line ends.

    Lines in which nothing is visible are empty lines. `encoding` is that of a file that is not UTF-8, if it is known.
    """
    text, warnings = decode_text(read_bytes(stream, LONGEST_TEXT), encoding=encoding)
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
