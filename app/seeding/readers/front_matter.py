"""What stands above a text, between two lines `---`, and the text below it."""

from typing import NamedTuple

from app.seeding.normalize.raw import Fault
from app.seeding.readers.yaml import Mapping, read_mapping

NOT_ABOVE_A_TEXT = ("paragraphs", "text", "mentions", "offset_unit")


class FrontMatter(NamedTuple):
    """What stands above a text, and the text."""

    above: Mapping
    text: str
    line: int
    """Where the text begins."""


def split_front_matter(content: str) -> FrontMatter:
    """Take apart what begins with a line `---` and, after the next such line, goes on as text."""
    lines = content.split("\n")
    if lines[0].rstrip() != "---":
        return FrontMatter(Mapping({}, {}, []), content, 1)
    closing = (number for number, line in enumerate(lines) if number and line.rstrip() in {"---", "..."})
    end = next(closing, None)
    if end is None:
        raise Fault("The front matter is not closed; expected a line `---` after its last key.")
    above = read_mapping("\n".join(lines[1:end]), 2, "The front matter")
    for key in NOT_ABOVE_A_TEXT:
        if key in above.keys:
            message = f"`{key}` belongs to JSON; expected the text below the front matter."
            above.faults.append(Fault(message, above.lines.get((key,), 1)))
    return FrontMatter(above, "\n".join(lines[end + 1 :]), end + 2)
