"""JSON Lines: a JSON object a row."""

from collections.abc import Iterable, Iterator

import orjson

from app.export.tables import Batch, Layout, flatten_layout, flatten_rows


def write_json_lines(layout: Layout, batches: Iterable[Batch]) -> Iterator[bytes]:
    """Yield a line for each row."""
    names = [column.name for column in flatten_layout(layout)]
    for batch in batches:
        rows = flatten_rows(layout, batch)
        yield b"".join(
            [orjson.dumps(dict(zip(names, row, strict=True)), option=orjson.OPT_APPEND_NEWLINE) for row in rows]
        )
