"""Front matter: read the YAML between two lines `---` at the top of a text, which holds the article's other keys."""

from io import BufferedIOBase
from typing import NamedTuple

from app.seeding.article import ScannedFile
from app.seeding.normalize.raw import Fault, RawArticle
from app.seeding.readers.decoding import read_text
from app.seeding.readers.yaml import YamlMapping, read_mapping

JSON_ONLY_KEYS = ("paragraphs", "text", "mentions", "offset_unit")
"""Keys that make no sense above a text."""


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
    content = read_text(stream)
    front_matter, text, line = split_front_matter(content)
    raw = RawArticle(file.name, name, front_matter.document, lines=front_matter.lines)
    for fault in front_matter.faults:
        raw.add_fault_in_line(fault.message, fault.line)
    return TextFile(raw, text, line)


def split_front_matter(content: str) -> tuple[YamlMapping, str, int]:
    """Return the front matter of a text, the text below it, and the line in which that begins."""
    lines = content.split("\n")
    if lines[0].rstrip() != "---":
        return YamlMapping({}, {}, []), content, 1
    closing = (index for index, line in enumerate(lines) if index and line.rstrip() in {"---", "..."})
    end = next(closing, None)
    if end is None:
        raise Fault("The front matter is not closed; expected a line `---` after its last key.")
    front_matter = read_mapping("\n".join(lines[1:end]), 2, "The front matter")
    for key in JSON_ONLY_KEYS:
        if key in front_matter.document:
            message = f"`{key}` belongs to JSON; expected the text below the front matter."
            front_matter.faults.append(Fault(message, front_matter.lines.get((key,), 1)))
    return front_matter, "\n".join(lines[end + 1 :]), end + 2
