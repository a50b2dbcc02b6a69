"""CSV and TSV: read tables of text, with any usual delimiter, in chunks of whole rows."""

import csv
import io
from collections.abc import Iterator
from io import BufferedIOBase

from app.seeding.article import Finding, ScannedFile
from app.seeding.limits import LONGEST_JSON
from app.seeding.normalize.raw import Fault, RawArticle
from app.seeding.readers.decoding import BOM, decode_text
from app.seeding.readers.splitting import Records
from app.seeding.readers.tables.columns import Columns

DELIMITERS = ",;\t|"


def split_rows(file: ScannedFile, stream: BufferedIOBase, size: int) -> Iterator[Records]:
    """Yield chunks of whole rows, each with the first row of the table, made one line, above them.

    A row ends where a line ends outside of quotation marks. Raises `Fault` for a row of more than `LONGEST_JSON` bytes.
    """
    head, lines = b"", list[bytes]()
    number, first, offset, length, row_length = 0, 1, 0, 0, 0
    is_quoted = is_cut = False
    while line := stream.readline(LONGEST_JSON + 1):
        number += 1
        row_length += len(line)
        if row_length > LONGEST_JSON:
            message = f"This row has more than {LONGEST_JSON // 1_000_000} MB (is a quotation mark not closed?)"
            raise Fault(f"{message}; expected less. The rest was not read.", number)
        lines.append(line)
        length += len(line)
        is_quoted ^= line.count(b'"') % 2 == 1
        if is_quoted:
            continue
        row_length = 0
        if not head.strip():
            head, lines = b" ".join(b"".join(lines).removeprefix(BOM).splitlines()) + b"\n", []
            read_columns(file, decode_text(head, encoding=file.encoding).text, 1)
            first, offset, length = number + 1, length, 0
        elif length >= size:
            is_cut = True
            yield head + b"".join(lines), first, offset - len(head)
            first, offset, length, lines = number + 1, offset + length, 0, []
    if lines:
        yield head + b"".join(lines), first, offset - len(head)
    elif not is_cut:
        raise Fault("The table has no rows; expected a row of names, and an article in each row below it.")


def read_delimited(
    file: ScannedFile, _name: str, stream: BufferedIOBase, line: int = 1, offset: int = 0
) -> Iterator[RawArticle | Finding]:
    """Yield the articles of a table, or of a chunk of it whose second line is this line of the file."""
    text = decode_text(stream.read(), line - 1, offset, file.encoding).text
    csv.field_size_limit(LONGEST_JSON)
    head, _, body = text.partition("\n")
    columns = read_columns(file, head, line - 1)
    rows = csv.reader(io.StringIO(body, newline=""), delimiter=find_delimiter(head))
    try:
        start = 0
        for cells in rows:
            if any(cells):
                yield columns.to_article(file, cells, line + start)
            start = rows.line_num
    except csv.Error as error:
        raise Fault(f"This row can't be read: {error}.", line + rows.line_num - 1) from None


def read_columns(file: ScannedFile, head: str, line: int) -> Columns:
    """Return the columns that the first row of a table names. Raises `Fault` if none holds a text."""
    names = next(csv.reader([head], delimiter=find_delimiter(head)), [])
    return Columns(names, line, file.options.get("columns", {}))


def find_delimiter(head: str) -> str:
    """Return the delimiter that divides the first row of a table into most names."""
    return max(DELIMITERS, key=lambda delimiter: len(next(csv.reader([head], delimiter=delimiter), [])))
