"""Columns of tables: find out which hold the title, the text and the other keys of an article."""

from collections.abc import Mapping, Sequence
from typing import Any

from app.seeding.article import ScannedFile
from app.seeding.normalize.raw import Fault, RawArticle, shorten
from app.seeding.readers.annotated.spans import shorten_to_title
from app.seeding.readers.json_files.foreign_keys import find_known_key, set_aside_unusable, to_document

SEPARATORS = ("|", ";")
"""What stands between the tags or the authors in a cell, besides commas."""


class Columns:
    """The columns of a table, and the keys for which they stand."""

    def __init__(self, names: Sequence[str], line: int, options: Mapping[str, str]) -> None:
        """Find the keys of columns, by `columns` of a defaults.yaml or by their usual names.

        Raises `Fault` with the names of all columns if none holds a text.
        """
        self.keys = [options.get(name.strip().lower()) or name.strip() for name in names]
        known = {options.get(name.strip().lower()) or find_known_key(name.strip()) for name in names}
        if "text" not in known:
            columns = ", ".join(f"`{shorten(name)}`" for name in names[:50])
            raise Fault(
                f"No column of this table is known to hold a text. Its columns are {columns}; "
                "name the one that does in defaults.yaml, such as `columns: {Story: text}`.",
                line,
            )

    def to_article(self, file: ScannedFile, cells: Sequence[Any], line: int) -> RawArticle:
        """Return the article of a row."""
        record = {
            key: cell for key, cell in zip(self.keys, cells, strict=False) if key and cell is not None and cell != ""
        }
        raw = RawArticle(file.name, None, to_document(record), line)
        for key in ("tags", "authors"):
            if isinstance(value := raw.document.get(key), str):
                raw.document[key] = split_list(value, at_commas=key == "tags")
        if len(cells) > len(self.keys):
            raw.add_fault(f"The row has {len(cells)} cells, but the table {len(self.keys)} columns; expected as many.")
        if "text" not in raw.document:
            raw.add_fault("The row has no text; expected one.")
        elif "title" not in raw.document:
            raw.document["title"] = shorten_to_title(raw.document["text"])
        set_aside_unusable(raw)
        return raw


def split_list(value: str, *, at_commas: bool) -> list[str]:
    """Return the items of a cell that lists them: as a JSON or Python list, or with separators between them."""
    inner = value.strip()
    if inner[:1] == "[" and inner[-1:] == "]":
        return [item.strip().strip("'\"") for item in inner[1:-1].split(",") if item.strip()]
    separator = next((separator for separator in SEPARATORS if separator in inner), "," if at_commas else "\n")
    return [item.strip() for item in inner.split(separator) if item.strip()]
