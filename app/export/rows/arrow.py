"""Parquet and Arrow IPC streams, with typed columns. Needs the extra `parquet`."""

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

from app.export.archive import Sink
from app.export.tables import Batch, Column

if TYPE_CHECKING:
    import pyarrow as pa


def write_parquet(columns: Sequence[Column], batches: Iterable[Batch]) -> Iterator[bytes]:
    """Yield a Parquet file, a row group for each batch."""
    from pyarrow.parquet import ParquetWriter  # noqa: PLC0415  (An extra, which takes a while to load.)

    schema = make_schema(columns)
    sink = Sink()
    with ParquetWriter(sink, schema, compression="zstd") as writer:
        for batch in batches:
            writer.write_table(make_table(schema, batch))
            yield sink.take()
    yield sink.take()


def write_arrow(columns: Sequence[Column], batches: Iterable[Batch]) -> Iterator[bytes]:
    """Yield an Arrow IPC stream, a record batch for each batch."""
    from pyarrow import ipc  # noqa: PLC0415  (An extra, which takes a while to load.)

    schema = make_schema(columns)
    sink = Sink()
    with ipc.new_stream(sink, schema) as writer:
        for batch in batches:
            writer.write_table(make_table(schema, batch))
            yield sink.take()
    yield sink.take()


def make_schema(columns: Sequence[Column]) -> "pa.Schema":
    """Return the schema of these columns."""
    import pyarrow as pa  # noqa: PLC0415  (An extra, which takes a while to load.)

    types = {
        "string": pa.string(),
        "integer": pa.int64(),
        "number": pa.float64(),
        "boolean": pa.bool_(),
        "strings": pa.list_(pa.string()),
    }
    return pa.schema([(column.name, types[column.type]) for column in columns])


def make_table(schema: "pa.Schema", batch: Batch) -> Any:
    """Return the rows of a batch as a table."""
    import pyarrow as pa  # noqa: PLC0415  (An extra, which takes a while to load.)

    values = zip(*batch, strict=True) if batch else [()] * len(schema)
    arrays = [pa.array(column, field.type) for column, field in zip(values, schema, strict=True)]
    return pa.Table.from_arrays(arrays, schema=schema)
