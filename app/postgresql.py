"""The manners of PostgreSQL."""

from collections.abc import Sequence
from typing import Any

import psycopg
from psycopg.conninfo import conninfo_to_dict, make_conninfo
from sqlalchemy import Connection, Engine, event
from sqlalchemy.engine import URL
from sqlmodel import create_engine

from app.manners import PATIENCE, DatabaseError, is_writing, quoted

OLDEST = 15
"""The oldest PostgreSQL that is supported: the oldest one that its makers still mend."""


class PostgreSQL:
    """A server, or several of which any may answer (psycopg's and libpq's URLs)."""

    error: type[Exception] = psycopg.Error

    lock = 7_268_405_116_830_537_331
    """The advisory lock of whoever writes: a number that nobody else may be using."""

    troubles = {
        "57P": "can't be reached: its server is being stopped or started",
        "42501": "can't be written to: the rights are missing",
        "25006": "can't be written to: it is a replica",
        "53100": "has no room left on its disk; nothing was changed",
        "55P03": "is locked: another run is writing to it",
    }
    """By the beginning of its SQLSTATE."""

    defaults = {
        "connect_timeout": PATIENCE,
        "application_name": "annotated-articles",
        # A machine that is gone says nothing: what it owes is given up on soon.
        "keepalives_idle": 5, "keepalives_interval": 2, "keepalives_count": 3, "tcp_user_timeout": PATIENCE * 1000,
    }  # fmt: skip

    def open(self, url: str) -> Engine:
        """As `Manners` says. Everything that libpq understands may stand in the URL."""
        told: dict[str, Any] = conninfo_to_dict("postgresql://" + url.partition("://")[2])
        name = URL.create("postgresql+psycopg", host=told.get("host"), database=told.get("dbname") or told.get("user"))
        given = make_conninfo(**{**self.defaults, **told})
        engine = create_engine(name, creator=lambda: psycopg.connect(given), pool_pre_ping=True)
        event.listen(engine, "connect", self.teach, insert=True)
        return engine

    def teach(self, connection: psycopg.Connection[Any], _record: object) -> None:
        """Times are in UTC. A server that would not do is refused before anything else is asked of it."""
        if connection.info.server_version < OLDEST * 10_000:
            version = connection.info.server_version // 10_000
            raise DatabaseError(f"The database's server is PostgreSQL {version}; it has to be {OLDEST} or newer.")
        encoding = connection.info.parameter_status("server_encoding")
        if encoding != "UTF8":
            raise DatabaseError(f"The database holds text in {encoding}; make one with the encoding UTF8.")
        connection.execute("SET TIME ZONE 'UTC'")
        connection.commit()

    def begin(self, connection: Connection) -> None:
        """A writer takes the one lock that all writers take; it ends with the transaction."""
        if is_writing(connection):
            connection.exec_driver_sql(f"SET LOCAL lock_timeout = '{PATIENCE}s'")
            connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({self.lock})")
            connection.exec_driver_sql("SET LOCAL lock_timeout = 0")
        else:
            connection.exec_driver_sql("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")

    def add(self, connection: Connection, table: str, columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
        """By COPY."""
        cursor: Any = connection.connection.cursor()
        with cursor.copy(f"COPY {table} ({quoted(columns)}) FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)

    def trouble(self, error: BaseException) -> str | None:
        """By its SQLSTATE; where there is none, there is no connection."""
        code = getattr(error, "sqlstate", None)
        if code is None:
            reason = str(error).strip().partition("\n")[0].rpartition("failed: ")[2].removeprefix("FATAL:").strip(" .")
            return f"can't be reached: {reason}" if isinstance(error, psycopg.OperationalError) else None
        return next((said for start, said in self.troubles.items() if code.startswith(start)), None)
