"""How much one file and one article may hold; seeds/README.md lists the same under "Limits"."""

import re
import unicodedata
from functools import cache

LONGEST_TEXT = 10_000_000
"""Bytes of a plain text or Markdown file, and characters of an article's text. A long novel has three million."""
LONGEST_JSON = 20_000_000
"""Bytes of a JSON file, and of a line in JSON Lines."""
LONGEST_XML = 20_000_000
"""Bytes of an XML or HTML file, and of an element in a file that is read in chunks: a page, an item, an entry."""
LONGEST_DOCBIN = 200_000_000
"""Bytes to which a DocBin of spaCy may unpack."""
LONGEST_YAML = 1_000_000
"""Bytes of a defaults.yaml, and characters of a front matter."""
LONGEST_CATALOGUE = 50_000_000
"""Bytes of an entities.yaml or tags.yaml."""
LEAST_UNPACKED, MOST_UNPACKED = 10_000_000, 100
"""Bytes that any compressed file or archive may unpack to, and the factor by which a larger one may grow."""
MOST_MEMBERS = 200_000
"""Files in an archive."""

DEEPEST = 100
"""Levels of nesting in JSON and YAML. orjson writes 254, and a client's library may read fewer."""
DEEPEST_FOLDER = 100
"""Levels of folders under the one that is scanned."""

MOST_ELEMENTS = 100_000
"""Elements of a web page. The longest pages of encyclopedias have 30,000."""
MOST_VALUES = 10_000
"""Keys and values of a defaults.yaml or a front matter."""
MOST_CATALOGUE_VALUES = 1_000_000
"""Keys and values of an entities.yaml or tags.yaml: a hundred thousand entities."""
MOST_KEYS = 1_000
"""Keys of an article document."""
MOST_PARAGRAPHS = 50_000
MOST_MENTIONS = 100_000
MOST_OVERLAPPING = 100
"""Mentions that share one character of the text."""
MOST_AUTHORS = 10_000
MOST_TAGS = 1_000
MOST_SETTLED = 1_000
"""Names whose meaning an article gives under `entities`."""
LONGEST_TITLE = 2_000
"""Characters of a title and of a heading: every paragraph is returned with both."""
LONGEST_MENTION = 2_000
"""Characters of a mention: it is returned with its words."""
LONGEST_NAME = 1_000
"""Characters of a name or an id that a document or a catalogue brings."""
LONGEST_DESCRIPTION = 10_000
"""Characters of the description of an entity or a tag."""
LONGEST_URL = 8_000

MOST_MARKS = 100
"""Combining marks on one letter: normalization sorts them in quadratic time."""

MOST_FAULTS = 1_000
"""Bad articles that are reported of a file, or of one chunk of JSON Lines; then the rest of it is not read."""
MOST_WARNINGS = 100
"""Faults or warnings of one kind that are reported of an article."""


@cache
def too_many_marks() -> re.Pattern[str]:
    """Return a pattern that matches more than `MOST_MARKS` combining marks on one letter."""
    marks = "".join(chr(code) for code in range(0x300, 0x1F000) if unicodedata.combining(chr(code)))
    return re.compile(f"(?<![{marks}])[{marks}]{{{MOST_MARKS + 1}}}")


def has_many_marks(text: str) -> bool:
    """Return whether a letter of the text has more than `MOST_MARKS` combining marks."""
    # A run of more than MOST_MARKS marks has one at a multiple of MOST_MARKS: only then the pattern is worth running.
    if text.isascii() or not any(map(unicodedata.combining, text[::MOST_MARKS])):
        return False
    return too_many_marks().search(text) is not None
