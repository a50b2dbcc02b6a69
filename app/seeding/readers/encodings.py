"""Encodings: find out in which encoding a text is, by its byte order mark, as UTF-8, or by the looks of its letters."""

import codecs
from io import BufferedReader, RawIOBase, TextIOWrapper
from typing import Any, NamedTuple

from charset_normalizer import from_bytes

from app.seeding.normalize.raw import Fault

BYTE_ORDER_MARKS = {
    codecs.BOM_UTF32_LE: "utf-32-le",
    codecs.BOM_UTF32_BE: "utf-32-be",
    codecs.BOM_UTF16_LE: "utf-16-le",
    codecs.BOM_UTF16_BE: "utf-16-be",
}
"""Encodings by the bytes that a file begins with. Those of UTF-32 begin with those of UTF-16."""

CANDIDATES = {
    "cp1252": "Windows-1252",
    "cp1251": "Windows-1251",
    "cp1250": "Windows-1250",
    "koi8_r": "KOI8-R",
    "koi8_u": "KOI8-U",
    "cp1253": "Windows-1253",
    "cp1254": "Windows-1254",
    "cp1255": "Windows-1255",
    "cp1256": "Windows-1256",
    "cp1257": "Windows-1257",
    "cp1258": "Windows-1258",
    "iso8859_2": "ISO-8859-2",
    "cp932": "Shift_JIS",
    "euc_jp": "EUC-JP",
    "gb18030": "GB18030",
    "big5": "Big5",
    "cp949": "EUC-KR",
    "cp874": "Windows-874",
    "mac_roman": "Macintosh",
    "cp850": "CP850",
}
"""Encodings of real files, by Python's name, the likeliest first where a text looks equally well in several."""

ORDER = list(CANDIDATES)
MULTIBYTE = {"cp932", "euc_jp", "gb18030", "big5", "cp949"}

WORST_CHAOS = 0.2
"""The share of odd neighbours from which on a text is not taken for one in this encoding."""
LIKELY_COHERENCE, LIKELY_CHAOS = 0.4, 0.1
"""How much the letters of a text must be like those of a language, and how few be odd, for a safe guess."""


class Guess(NamedTuple):
    """An encoding that a text was recognized to be in."""

    codec: str
    is_likely: bool

    @property
    def message(self) -> str:
        """Return the warning that names the encoding."""
        name, how = CANDIDATES[self.codec], "most likely" if self.is_likely else "perhaps"
        convert = f"iconv -f {name} -t UTF-8"
        return f"This is not UTF-8, but {how} {name}, and was read so; convert it to be sure ({convert})."


def guess_encoding(data: bytes) -> Guess | None:
    """Return the encoding that bytes, which are not UTF-8, look most like; None if they look like none."""
    matches = [
        (round(match.chaos, 1), -round(match.coherence, 1), ORDER.index(codec), codec, match)
        for match in from_bytes(data, cp_isolation=ORDER, threshold=WORST_CHAOS)
        for codec in {match.encoding, *match.could_be_from_charset}
        if codec in CANDIDATES and can_decode(data, codec)
    ]
    if not matches:
        return None
    *_, codec, best = min(matches, key=lambda match: match[:3])
    is_coherent = codec in MULTIBYTE or best.coherence >= LIKELY_COHERENCE
    return Guess(codec, is_likely=is_coherent and best.chaos < LIKELY_CHAOS)


def can_decode(data: bytes, codec: str) -> bool:
    """Tell whether all bytes mean something in an encoding; the detector looks at samples only."""
    try:
        data.decode(codec)
    except UnicodeDecodeError:
        return False
    return True


def find_codec(name: str) -> str | None:
    """Return Python's name of an encoding in which ASCII means itself, and nothing else is ASCII; None for another."""
    printable = bytes(range(32, 127))
    try:
        codec = codecs.lookup(name.strip()).name
        is_like_ascii = printable.decode(codec).encode() == printable
        return codec if is_like_ascii and not "é日я".encode(codec, "ignore").isascii() else None
    except (LookupError, ValueError):
        return None


def guess_unmarked_utf16(data: bytes) -> str | None:
    """Return the kind of UTF-16 of a text without byte order mark: every second byte of Western letters is zero."""
    sample = data[:10_000]
    for codec, zeros in (("utf-16-le", sample[1::2]), ("utf-16-be", sample[::2])):
        if len(zeros) >= 4 and zeros.count(0) > 0.4 * len(zeros) and can_decode(data, codec):
            return codec
    return None


def find_byte_order_mark(head: bytes) -> bytes | None:
    """Return the byte order mark of UTF-16 or UTF-32 that a file begins with, or None."""
    return next((mark for mark in BYTE_ORDER_MARKS if head.startswith(mark)), None)


class Utf8Recoder(RawIOBase):
    """The UTF-8 of a stream of UTF-16 or UTF-32."""

    def __init__(self, stream: "BufferedReader[Any]", mark: bytes) -> None:
        """Skip the byte order mark, which says how to read the rest."""
        stream.read(len(mark))
        self.codec = BYTE_ORDER_MARKS[mark]
        self.text = TextIOWrapper(stream, self.codec, newline="\n")
        self.pending = b""

    def readable(self) -> bool:
        """Return true."""
        return True

    def readinto(self, buffer: Any) -> int:
        """Fill a buffer with the next bytes, and return how many. Raises `Fault`."""
        try:
            self.pending = self.pending or self.text.read(len(buffer)).encode()
        except UnicodeError:
            raise Fault(f"The file begins like {self.codec.upper()[:6]}, but is not; expected UTF-8.") from None
        data, self.pending = self.pending[: len(buffer)], self.pending[len(buffer) :]
        buffer[: len(data)] = data
        return len(data)

    def detach_stream(self) -> None:
        """Leave the stream open, which its owner closes."""
        self.text.detach()
