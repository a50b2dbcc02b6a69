"""Every value of a table is read back from every format of rows, by libraries that others wrote."""

import csv
import io
import json
import re
import tracemalloc

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyarrow import ipc, parquet

from app.export.formats import TABLE_FORMATS
from app.export.rows import arrow
from app.export.rows.delimited import defuse_formula
from app.export.tables import (
    MENTION_COLUMNS,
    MENTION_LAYOUT,
    ArticleValues,
    Column,
    ColumnGroup,
    MentionRows,
    divide_rows,
    flatten_layout,
    flatten_rows,
)
from tests.support.exported_articles import TEXTS

COLUMNS = (
    Column("text"),
    Column("count", "integer"),
    Column("share", "number"),
    Column("sure", "boolean"),
    Column("names", "strings"),
)
CELLS = st.one_of(TEXTS, st.sampled_from(["=1+1", "'=1", "''@x", "-5", "'s", "\tx", "a|b", "\\|", "a\r\nb", '"']))
ROWS = st.lists(
    st.tuples(
        st.none() | CELLS,
        st.none() | st.integers(-(2**40), 2**40),
        st.none() | st.floats(0, 1),
        st.none() | st.booleans(),
        st.lists(CELLS.filter(bool), max_size=3),
    ),
    max_size=5,
)


def write(suffix, rows, columns=COLUMNS):
    return b"".join(TABLE_FORMATS[suffix].write(columns, divide_rows(rows, 2)))


def parse_cell(cell, type):
    """Return the value of a cell as the description of the format tells to read it."""
    if re.match(r"'+[=+\-@\t\r]", cell) and type in ("string", "strings"):
        cell = cell[1:]
    match type:
        case "string":
            return cell
        case "strings":
            parts = re.findall(r"((?:[^|\\]|\\.)+)(?:\||$)", cell, re.DOTALL)
            return [re.sub(r"\\(.)", r"\1", part, flags=re.DOTALL) for part in parts]
        case "boolean":
            return {"": None, "true": True, "false": False}[cell]
        case "integer":
            return int(cell) if cell else None
        case _:
            return float(cell) if cell else None


def parse_rows(rows):
    return [[parse_cell(cell, column.type) for cell, column in zip(row, COLUMNS, strict=True)] for row in rows]


def as_text(rows):
    """Return the rows with the one loss of CSV and TSV: a text that is not there is an empty text."""
    return [[row[0] or "", *row[1:]] for row in map(list, rows)]


@settings(max_examples=40)
@given(ROWS)
def test_csv_is_read_back_by_the_standard_library(rows):
    header, *read = csv.reader(io.StringIO(write("csv", rows).decode(), newline=""), strict=True)

    assert header == [column.name for column in COLUMNS]
    assert parse_rows(read) == as_text(rows)


@settings(max_examples=40)
@given(ROWS)
def test_tsv_has_a_line_for_each_row_and_is_read_back_by_its_escapes(rows):
    header, *lines = write("tsv", rows).decode().removesuffix("\n").split("\n")
    escapes = {"t": "\t", "n": "\n", "r": "\r", "\\": "\\"}
    read = [[re.sub(r"\\(.)", lambda match: escapes[match[1]], cell) for cell in line.split("\t")] for line in lines]

    assert header.split("\t") == [column.name for column in COLUMNS]
    assert parse_rows(read) == as_text(rows)


@settings(max_examples=40)
@given(ROWS)
def test_no_cell_of_csv_is_a_formula(rows):
    [_, *read] = csv.reader(io.StringIO(write("csv", rows).decode(), newline=""))

    assert [row[place] for row in read for place in (0, 4) if row[place].startswith(tuple("=+-@\t\r"))] == []


@settings(max_examples=40)
@given(ROWS)
def test_json_lines_are_read_back(rows):
    lines = write("jsonl", rows).decode().split("\n")[:-1]

    assert [list(json.loads(line).values()) for line in lines] == list(map(list, rows))
    assert all(list(json.loads(line)) == [column.name for column in COLUMNS] for line in lines)


@settings(max_examples=40)
@given(ROWS)
def test_parquet_and_arrow_are_read_back_with_their_types(rows):
    tables = [
        parquet.read_table(io.BytesIO(write("parquet", rows))),
        ipc.open_stream(io.BytesIO(write("arrow", rows))).read_all(),
    ]

    for table in tables:
        assert table.schema.types == [
            pa.string(),
            pa.int64(),
            pa.float64(),
            pa.bool_(),
            pa.list_(pa.string()),
        ]
        assert [list(row.values()) for row in table.to_pylist()] == list(map(list, rows))


@pytest.mark.parametrize("suffix", TABLE_FORMATS)
@settings(max_examples=20)
@given(rows=ROWS)
def test_columns_in_groups_are_written_as_if_they_were_alone(suffix, rows):
    layout = (ColumnGroup(COLUMNS[:2]), COLUMNS[2], ColumnGroup(COLUMNS[3:]))
    grouped = [((text, count), share, (sure, names)) for text, count, share, sure, names in rows]

    assert write(suffix, grouped * 3, layout) == write(suffix, rows * 3)


def test_groups_of_mentions_hold_all_their_columns():
    assert flatten_layout(MENTION_LAYOUT) == MENTION_COLUMNS


@settings(max_examples=40)
@given(st.lists(st.tuples(CELLS, st.integers(), CELLS), max_size=5))
def test_csv_has_the_bytes_of_the_standard_library(rows):
    columns = (Column("text"), ColumnGroup((Column("count", "integer"), Column("other"))))
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(["text", "count", "other"])
    writer.writerows((defuse_formula(first), count, defuse_formula(second)) for first, count, second in rows)
    grouped = [(first, (count, second)) for first, count, second in rows]

    assert write("csv", grouped, columns) == text.getvalue().encode()


@pytest.mark.parametrize("suffix", TABLE_FORMATS)
def test_rows_are_written_before_the_next_ones_are_made(suffix, monkeypatch):
    monkeypatch.setattr(arrow, "GROUP", 1_000)
    made = []

    def rows():
        for number in range(10_000):
            made.append(number)
            yield ("a text", number, 0.5, True, ["a"])

    pieces = TABLE_FORMATS[suffix].write(COLUMNS, divide_rows(rows(), 100))
    for _ in range(10):
        next(pieces)

    assert len(made) <= 1_500


@pytest.mark.parametrize("suffix", TABLE_FORMATS)
def test_an_export_of_long_texts_takes_little_memory(suffix):
    # 50 MB in 5,000 rows, which have nothing in common.
    batches = ([(f"{batch} {row} {'long ' * 2000}", row) for row in range(50)] for batch in range(100))
    tracemalloc.start()
    for _ in TABLE_FORMATS[suffix].write((Column("text"), Column("number", "integer")), batches):
        pass
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert next(batches, None) is None
    assert most < 20_000_000


def test_parquet_has_few_row_groups():
    rows = [("a text", number, 0.5, True, ["a"]) for number in range(10_000)]
    file = parquet.ParquetFile(io.BytesIO(write("parquet", rows)))

    assert (file.num_row_groups, file.metadata.num_rows) == (1, 10_000)


def test_mention_that_an_older_program_stored_has_a_row_without_evidence():
    mention = {"start": 0, "end": 5, "exact": "Minsk", "type": "place", "entity": None, "label": None}
    paragraph = {
        "article": {"id": "a", "title": "A", "published_at": None},
        "position": 1,
        "role": "body",
        "text": "Minsk.",
        "mentions": [mention | {"origin": "rules", "confidence": 0.9}],
    }
    maker = MentionRows(lambda id, name: (id, name, None, None))
    [row] = flatten_rows(maker.layout, maker.rows(ArticleValues("a", "A", None, "S", []), paragraph))

    assert dict(zip((column.name for column in MENTION_COLUMNS), row, strict=True))["evidence"] is None
    assert row[-2:] == (0.9, None)
