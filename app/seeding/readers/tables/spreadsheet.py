"""Spreadsheets: read the sheets of Excel and OpenDocument files, one article a row."""

from collections.abc import Iterator
from io import BufferedIOBase, BytesIO
from typing import Any

from python_calamine import CalamineError, CalamineWorkbook

from app.seeding.article import Finding, ScannedFile
from app.seeding.limits import LONGEST_XML
from app.seeding.normalize.raw import Fault, RawArticle
from app.seeding.readers.decoding import read_bytes
from app.seeding.readers.office.package import open_package
from app.seeding.readers.tables.cells import to_json_value
from app.seeding.readers.tables.columns import Columns


def read_spreadsheet(file: ScannedFile, _name: str, stream: BufferedIOBase) -> Iterator[RawArticle | Finding]:
    """Yield the articles of all sheets that have a column with texts, and a warning for every other sheet.

    The first row of a sheet that is not empty names the columns; the line of an article is its row.
    """
    data = read_bytes(stream, LONGEST_XML)
    with open_package(BytesIO(data)):
        pass
    try:
        workbook = CalamineWorkbook.from_filelike(BytesIO(data))
        sheets = [(name, workbook.get_sheet_by_name(name).to_python()) for name in workbook.sheet_names]
    except CalamineError as error:
        raise Fault(f"This spreadsheet can't be read: {error}.") from None
    faults = []
    for name, rows in sheets:
        try:
            yield from read_sheet(file, rows)
        except Fault as fault:
            faults.append(Finding(file.name, fault.line, f"Sheet '{name}': {fault.message}", "warning"))
    if len(faults) == len(sheets):
        faults = [fault._replace(severity="fault") for fault in faults]
    yield from faults


def read_sheet(file: ScannedFile, rows: list[list[Any]]) -> Iterator[RawArticle]:
    """Yield the articles of a sheet. Raises `Fault` if no column holds a text."""
    filled = [(number, row) for number, row in enumerate(rows, start=1) if any(cell != "" for cell in row)]
    if not filled:
        raise Fault("There are no rows; expected a row of names, and an article in each row below it.")
    (line, names), *rest = filled
    columns = Columns([str(name) for name in names], line, file.options.get("columns", {}))
    for number, cells in rest:
        yield columns.to_article(file, [*map(to_text, cells)], number)


def to_text(cell: Any) -> Any:
    """Return a cell as JSON has it; a number of a spreadsheet is a decimal one, also if it is whole."""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    value = to_json_value(cell)
    return value if isinstance(value, str | bool) or value is None else str(value)
