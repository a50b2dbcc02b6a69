"""Groonga over the same corpus, by groonga-httpd (Debian: groonga-bin, groonga-httpd, groonga-token-filter-stem)."""

import shutil
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import AbstractContextManager, closing
from pathlib import Path

import orjson

from tests.benchmarks.http.content import Content
from tests.benchmarks.http.servers import Server, ServerError, serving

SCHEMA = """
plugin_register token_filters/stem
table_create Tags TABLE_HASH_KEY ShortText
table_create Entities TABLE_HASH_KEY ShortText
column_create Entities name COLUMN_SCALAR ShortText
column_create Entities type COLUMN_SCALAR ShortText
column_create Entities articles COLUMN_SCALAR UInt32
table_create Articles TABLE_HASH_KEY ShortText
column_create Articles title COLUMN_SCALAR ShortText
column_create Articles source COLUMN_SCALAR ShortText
column_create Articles language COLUMN_SCALAR ShortText
column_create Articles published_at COLUMN_SCALAR Time
column_create Articles lead COLUMN_SCALAR Text
column_create Articles text COLUMN_SCALAR LongText
column_create Articles tags COLUMN_VECTOR Tags
column_create Articles entities COLUMN_VECTOR Entities
table_create Words TABLE_PAT_KEY ShortText --default_tokenizer TokenBigram --normalizer NormalizerAuto \
--token_filters TokenFilterStem
column_create Words articles_text COLUMN_INDEX|WITH_POSITION Articles text
table_create NameWords TABLE_PAT_KEY ShortText --default_tokenizer TokenDelimit --normalizer NormalizerAuto
column_create NameWords entities_name COLUMN_INDEX|WITH_POSITION Entities name
column_create Tags articles_tags COLUMN_INDEX Articles tags
column_create Entities articles_entities COLUMN_INDEX Articles entities
"""

CONFIGURATION = """
daemon off; master_process off; worker_processes 1; pid {folder}/pid; error_log {folder}/error.log;
events {{ worker_connections 64; }}
http {{
  access_log off; keepalive_requests 1000000000; groonga_cache_limit 0;
  client_body_temp_path {folder}; proxy_temp_path {folder}; fastcgi_temp_path {folder}; uwsgi_temp_path {folder};
  scgi_temp_path {folder};
  server {{
    listen 127.0.0.1:PORT;
    location /d/ {{ groonga_database {folder}/db; groonga on; groonga_log_path off; groonga_query_log_path off; }}
  }}
}}
"""

ENTITIES = "SELECT json_object('_key', id, 'name', name, 'type', type, 'articles', articles) FROM entity ORDER BY rowid"
ARTICLES = """
SELECT json_object('_key', id, 'title', title, 'source', source, 'language', language, 'lead', lead, 'text', text,
    'published_at', unixepoch(published_at), 'tags', json(tags),
    'entities', (SELECT json_group_array(entity) FROM article_entity WHERE article = key))
FROM article ORDER BY key
"""


def load_tables(tables: Path) -> Path:
    """Load tables into a groonga database, unless that was done before; return its folder."""
    folder = tables.with_name("groonga")
    if not folder.exists():
        # A run that is interrupted leaves no half of a database to the next.
        unfinished = folder.with_name("unfinished-groonga")
        shutil.rmtree(unfinished, ignore_errors=True)
        unfinished.mkdir(parents=True)
        command = ["groonga", "-n", str(unfinished / "db")]
        with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True) as process:
            assert process.stdin
            process.stdin.writelines(write_commands(tables))
        if process.returncode:
            raise ServerError(f"groonga ended with status {process.returncode} instead of loading")
        unfinished.rename(folder)
    return folder


def write_commands(tables: Path) -> Iterator[str]:
    """Yield the commands of groonga that make the schema and load all rows."""
    yield SCHEMA
    with closing(sqlite3.connect(f"{tables.as_uri()}?mode=ro", uri=True)) as connection:
        for table, query in (("Entities", ENTITIES), ("Articles", ARTICLES)):
            yield f"load --table {table}\n["
            separator = ""
            for (row,) in connection.execute(query):
                yield f"{separator}{row}\n"
                separator = ","
            yield "]\n"


def serve_groonga(tables: Path) -> AbstractContextManager[Server]:
    """Serve the corpus of these tables. Raises `ServerError`."""
    if not (shutil.which("groonga") and shutil.which("groonga-httpd")):
        raise ServerError("groonga and groonga-httpd can't be had here")
    folder = load_tables(tables)
    (folder / "template").write_text(CONFIGURATION.format(folder=folder), encoding="utf-8")
    start = 'cd "$1" && sed "s/PORT/$2/" template > configuration && exec groonga-httpd -p "$1" -c "$1/configuration"'
    return serving("groonga", ["sh", "-c", start, "sh", str(folder)], "/d/status")


def read_groonga(body: bytes) -> Content:
    """Return what a response says."""
    _, (((total,), _columns, *rows), *drilldowns) = orjson.loads(body)
    counts = {value: count for _number, _columns, *values in drilldowns for value, count in values}
    return Content(total, [row[0] for row in rows], counts)
