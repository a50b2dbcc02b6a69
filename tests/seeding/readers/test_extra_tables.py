"""Parquet, Arrow and spreadsheets: rows are articles; without the extra, a sentence names it."""

import gzip
import io
import sys
import zipfile
from datetime import UTC, date, datetime
from importlib.util import find_spec

import pytest

from app.seeding.readers import split_file
from app.seeding.readers.formats import load_function
from app.seeding.scanner import scan

needs_extra = pytest.mark.skipif(
    not (find_spec("pyarrow") and find_spec("python_calamine")), reason="the extra `tables` is not installed"
)

ROWS = [
    {
        "id": 7,
        "title": "Ferries stop",
        "body": "No ferry left.",
        "date": datetime(2025, 3, 4, 9, 30, tzinfo=UTC),
        "tags": ["a", "b"],
    },
    {"id": 8, "title": "Weather", "body": "Rain.", "date": None, "tags": None},
]


def write_table(suffix, rows):
    from pyarrow import Table, feather, ipc, parquet

    written = io.BytesIO()
    table = Table.from_pylist(rows)
    if suffix == "parquet":
        parquet.write_table(table, written)
    elif suffix == "arrow.gz":
        with ipc.new_stream(written, table.schema) as stream:
            stream.write_table(table)
        return gzip.compress(written.getvalue())
    else:
        feather.write_feather(table, written, compression="zstd")
    return written.getvalue()


def write_xlsx(*sheets):
    """Return a workbook whose sheets are lists of rows."""
    packed = io.BytesIO()
    rel = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    main = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
    package_rel = 'xmlns="http://schemas.openxmlformats.org/package/2006/relationships"'
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as package:
        kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
        types = f'<Override PartName="/xl/workbook.xml" ContentType="{kind}"/>'
        package.writestr(
            "[Content_Types].xml",
            f'<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">{types}</Types>',
        )
        office = f'<Relationship Id="r1" Type="{rel}/officeDocument" Target="xl/workbook.xml"/>'
        package.writestr("_rels/.rels", f"<Relationships {package_rel}>{office}</Relationships>")
        numbers = range(1, len(sheets) + 1)
        listed = "".join(f'<sheet name="S{n}" sheetId="{n}" r:id="r{n}"/>' for n in numbers)
        package.writestr("xl/workbook.xml", f'<workbook {main} xmlns:r="{rel}"><sheets>{listed}</sheets></workbook>')
        targets = "".join(
            f'<Relationship Id="r{n}" Type="{rel}/worksheet" Target="worksheets/s{n}.xml"/>' for n in numbers
        )
        package.writestr("xl/_rels/workbook.xml.rels", f"<Relationships {package_rel}>{targets}</Relationships>")
        for number, rows in zip(numbers, sheets, strict=True):
            cells = "".join(
                f'<row r="{y}">'
                + "".join(
                    f'<c r="{chr(65 + x)}{y}"><v>{cell}</v></c>'
                    if isinstance(cell, int)
                    else f'<c r="{chr(65 + x)}{y}" t="inlineStr"><is><t>{cell}</t></is></c>'
                    for x, cell in enumerate(row)
                )
                + "</row>"
                for y, row in enumerate(rows, start=1)
            )
            package.writestr(
                f"xl/worksheets/s{number}.xml", f"<worksheet {main}><sheetData>{cells}</sheetData></worksheet>"
            )
    return packed.getvalue()


@needs_extra
@pytest.mark.parametrize("suffix", ["parquet", "arrow", "arrow.gz", "feather"])
def test_rows_of_columnar_files_are_articles(reading, suffix):
    articles, findings = reading(f"a.{suffix}", write_table(suffix, ROWS))

    assert findings == []
    assert [(article.id, article.title, article.tags, article.line) for article in articles] == [
        ("7", "Ferries stop", ("a", "b"), 1),
        ("8", "Weather", (), 2),
    ]
    assert articles[0].published.at == ROWS[0]["date"]


@needs_extra
def test_long_columnar_file_is_read_in_batches(tmp_path, reading):
    rows = [{"title": f"Title {number}", "text": "A text.", "year": date(2025, 1, 1)} for number in range(1_000)]
    articles, findings = reading("a.parquet", write_table("parquet", rows))
    (file,) = scan([tmp_path]).files

    assert findings == []
    assert [article.line for article in articles] == list(range(1, 1_001))
    assert len(list(split_file(file))) == 10


@needs_extra
def test_rows_of_all_sheets_with_a_text_are_articles(reading):
    content = write_xlsx(
        [
            ["id", "headline", "body", "date"],
            [7, "Ferries stop", "No ferry left.", 2025],
            ["", "", "", ""],
            [8, "Rain", "It rained."],
        ],
        [["a", "b"], [1, 2]],
    )
    articles, (finding,) = reading("a.xlsx", content)

    assert [(article.id, article.title, article.line) for article in articles] == [
        ("7", "Ferries stop", 2),
        ("8", "Rain", 4),
    ]
    assert (finding.severity, finding.message[:40]) == ("warning", "Sheet 'S2': No column of this table is k")


@needs_extra
@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("a.parquet", "This Parquet file can't be read: "),
        ("a.arrow", "This Arrow file can't be read: "),
        ("a.xlsx", "This is not a whole zip file"),
    ],
)
def test_broken_table_is_a_fault(reading, name, message):
    _, (finding,) = reading(name, b"PAR1 nonsense " * 9)

    assert finding.message.startswith(message)


def test_missing_library_names_the_extra(reading, monkeypatch):
    load_function.cache_clear()
    monkeypatch.delitem(sys.modules, "app.seeding.readers.tables.spreadsheet", raising=False)
    monkeypatch.setitem(sys.modules, "python_calamine", None)
    _, (finding,) = reading("a.xlsx", b"PK")

    assert finding.message.endswith("python_calamine, which is not installed; install `annotated-articles[tables]`.")
