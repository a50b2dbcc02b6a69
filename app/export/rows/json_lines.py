"""JSON Lines: a JSON object a row."""

from collections.abc import Iterable, Iterator, Sequence

import orjson

from app.export.tables import Batch, Column


def write_json_lines(columns: Sequence[Column], batches: Iterable[Batch]) -> Iterator[bytes]:
    """Yield a line for each row."""
    names = [column.name for column in columns]
    for batch in batches:
        yield b"".join(
            [orjson.dumps(dict(zip(names, row, strict=True)), option=orjson.OPT_APPEND_NEWLINE) for row in batch]
        )
