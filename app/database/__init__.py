"""The database: engines and transactions, revisions, and stored JSON by key.

Rows are read and written by SQLAlchemy Core, not by ORM sessions: those were measured to read 17 times slower.

To add a dialect:

1. Write a class that implements `Dialect` (dialect.py) in a module of its own, as sqlite.py and postgresql.py do.
2. Add its URL scheme to `dialect_of` (engine.py).

Machines that serve such a database keep a SQLite copy of it, as they do of one in PostgreSQL.
"""
