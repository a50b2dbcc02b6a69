"""Datasette over the same corpus: tables with their indexes, and full-text tables that its metadata names."""

import json
import shutil
import subprocess
from contextlib import AbstractContextManager
from pathlib import Path

import orjson

from tests.benchmarks.http.content import Content
from tests.benchmarks.http.servers import Server, ServerError, serving

RELEASE = "datasette==0.65.2"

# Where the full-text table isn't named, `_search` is ignored without a word.
METADATA = {
    "databases": {
        "corpus": {
            "tables": {
                "article": {"fts_table": "article_words", "fts_pk": "key", "size": 20},
                "entity": {"fts_table": "entity_words", "fts_pk": "rowid", "size": 20},
            }
        }
    }
}


def serve_datasette(tables: Path) -> AbstractContextManager[Server]:
    """Serve tables from an environment of its own. Raises `ServerError`."""
    run = ["uv", "tool", "run", "--quiet", "--from", RELEASE, "--with", "uvicorn[standard]", "datasette"]
    if not shutil.which("uv") or subprocess.run([*run, "--version"], capture_output=True, check=False).returncode:
        raise ServerError(f"{RELEASE} can't be had here")
    metadata = tables.with_name("metadata.json")
    metadata.write_text(json.dumps(METADATA), encoding="utf-8")
    # An immutable file is what Datasette reads fastest; its time limits would cut answers short.
    settings = {
        "default_page_size": "20",
        "suggest_facets": "off",
        "sql_time_limit_ms": "60000",
        "facet_time_limit_ms": "60000",
        "max_returned_rows": "1000",
    }
    options = [word for setting in settings.items() for word in ("--setting", *setting)]
    command = [*run, "serve", "--immutable", str(tables), "--metadata", str(metadata), *options, "--port"]
    return serving("Datasette", command, "/-/versions.json")


def read_datasette(body: bytes) -> Content:
    """Return what a response says; no total where it counts pairs instead of articles."""
    page = orjson.loads(body)
    facets = page.get("facet_results", {}).values()
    counts = {value["value"]: value["count"] for facet in facets for value in facet["results"]}
    total = None if counts else page.get("filtered_table_rows_count")
    return Content(total, [row["id"] for row in page["rows"] if "id" in row], counts)
