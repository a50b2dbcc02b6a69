"""Front matter: read the YAML between two lines `---`, or the TOML between two `+++`, at the top of a text."""

from io import BufferedIOBase
from typing import NamedTuple

from app.seeding.article import ScannedFile
from app.seeding.normalize.raw import Fault, RawArticle
from app.seeding.readers.decoding import read_text
from app.seeding.readers.texts.toml import read_toml
from app.seeding.readers.texts.yaml import LocatedMapping, read_mapping

JSON_ONLY_KEYS = ("paragraphs", "text", "mentions", "offset_unit")
"""Keys that make no sense above a text."""

FORMATS = {"---": (read_mapping, {"---", "..."}), "+++": (read_toml, {"+++"})}
"""How to read a front matter, and the lines that close it, by the line that opens it."""


class TextFile(NamedTuple):
    """A file of text, taken apart."""

    raw: RawArticle
    """The article, with the keys of the front matter."""
    text: str
    """The text below the front matter."""
    line: int
    """The line in which the text begins."""


def read_text_file(file: ScannedFile, name: str, stream: BufferedIOBase) -> TextFile:
    """Read a file of text, with or without front matter. `name` is its path without suffix."""
    content, warnings = read_text(stream, file.encoding)
    front_matter, text, line = split_front_matter(content)
    raw = RawArticle(file.name, name, front_matter.document, lines=front_matter.lines)
    for message in warnings:
        raw.add_warning(message)
    raw.add_findings(front_matter.faults, front_matter.warnings)
    return TextFile(raw, text, line)


def split_front_matter(content: str) -> tuple[LocatedMapping, str, int]:
    """Return the front matter of a text, the text below it, and the line in which that begins.

    Empty lines may stand above it.
    """
    lines = content.split("\n")
    first = next(index for index, line in enumerate(lines) if line.strip())
    opening = lines[first].rstrip()
    if opening not in FORMATS:
        return LocatedMapping({}, {}, [], []), content, 1
    read, closings = FORMATS[opening]
    end = next((index for index in range(first + 1, len(lines)) if lines[index].rstrip() in closings), None)
    if end is None:
        raise Fault(f"The front matter is not closed; expected a line `{opening}` after its last key.", first + 1)
    front_matter = read("\n".join(lines[first + 1 : end]), first + 2, "The front matter")
    for key in JSON_ONLY_KEYS:
        if key in front_matter.document:
            message = f"`{key}` belongs to JSON; expected the text below the front matter."
            front_matter.faults.append(Fault(message, front_matter.lines.get((key,), first + 1)))
    return front_matter, "\n".join(lines[end + 1 :]), end + 2
