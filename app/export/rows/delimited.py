r"""CSV (RFC 4180) and TSV, in UTF-8 with a header, safe to open in a spreadsheet.

* A text that a spreadsheet would run as a formula gets an apostrophe in front (OWASP, "CSV Injection"): one that
  begins with `=`, `+`, `-`, `@`, a tab or a carriage return, or with apostrophes before one of these. So removing one
  apostrophe before these gives every text back as it was.
* Several values of a cell are separated by `|`; a `|` or `\` within a value has a `\` in front.
* In TSV a tab, a line feed, a carriage return and a `\` are written `\t`, `\n`, `\r` and `\\`.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from typing import Any, Final

from app.export.tables import Batch, Column, ColumnGroup, Layout, flatten_layout

FORMULA: Final = re.compile(r"^'*[=+\-@\t\r]")
"""Match the beginning of a text that a spreadsheet may take for a formula."""

MUST_BE_QUOTED: Final = re.compile('[",\r\n]')
LIST_ESCAPES: Final = str.maketrans({"|": r"\|", "\\": r"\\"})
TSV_ESCAPES: Final = str.maketrans({"\t": r"\t", "\n": r"\n", "\r": r"\r", "\\": r"\\"})

MAX_CACHED: Final = 50_000
"""Different cells of a column that are kept: rows near one another have most of their values in common."""

LONGEST_CACHED: Final = 100
"""Characters. Longer cells, such as paragraphs, seldom occur twice, and 50,000 of them would take 250 MB and more."""


class CellCache(dict[Any, str]):
    """Makes the text of each different value of a column once, which takes half the time of `csv.writer`."""

    def __init__(self, format_value: Callable[[Any], str]) -> None:
        super().__init__()
        self.format_value = format_value

    def __missing__(self, value: Any) -> str:
        text = self.format_value(value)
        if len(text) <= LONGEST_CACHED:
            if len(self) >= MAX_CACHED:
                self.clear()
            self[value] = text
        return text

    def format_column(self, values: Iterable[Any]) -> Iterator[str]:
        """Return the texts of values that can be hashed."""
        return map(self.__getitem__, values)


def write_csv(layout: Layout, batches: Iterable[Batch]) -> Iterator[bytes]:
    """Yield a header and the rows."""
    # A line with nothing in it would be no row.
    escape = quote if len(flatten_layout(layout)) > 1 else quote_only_cell
    return write_lines(layout, batches, ",", "\r\n", escape)


def write_tsv(layout: Layout, batches: Iterable[Batch]) -> Iterator[bytes]:
    """Yield a header and the rows, without quotes."""
    return write_lines(layout, batches, "\t", "\n", lambda text: text.translate(TSV_ESCAPES))


def write_lines(
    layout: Layout, batches: Iterable[Batch], separator: str, ending: str, escape: Callable[[str], str]
) -> Iterator[bytes]:
    """Yield a header and the rows as lines of cells."""
    yield (separator.join(column.name for column in flatten_layout(layout)) + ending).encode()
    formatters = [column_formatter(each, separator, escape) for each in layout]
    for batch in filter(None, batches):
        values = zip(*batch, strict=True)
        cells = [format_column(column) for format_column, column in zip(formatters, values, strict=True)]
        yield "".join([separator.join(row) + ending for row in zip(*cells, strict=True)]).encode()


def column_formatter(
    column: Column | ColumnGroup, separator: str, escape: Callable[[str], str]
) -> Callable[[Sequence[Any]], Iterator[str]]:
    """Return the function that makes the cells of a column, or those of a group, joined."""
    columns = column.columns if isinstance(column, ColumnGroup) else [column]
    formatters = [cell_formatter(each, escape) for each in columns]

    def format_group(values: Sequence[Any]) -> str:
        return separator.join([format_cell(value) for format_cell, value in zip(formatters, values, strict=True)])

    format_value = format_group if isinstance(column, ColumnGroup) else formatters[0]
    if any(each.type == "strings" for each in columns):
        # Lists can't be keys of a cache.
        return partial(format_runs, format_value)
    return CellCache(format_value).format_column


def cell_formatter(column: Column, escape: Callable[[str], str]) -> Callable[[Any], str]:
    """Return the function that makes a cell of a column; None becomes an empty one."""
    match column.type:
        case "string":
            return lambda value: escape(defuse_formula(value or ""))
        case "strings":
            return lambda value: escape(defuse_formula(join_values(value)))
        case "boolean":
            return lambda value: "" if value is None else str(value).lower()
        case _:
            return lambda value: "" if value is None else str(value)


def format_runs(format_value: Callable[[Any], str], values: Sequence[Any]) -> Iterator[str]:
    """Yield the texts of values that are mostly the same as their neighbours."""
    last, text = None, ""
    for value in values:
        if value is not last:
            last, text = value, format_value(value)
        yield text


def quote(text: str) -> str:
    """Return a cell of CSV, in quotes if it needs them."""
    return '"' + text.replace('"', '""') + '"' if MUST_BE_QUOTED.search(text) else text


def quote_only_cell(text: str) -> str:
    """Return the only cell of a row, which has quotes if it is empty."""
    return quote(text) or '""'


def defuse_formula(text: str) -> str:
    """Return a text that a spreadsheet does not run."""
    return f"'{text}" if FORMULA.match(text) else text


def join_values(values: Sequence[str] | None) -> str:
    """Return several values as one text."""
    return "|".join(value.translate(LIST_ESCAPES) for value in values or ())
