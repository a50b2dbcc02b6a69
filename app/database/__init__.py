"""The database: engines, transactions, migrations and dialects; stored JSON by key.

Rows are written and read by SQLAlchemy Core: ORM sessions read 17 times slower.

To add a dialect, write its class in a new file `network_sqlite.py`. This one is for a network file system with working
locks, where SQLite can't share the memory that WAL needs:

    import sqlite3
    from threading import Event

    from sqlalchemy import Engine

    from app.database.sqlite import SQLite


    class NetworkSQLite(SQLite):
        '''One file on a network file system, of which each machine keeps a local copy.'''

        is_local = False

        def open(self, url: str, stopping: Event) -> Engine:
            '''Return an engine for a URL like `network:////share/articles.db`.'''
            return super().open("sqlite" + url.removeprefix("network"), stopping)

        def set_journal_mode(self, connection: sqlite3.Connection) -> None:
            '''Use a rollback journal, which needs no shared memory.'''
            connection.execute("PRAGMA journal_mode = DELETE")

and add its URL scheme to `DIALECTS` in `engine.py`:

    "network": "app.database.network_sqlite:NetworkSQLite",

A dialect for another server implements all of `Dialect` (dialect.py), as `PostgreSQL` does (postgresql.py).
"""
