"""Parquet and Arrow IPC streams, with typed columns. Needs the extra `parquet`."""

import os
from collections.abc import Iterable, Iterator
from importlib import import_module
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
    schema = make_schema(layout)
    sink = Sink()
    with import_arrow(".parquet").ParquetWriter(sink, schema, compression="zstd") as writer:
        yield from write_tables(writer, sink, make_tables(layout, schema, batches))
    yield sink.take()


def write_arrow(layout: Layout, batches: Iterable[Batch]) -> Iterator[bytes]:
    """Yield an Arrow IPC stream."""
    schema = make_schema(layout)
    sink = Sink()
    with import_arrow(".ipc").new_stream(sink, schema) as writer:
        yield from write_tables(writer, sink, make_tables(layout, schema, batches))
    yield sink.take()


def write_tables(writer: Any, sink: Sink, tables: Iterable["pa.Table"]) -> Iterator[bytes]:
    """Yield what a writer makes of each table; no table is kept meanwhile, for a client may wait for half an hour."""
    for table in tables:
        writer.write_table(table)
        del table
        yield sink.take()


def import_arrow(module: str = "") -> Any:
    """Import pyarrow, or a module of it; an extra, which takes a while to load.

    It is to use the system's allocator: its own one keeps 10 MB more for an export that waits for its client.
    """
    os.environ.setdefault("ARROW_DEFAULT_MEMORY_POOL", "system")
    return import_module(f"pyarrow{module}")


def make_schema(layout: Layout) -> "pa.Schema":
    """Return the schema of these columns."""
    pa = import_arrow()
    types = {
        "string": pa.string(),
        "integer": pa.int64(),
        "number": pa.float64(),
        "boolean": pa.bool_(),
        "strings": pa.list_(pa.string()),
    }
    return pa.schema([(column.name, types[column.type]) for column in flatten_layout(layout)])


def make_tables(layout: Layout, schema: "pa.Schema", batches: Iterable[Batch]) -> Iterator["pa.Table"]:
    """Yield the rows as tables of about `GROUP` bytes, each of which becomes a row group or a record batch."""
    pa = import_arrow()
    tables: list[Any] = []
    size = 0
    for batch in filter(None, batches):
        columns = flatten_columns(layout, batch)
        arrays = [pa.array(values, type) for values, type in zip(columns, schema.types, strict=True)]
        tables.append(pa.Table.from_arrays(arrays, schema=schema))
        size += tables[-1].nbytes
        if size > GROUP:
            yield take_all(tables)
            size = 0
    if tables:
        yield take_all(tables)


def take_all(tables: list["pa.Table"]) -> "pa.Table":
    """Return these tables as one, and empty the list."""
    table = import_arrow().concat_tables(tables).combine_chunks()
    tables.clear()
    return table
