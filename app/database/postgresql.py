"""The PostgreSQL dialect."""

from collections.abc import Generator, Sequence
from threading import Event
from time import monotonic
from typing import Any

import psycopg
from psycopg.conninfo import conninfo_to_dict, make_conninfo, timeout_from_conninfo
from sqlalchemy import Connection, Engine, event
from sqlalchemy.engine import URL
from sqlmodel import create_engine

from app.database.dialect import LOCK_TIMEOUT_SECONDS, DatabaseError, Trouble, is_writing, quote_columns

OLDEST = 15
"""The oldest PostgreSQL that is supported: the oldest one that its makers still mend."""


TROUBLES = {
    "57P": Trouble("can't be reached", "its server is being stopped or started"),
    "53300": Trouble("can't be reached", "its server has too many connections already"),
    "53200": Trouble("can't be used at the moment", "its server has no memory left for it"),
    "53100": Trouble("has no room left on its disk", "make room and try again; nothing was changed"),
    "42501": Trouble("can't be written to", "the rights are missing"),
    "25006": Trouble("can't be written to", "it is a replica"),
    "55P03": Trouble("is locked", "another run is writing to it"),
    "58": Trouble(
        "can't be read or written at the moment",
        "its server reports an input/output error; look after its disk and try again",
    ),
    "XX00": Trouble(
        "is damaged",
        "look into its server's log; put back a backup, or make the database anew and seed again",
        is_damage=True,
    ),
}
"""By the beginning of the SQLSTATE (https://www.postgresql.org/docs/current/errcodes-appendix.html)."""

SILENCE = 3
"""For how many seconds a server may say nothing, unless its URL has another `connect_timeout`."""


class LimitedConnection(psycopg.Connection[Any]):
    """A connection that is given up where its server says nothing for too long.

    libpq has no time limit for reading, and the system of a server that is stopped acknowledges what it is sent. So
    psycopg's way to wait, which looks up from it ten times a second, is limited here.
    """

    patience: float
    """For how many seconds the server may say nothing."""
    stopping: Event
    """Once it is set, nothing waits any more."""
    is_limited = True
    """Whether the server must say something in time: what writes may rightly take long."""

    @classmethod
    def _connect_gen(cls, *args: Any, **kwargs: Any) -> Generator[Any, Any, Any]:
        """Connect; psycopg itself sees to the time limit."""
        return cls.watch(super()._connect_gen(*args, **kwargs), None)

    def wait(self, gen: Generator[Any, Any, Any], *args: Any, **kwargs: Any) -> Any:
        """Wait for what the generator does."""
        try:
            return super().wait(self.watch(gen, self.patience if self.is_limited else None), *args, **kwargs)
        except SilenceError:
            self.pgconn.finish()
            raise

    @classmethod
    def watch(cls, waiting: Generator[Any, Any, Any], patience: float | None) -> Generator[Any, Any, Any]:
        """Pass on what psycopg's generator waits for and what comes. Raises `SilenceError` when nothing comes."""
        try:
            wanted, since = next(waiting), monotonic()
            while True:
                if ready := (yield wanted):
                    since = monotonic()
                elif cls.stopping.is_set():
                    raise SilenceError("the service stops")
                elif patience and monotonic() - since > patience:
                    raise SilenceError(f"it has said nothing for {patience} seconds")
                wanted = waiting.send(ready)
        except StopIteration as end:
            return end.value


class SilenceError(psycopg.OperationalError):
    """A server has said nothing for too long."""


class PostgreSQL:
    """A server, or several of which any may answer (psycopg's and libpq's URLs)."""

    error: type[Exception] = psycopg.Error

    lock = 7_268_405_116_830_537_331
    """The advisory lock of whoever writes: a number that nobody else may be using."""

    defaults = {
        "connect_timeout": SILENCE,
        "application_name": "annotated-articles",
        # A machine that is gone says nothing: what it owes is given up on soon.
        "keepalives_idle": 5, "keepalives_interval": 2, "keepalives_count": 3,
        "tcp_user_timeout": LOCK_TIMEOUT_SECONDS * 1000,
    }  # fmt: skip

    def open(self, url: str, stopping: Event) -> Engine:
        """As `Dialect` says. Everything that libpq understands may stand in the URL."""
        told: dict[str, Any] = conninfo_to_dict("postgresql://" + url.partition("://")[2])
        name = URL.create("postgresql+psycopg", host=told.get("host"), database=told.get("dbname") or told.get("user"))
        given = {**self.defaults, **told}
        limits = {"patience": timeout_from_conninfo(given), "stopping": stopping}
        connection_class: type[LimitedConnection] = type("EngineConnection", (LimitedConnection,), limits)
        conninfo = make_conninfo(**given)
        engine = create_engine(name, creator=lambda: connection_class.connect(conninfo), pool_pre_ping=True)
        event.listen(engine, "connect", self.configure_connection, insert=True)
        event.listen(engine, "checkin", self.limit)
        return engine

    def configure_connection(self, connection: psycopg.Connection[Any], _record: object) -> None:
        """Times are in UTC. A server that would not do is refused before anything else is asked of it."""
        if connection.info.server_version < OLDEST * 10_000:
            version = connection.info.server_version // 10_000
            raise DatabaseError(f"The database's server is PostgreSQL {version}; it has to be {OLDEST} or newer.")
        encoding = connection.info.parameter_status("server_encoding")
        if encoding != "UTF8":
            raise DatabaseError(f"The database holds text in {encoding}; make one with the encoding UTF8.")
        connection.execute("SET TIME ZONE 'UTC'")
        connection.commit()

    def limit(self, connection: LimitedConnection | None, _record: object) -> None:
        """Let the server say something in time again, when a transaction is over."""
        if connection is not None:
            connection.is_limited = True

    def begin(self, connection: Connection) -> None:
        """A writer takes the one lock that all writers take; it ends with the transaction."""
        if is_writing(connection):
            connection.connection.driver_connection.is_limited = False  # type: ignore[union-attr]
            connection.exec_driver_sql(f"SET LOCAL lock_timeout = '{LOCK_TIMEOUT_SECONDS}s'")
            connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({self.lock})")
            connection.exec_driver_sql("SET LOCAL lock_timeout = 0")
        else:
            connection.exec_driver_sql("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")

    def add(self, connection: Connection, table: str, columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
        """By COPY."""
        cursor: Any = connection.connection.cursor()
        with cursor.copy(f"COPY {table} ({quote_columns(columns)}) FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)

    def explain_error(self, error: BaseException, _database: str | None) -> Trouble | None:
        """Return what its SQLSTATE means; where there is none, there is no connection."""
        code = getattr(error, "sqlstate", None)
        if code is None:
            reason = str(error).strip().partition("\n")[0].rpartition("failed: ")[2].removeprefix("FATAL:").strip(" .")
            return Trouble("can't be reached", reason) if isinstance(error, psycopg.OperationalError) else None
        return next((trouble for start, trouble in TROUBLES.items() if code.startswith(start)), None)
