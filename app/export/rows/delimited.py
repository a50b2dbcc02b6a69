r"""CSV (RFC 4180) and TSV, in UTF-8 with a header, safe to open in a spreadsheet.

* A text that a spreadsheet would run as a formula gets an apostrophe in front (OWASP, "CSV Injection"): one that
  begins with `=`, `+`, `-`, `@`, a tab or a carriage return, or with apostrophes before one of these. So removing one
  apostrophe before these gives every text back as it was.
* Several values of a cell are separated by `|`; a `|` or `\` within a value has a `\` in front.
* In TSV a tab, a line feed, a carriage return and a `\` are written `\t`, `\n`, `\r` and `\\`.
"""

import csv
import re
from collections.abc import Iterable, Iterator, Sequence
from io import StringIO
from typing import Any, Final

from app.export.tables import Batch, Column

FORMULA: Final = re.compile(r"^'*[=+\-@\t\r]", re.MULTILINE)
"""Match the beginning of a text, or of a line, that a spreadsheet may take for a formula."""

LIST_ESCAPES: Final = str.maketrans({"|": r"\|", "\\": r"\\"})
TSV_ESCAPES: Final = str.maketrans({"\t": r"\t", "\n": r"\n", "\r": r"\r", "\\": r"\\"})


def write_csv(columns: Sequence[Column], batches: Iterable[Batch]) -> Iterator[bytes]:
    """Yield a header and the rows."""
    buffer = StringIO(newline="")
    writer = csv.writer(buffer)
    writer.writerow(column.name for column in columns)
    for batch in batches:
        writer.writerows(format_cells(columns, batch))
        yield buffer.getvalue().encode()
        buffer.seek(0)
        buffer.truncate()
    yield buffer.getvalue().encode()


def write_tsv(columns: Sequence[Column], batches: Iterable[Batch]) -> Iterator[bytes]:
    """Yield a header and the rows, without quotes."""
    yield ("\t".join(column.name for column in columns) + "\n").encode()
    for batch in batches:
        rows = format_cells(columns, batch)
        yield "".join("\t".join(map(format_tsv_cell, row)) + "\n" for row in rows).encode()


def format_tsv_cell(value: Any) -> str:
    """Return a cell of TSV; an empty one for None."""
    return "" if value is None else str(value).translate(TSV_ESCAPES)


def format_cells(columns: Sequence[Column], batch: Batch) -> Iterable[Sequence[Any]]:
    """Return the rows with texts that are no formulas, and with several values as one text."""
    if not batch:
        return batch
    values = list(zip(*batch, strict=True))
    for number, column in enumerate(columns):
        match column.type:
            case "strings":
                values[number] = tuple(format_lists(values[number]))
            case "string" if has_formula(values[number]):
                values[number] = tuple(value and defuse_formula(value) for value in values[number])
            case "boolean":
                values[number] = tuple(None if value is None else str(value).lower() for value in values[number])
    return zip(*values, strict=True)


def has_formula(values: Sequence[str | None]) -> bool:
    """Return whether a text may be a formula: one search in all different ones, and not one search for each."""
    return FORMULA.search("\n".join({*values} - {None})) is not None  # type: ignore[arg-type]


def format_lists(values: Sequence[Sequence[str]]) -> Iterator[str]:
    """Yield several values as one text; neighbours mostly have the same."""
    last, text = None, ""
    for value in values:
        if value is not last:
            last, text = value, defuse_formula(join_values(value))
        yield text


def defuse_formula(text: str) -> str:
    """Return a text that a spreadsheet does not run."""
    return f"'{text}" if FORMULA.match(text) else text


def join_values(values: Sequence[str] | None) -> str:
    """Return several values as one text."""
    return "|".join(value.translate(LIST_ESCAPES) for value in values or ())
