"""How much one file and one article may hold; seeds/README.md lists the same under "Limits"."""

import re
import unicodedata
from functools import cache

LONGEST_TEXT = 10_000_000
"""Bytes of a file of plain text or Markdown, and characters of an article's text. A long novel has three million."""
LONGEST_JSON = 20_000_000
"""Bytes of a JSON file, and of a line in JSON Lines."""
LONGEST_YAML = 1_000_000
"""Bytes of a defaults.yaml, and characters of a front matter."""
LONGEST_CATALOGUE = 50_000_000
"""Bytes of an entities.yaml or tags.yaml."""
LEAST_UNPACKED, MOST_UNPACKED = 10_000_000, 100
"""So many bytes may come out of any gzip file, and so many times its own size out of a long one."""

DEEPEST = 100
"""So deep JSON and YAML may be nested. What JSON is written with takes 254, and a client's library may take less."""
DEEPEST_FOLDER = 100
"""So many folders may stand in one another under the one that was given."""

MOST_VALUES = 10_000
"""Keys and values of a defaults.yaml or a front matter."""
MOST_CATALOGUE_VALUES = 1_000_000
"""Keys and values of an entities.yaml or tags.yaml: a hundred thousand entities."""
MOST_KEYS = 1_000
"""Keys of an article document."""
MOST_PARAGRAPHS = 50_000
MOST_MENTIONS = 100_000
MOST_OVERLAPPING = 100
"""Mentions that share one place of the text."""
MOST_AUTHORS = 10_000
MOST_TAGS = 1_000
MOST_SETTLED = 1_000
"""Names that an article settles by hand."""
LONGEST_TITLE = 2_000
"""Characters of a title and of a heading: every paragraph is served with both."""
LONGEST_MENTION = 2_000
"""Characters of a mention: it is served with its words."""
LONGEST_NAME = 1_000
"""Characters of a name or an id that a document brings."""
LONGEST_URL = 8_000

MOST_MARKS = 100
"""Combining marks on one letter: to put them into order takes the square of their number."""

MOST_FAULTS = 1_000
"""Bad articles that are listed of a file, or of half a megabyte of one; then the rest of it is left."""
MOST_WARNINGS = 100
"""Faults or warnings of one kind that are listed of an article."""


@cache
def many_marks() -> re.Pattern[str]:
    """Return what finds a letter with more combining marks than it may have."""
    marks = "".join(chr(code) for code in range(0x300, 0x1F000) if unicodedata.combining(chr(code)))
    return re.compile(f"(?<![{marks}])[{marks}]{{{MOST_MARKS + 1}}}")


def has_many_marks(text: str) -> bool:
    """Tell whether a letter of the text has more combining marks than it may have."""
    # So many marks in a row can't hide between samples that are taken nearer to each other.
    if text.isascii() or not any(map(unicodedata.combining, text[::MOST_MARKS])):
        return False
    return many_marks().search(text) is not None
