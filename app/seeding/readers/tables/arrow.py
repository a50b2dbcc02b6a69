"""Parquet and Arrow files: read tables in batches of rows, one article a row."""

import io
from collections.abc import Iterable, Iterator
from io import BufferedIOBase, BufferedReader
from typing import Any

from pyarrow import ArrowException, ipc, parquet

from app.seeding.article import Finding, ScannedFile
from app.seeding.normalize.raw import Fault, RawArticle
from app.seeding.readers.splitting import Records
from app.seeding.readers.tables.cells import to_json_value
from app.seeding.readers.tables.columns import Columns

FILE_MAGIC = b"ARROW1"
"""What an Arrow file begins with; a stream begins with its schema."""
ROWS_PER_BATCH = 100
LARGEST_BATCH = 100_000_000
"""Bytes of a batch of rows."""


def split_parquet(file: ScannedFile, stream: BufferedIOBase, _size: int) -> Iterator[Records]:
    """Yield batches of the rows of a Parquet file, each as an Arrow stream, with the number of its first row."""
    try:
        table = parquet.ParquetFile(stream, pre_buffer=False)
        Columns(table.schema_arrow.names, 1, file.options.get("columns", {}))
        yield from pack_batches(table.iter_batches(ROWS_PER_BATCH, use_threads=False))
    except ArrowException as error:
        raise Fault(f"This Parquet file can't be read: {describe(error)}.") from None


def split_arrow(file: ScannedFile, stream: "BufferedReader[Any]", _size: int) -> Iterator[Records]:
    """Yield batches of the rows of an Arrow file or stream, each as an Arrow stream, with the number of its first row.

    Both have the same suffix.
    """
    is_file = stream.peek(len(FILE_MAGIC)).startswith(FILE_MAGIC)
    try:
        table = ipc.open_file(stream) if is_file else ipc.open_stream(stream)
        Columns(table.schema.names, 1, file.options.get("columns", {}))
        batches = map(table.get_batch, range(table.num_record_batches)) if is_file else iter(table)
        yield from pack_batches(
            batch.slice(start, ROWS_PER_BATCH) for batch in batches for start in cut(batch.num_rows)
        )
    except ArrowException as error:
        raise Fault(f"This Arrow file can't be read: {describe(error)}.") from None


def cut(count: int) -> range:
    """Return the first rows of the batches of so many rows."""
    return range(0, count, ROWS_PER_BATCH)


def pack_batches(batches: Iterable[Any]) -> Iterator[Records]:
    """Yield batches as Arrow streams. Raises `Fault` for one that is too large, or if there is none."""
    row = 1
    for batch in batches:
        if batch.get_total_buffer_size() > LARGEST_BATCH and batch.nbytes > LARGEST_BATCH:
            size = LARGEST_BATCH // 1_000_000
            raise Fault(f"{ROWS_PER_BATCH} rows have more than {size} MB; expected less. The rest was not read.", row)
        packed = io.BytesIO()
        with ipc.new_stream(packed, batch.schema) as writer:
            writer.write_batch(batch)
        yield packed.getvalue(), row, 0
        row += batch.num_rows
    if row == 1:
        raise Fault("The table has no rows; expected an article in each.")


def read_batch(
    file: ScannedFile, _name: str, stream: BufferedIOBase, line: int = 1, _offset: int = 0
) -> Iterator[RawArticle | Finding]:
    """Yield the articles of a batch of rows, the first of which has this number; its number is the line of each."""
    table = ipc.open_stream(stream.read()).read_all()
    columns = Columns(table.schema.names, line, file.options.get("columns", {}))
    for number, row in enumerate(table.to_pylist(), start=line):
        yield columns.to_article(file, [*map(to_json_value, row.values())], number)


def describe(error: Exception) -> str:
    """Return the first sentence of what Arrow says is wrong."""
    return str(error).splitlines()[0].rstrip(".")[:200]
