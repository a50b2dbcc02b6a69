"""Parquet and Arrow IPC streams, with typed columns. Needs the extra `parquet`."""

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any, Final

from app.export.archive import Sink
from app.export.tables import Batch, Layout, flatten_columns, flatten_layout

if TYPE_CHECKING:
    import pyarrow as pa

GROUP: Final = 2**20
"""Bytes of rows that are written together: 2**22 take a sixth fewer bytes in a file of mentions, and 17 to 30 MB of
memory more; 2**19 take a tenth more bytes."""


def write_parquet(layout: Layout, batches: Iterable[Batch]) -> Iterator[bytes]:
    """Yield a Parquet file."""
    from pyarrow.parquet import ParquetWriter  # noqa: PLC0415  (An extra, which takes a while to load.)

    schema = make_schema(layout)
    sink = Sink()
    with ParquetWriter(sink, schema, compression="zstd") as writer:
        for table in make_tables(layout, schema, batches):
            writer.write_table(table)
            yield sink.take()
    yield sink.take()


def write_arrow(layout: Layout, batches: Iterable[Batch]) -> Iterator[bytes]:
    """Yield an Arrow IPC stream."""
    from pyarrow import ipc  # noqa: PLC0415  (An extra, which takes a while to load.)

    schema = make_schema(layout)
    sink = Sink()
    with ipc.new_stream(sink, schema) as writer:
        for table in make_tables(layout, schema, batches):
            writer.write_table(table)
            yield sink.take()
    yield sink.take()


def make_schema(layout: Layout) -> "pa.Schema":
    """Return the schema of these columns."""
    import pyarrow as pa  # noqa: PLC0415  (An extra, which takes a while to load.)

    types = {
        "string": pa.string(),
        "integer": pa.int64(),
        "number": pa.float64(),
        "boolean": pa.bool_(),
        "strings": pa.list_(pa.string()),
    }
    return pa.schema([(column.name, types[column.type]) for column in flatten_layout(layout)])


def make_tables(layout: Layout, schema: "pa.Schema", batches: Iterable[Batch]) -> Iterator[Any]:
    """Yield the rows as tables of about `GROUP` bytes, each of which becomes a row group or a record batch."""
    import pyarrow as pa  # noqa: PLC0415  (An extra, which takes a while to load.)

    tables: list[Any] = []
    size = 0
    for batch in filter(None, batches):
        columns = flatten_columns(layout, batch)
        arrays = [pa.array(values, type) for values, type in zip(columns, schema.types, strict=True)]
        tables.append(pa.Table.from_arrays(arrays, schema=schema))
        size += tables[-1].nbytes
        if size > GROUP:
            yield pa.concat_tables(tables).combine_chunks()
            tables, size = [], 0
    if tables:
        yield pa.concat_tables(tables).combine_chunks()
