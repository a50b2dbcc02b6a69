"""The PostgreSQL dialect: a server, reached by psycopg, that must respond in time."""

from collections.abc import Generator, Sequence
from threading import Event
from time import monotonic
from typing import Any

import psycopg
from psycopg.conninfo import conninfo_to_dict, make_conninfo, timeout_from_conninfo
from sqlalchemy import Connection, Engine, event
from sqlalchemy.engine import URL
from sqlmodel import create_engine

from app.database.dialect import LOCK_TIMEOUT_SECONDS, Dialect, is_writing, quote_columns
from app.database.errors import DatabaseError, Diagnosis

MIN_VERSION = 15
"""The oldest major version of PostgreSQL whose developers still fix it."""

RESPONSE_TIMEOUT_SECONDS = 3
"""How long a server may be silent, unless its URL sets another `connect_timeout`."""

WRITE_LOCK = 7_268_405_116_830_537_331
"""The key of the advisory lock of whoever writes: a random number, which no other program is likely to use."""

DIAGNOSES = {
    "57P": Diagnosis("can't be reached", "its server is being stopped or started"),
    "53300": Diagnosis("can't be reached", "its server has too many connections already"),
    "53200": Diagnosis("can't be used at the moment", "its server has no memory left for it"),
    "53100": Diagnosis("has no room left on its disk", "make room and try again; nothing was changed"),
    "42501": Diagnosis("can't be written to", "the rights are missing"),
    "25006": Diagnosis("can't be written to", "it is a replica"),
    "55P03": Diagnosis("is locked", "another run is writing to it"),
    "58": Diagnosis(
        "can't be read or written at the moment",
        "its server reports an input/output error; check its disk and try again",
    ),
    "XX00": Diagnosis(
        "is damaged",
        "read its server's log; restore a backup, or create the database again and seed it",
        is_damage=True,
    ),
}
"""The diagnosis by the beginning of the SQLSTATE (https://www.postgresql.org/docs/current/errcodes-appendix.html)."""


class ResponseTimeoutError(psycopg.OperationalError):
    """A server was silent for too long, or the service stops."""


class TimeoutConnection(psycopg.Connection[Any]):
    """A connection that fails if the server is silent for too long.

    libpq has no time limit for reading, and the operating system of a stopped server still acknowledges what arrives.
    psycopg waits in a generator that it resumes ten times a second: the limit is kept there.
    """

    response_timeout: float
    """How many seconds the server may be silent."""
    stopping: Event
    """Once it is set, nothing waits any more."""
    has_timeout = True
    """Whether the limit applies: a statement of a writer may take any time."""

    @classmethod
    def _connect_gen(cls, *args: Any, **kwargs: Any) -> Generator[Any, Any, Any]:
        """Connect; psycopg itself keeps `connect_timeout`."""
        return cls.limit_silence(super()._connect_gen(*args, **kwargs), None)

    def wait(self, gen: Generator[Any, Any, Any], *args: Any, **kwargs: Any) -> Any:
        """Wait for what the generator does. Raises `ResponseTimeoutError`."""
        try:
            return super().wait(
                self.limit_silence(gen, self.response_timeout if self.has_timeout else None), *args, **kwargs
            )
        except ResponseTimeoutError:
            self.pgconn.finish()
            raise

    @classmethod
    def limit_silence(cls, waiting: Generator[Any, Any, Any], timeout: float | None) -> Generator[Any, Any, Any]:
        """Pass on what psycopg's generator waits for and what arrives. Raises `ResponseTimeoutError`."""
        try:
            awaited, last_response = next(waiting), monotonic()
            while True:
                if ready := (yield awaited):
                    last_response = monotonic()
                elif cls.stopping.is_set():
                    raise ResponseTimeoutError("the service stops")
                elif timeout and monotonic() - last_response > timeout:
                    raise ResponseTimeoutError(f"its server did not respond for {timeout} seconds")
                awaited = waiting.send(ready)
        except StopIteration as end:
            return end.value


class PostgreSQL(Dialect):
    """A server, or several of which any may answer."""

    error = psycopg.Error

    is_local = False

    defaults = {
        "connect_timeout": RESPONSE_TIMEOUT_SECONDS,
        "application_name": "annotated-articles",
        # A connection to a machine that is gone is given up after 5 + 3 * 2 seconds.
        "keepalives_idle": 5,
        "keepalives_interval": 2,
        "keepalives_count": 3,
        "tcp_user_timeout": LOCK_TIMEOUT_SECONDS * 1000,
    }

    def open(self, url: str, stopping: Event) -> Engine:
        """Return an engine for a libpq URL, which may name several hosts and any parameter of libpq."""
        parameters: dict[str, Any] = conninfo_to_dict("postgresql://" + url.partition("://")[2])
        database = parameters.get("dbname") or parameters.get("user")
        public_url = URL.create("postgresql+psycopg", host=parameters.get("host"), database=database)
        parameters = {**self.defaults, **parameters}
        limits = {"response_timeout": timeout_from_conninfo(parameters), "stopping": stopping}
        connection_class: type[TimeoutConnection] = type("EngineConnection", (TimeoutConnection,), limits)
        conninfo = make_conninfo(**parameters)
        engine = create_engine(public_url, creator=lambda: connection_class.connect(conninfo), pool_pre_ping=True)
        event.listen(engine, "connect", self.configure_connection, insert=True)
        event.listen(engine, "checkin", self.restore_timeout)
        return engine

    def prepare(self, engine: Engine) -> None:
        """Do nothing: the database was created on the server."""

    def configure_connection(self, connection: psycopg.Connection[Any], _record: object) -> None:
        """Refuse a server that is too old or not in UTF-8, and set the time zone. Raises `DatabaseError`."""
        if connection.info.server_version < MIN_VERSION * 10_000:
            version = connection.info.server_version // 10_000
            raise DatabaseError(f"The database's server is PostgreSQL {version}; it has to be {MIN_VERSION} or newer.")
        encoding = connection.info.parameter_status("server_encoding")
        if encoding != "UTF8":
            raise DatabaseError(f"The database holds text in {encoding}; create one with the encoding UTF8.")
        connection.execute("SET TIME ZONE 'UTC'")
        connection.commit()

    def restore_timeout(self, connection: TimeoutConnection | None, _record: object) -> None:
        """Let the time limit apply again once a writer's transaction is over."""
        if connection is not None:
            connection.has_timeout = True

    def begin(self, connection: Connection) -> None:
        """Begin a transaction; a writer takes the advisory lock of all writers, which ends with the transaction."""
        if is_writing(connection):
            connection.connection.driver_connection.has_timeout = False  # type: ignore[union-attr]
            connection.exec_driver_sql(f"SET LOCAL lock_timeout = '{LOCK_TIMEOUT_SECONDS}s'")
            connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({WRITE_LOCK})")
            connection.exec_driver_sql("SET LOCAL lock_timeout = 0")
        else:
            connection.exec_driver_sql("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")

    def insert(self, connection: Connection, table: str, columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
        """Insert rows by COPY."""
        cursor: Any = connection.connection.cursor()
        with cursor.copy(f"COPY {table} ({quote_columns(columns)}) FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)

    def diagnose(self, error: BaseException, _database: str | None) -> Diagnosis | None:
        """Return what the error's SQLSTATE means; an operational error without one means that there is no connection.

        libpq reports those as `connection to server at "..." failed: FATAL:  reason`.
        """
        code = getattr(error, "sqlstate", None)
        if code is None:
            reason = str(error).strip().partition("\n")[0].rpartition("failed: ")[2].removeprefix("FATAL:").strip(" .")
            return Diagnosis("can't be reached", reason) if isinstance(error, psycopg.OperationalError) else None
        return next((diagnosis for start, diagnosis in DIAGNOSES.items() if code.startswith(start)), None)
